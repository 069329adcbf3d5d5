import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { Environment } from "../../stacks";
import { ResourceSchemas } from "./resource-schema";
import { CoveredStack, forProvider } from "./stack-copies";
import { StackJson, synthesizeToJson } from "./stack-json";
import { Change, Outcome, Terraform } from "./terraform";
import { Verdicts } from "./verdicts";

/** What every check works with. */
export interface Bench {
  readonly folder: string;
  readonly terraform: Terraform;
  readonly verdicts: Verdicts;
  /** The provider's version. */
  readonly version: string;
  /** What the provider knows, if it is older than the stacks ask for. */
  readonly schemas: ResourceSchemas | undefined;
}

/** Stacks of environments, as they are for the provider that is at hand. */
export function coveredStacks(bench: Bench, environments: readonly Environment[]): CoveredStack[] {
  const stacks = synthesizeToJson(environments, mkdtempSync(join(bench.folder, "synth-")));
  return stacks.map((json) => forProvider(json, bench.version, bench.schemas));
}

/** The stack of one environment, for the provider that is at hand. */
export function coveredStack(bench: Bench, environment: Environment): StackJson {
  return coveredStacks(bench, [environment])[0]!.json;
}

/** Reports a check as ok with what it returns, or as failed with what it throws; whether it was ok. */
export async function attempt(
  { verdicts }: Bench,
  subject: string,
  check: string,
  run: () => Promise<string>,
): Promise<boolean> {
  try {
    verdicts.report("ok", subject, check, await run());
    return true;
  } catch (error) {
    verdicts.report("FAILED", subject, check, error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Nothing has gone wrong. */
export function assertSucceeded(outcome: Outcome, what: string): void {
  assert.ok(outcome.status === 0 || outcome.status === 2, `${what}: ${failureOf(outcome)}`);
  assert.deepEqual(outcome.errors, [], what);
}

/** Terraform said why it could not go on. */
export function assertFailed(outcome: Outcome, reason: RegExp): void {
  assert.equal(outcome.status, 1, `it went on: ${JSON.stringify(outcome.changes)}`);
  assert.match(outcome.errors.join("\n"), reason);
}

/** There is nothing to do. */
export function assertEmpty(outcome: Outcome, what: string): void {
  assert.deepEqual(outcome.changes, [], what);
  assert.equal(outcome.status, 0, `${what}: ${failureOf(outcome)}`);
}

/** How many resources of each type there are among addresses. */
export function countByType(addresses: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const type of addresses.map((address) => address.split(".")[0]!).sort()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** The addresses with which an action is done. */
export function addressesWith(changes: readonly Change[], action: string): string[] {
  return changes
    .filter((change) => change.action === action)
    .map(({ address }) => address)
    .sort();
}

/** The counts of types in words. */
export function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([type, count]) => `${count} ${type}`)
    .join(", ");
}

function failureOf({ errors, stderr, status }: Outcome): string {
  return [`exit code ${status}`, ...errors, stderr].join("\n");
}
