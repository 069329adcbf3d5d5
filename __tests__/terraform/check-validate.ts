import assert from "node:assert/strict";
import { attempt, Bench } from "./bench";
import { NewerPart } from "./newer-parts";
import { problemsWith, schemaOf619 } from "./resource-schema";
import { CoveredStack } from "./stack-copies";
import { StackJson } from "./stack-json";

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string; readonly detail?: string }[];
}

/** `terraform validate`; what the provider is too old for is checked against the schema of 6.19.0. */
export async function checkValidate(bench: Bench, name: string, { json, removed }: CoveredStack): Promise<void> {
  for (const part of removed) reportUncovered(bench, name, part);
  await attempt(bench, name, "validate", async () => {
    await assertValid(bench, json);
    return `provider ${bench.version}`;
  });
}

/** The provider finds nothing wrong with a stack, and nothing to warn of. */
export async function assertValid(bench: Bench, json: StackJson): Promise<void> {
  assert.deepEqual(await validate(bench, bench.terraform.newFolder(json)), []);
}

/** What the provider finds wrong with a folder's configuration, and what it warns of. */
export async function validate(bench: Bench, folder: string): Promise<string[]> {
  const { stdout, stderr } = await bench.terraform.run(folder, ["validate", "-json"]);
  assert.ok(stdout.startsWith("{"), stderr);
  const { valid, diagnostics } = JSON.parse(stdout) as Validation;
  const lines = diagnostics.map(({ severity, summary, detail = "" }) => `${severity}: ${summary} ${detail}`);
  assert.equal(valid, lines.length === 0);
  return lines;
}

function reportUncovered({ verdicts, version }: Bench, name: string, part: NewerPart): void {
  const problems = problemsWith(schemaOf619(part.type), part.name, part.value);
  const instead = part.replacedBy === undefined ? "left out" : `replaced by ${part.replacedBy}`;
  const verdict = problems.length === 0 ? "the schema of 6.19.0 has it" : problems.join(", ");
  const text = `${part.address} ${part.name}: provider ${version} lacks it, ${instead}; ${verdict}`;
  verdicts.report(problems.length === 0 ? "NOT COVERED" : "FAILED", name, "validate", text);
}
