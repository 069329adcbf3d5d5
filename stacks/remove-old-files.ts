import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Environment } from "./environment";
import { regionalEnvironments } from "./environment-regions";

/** The files of a stack in the two syntaxes. Terraform would read both. */
const STACK_FILES: readonly (readonly string[])[] = [["cdk.tf.json"], ["cdk.tf", "metadata.json"]];

/**
 * Removes the stacks that no environment describes any more from an output folder, as `cdktf synth` does. Everything in
 * the folder must come from these environments. A folder without a stack's file is left as it is.
 */
export function removeOldStacks(outdir: string, environments: readonly Environment[]): void {
  const names = environments.flatMap(regionalEnvironments).map(({ name }) => name);
  const stacks = join(outdir, "stacks");
  if (!existsSync(stacks)) return;
  for (const entry of readdirSync(stacks, { withFileTypes: true })) {
    const folder = join(stacks, entry.name);
    const isStack = entry.isDirectory() && STACK_FILES.some(([file]) => existsSync(join(folder, file!)));
    if (isStack && !names.includes(entry.name)) rmSync(folder, { recursive: true });
  }
}

/** Removes what an earlier synthesis wrote of a stack in the other syntax. */
export function removeOtherSyntax(file: string): void {
  const others = STACK_FILES.filter((files) => !files.includes(basename(file)));
  for (const other of others.flat()) rmSync(join(dirname(file), other), { force: true });
}
