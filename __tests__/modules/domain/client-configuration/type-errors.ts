import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * What a compiler of CEL with Kubernetes' rule for literals has against expressions; "" for those that compile. It
 * runs in a process of its own, because it is an ECMAScript module.
 */
export function typeErrors(expressions: readonly string[]): string[] {
  const input = JSON.stringify(expressions);
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, "check-types.mjs")], { input });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as string[];
}
