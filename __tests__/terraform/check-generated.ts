import assert from "node:assert/strict";
import fc from "fast-check";
import { isError } from "../../modules";
import { checkEnvironment, Environment } from "../../stacks";
import { environments } from "../helpers/generated-environments";
import { attempt, Bench, countByType, coveredStacks } from "./bench";
import { assertValid } from "./check-validate";
import { problemsWith, schemaOf619 } from "./resource-schema";
import { CoveredStack } from "./stack-copies";
import { addressesOf, StackJson } from "./stack-json";

const SEED = 20_261_124;
const SAMPLED = 600;
/** Fewer would mean that the generator mostly makes what is refused. */
const LEAST_ACCEPTED = 300;
/** Terraform's graph grows faster than the number of resources: some modules of this size are quicker than one. */
const STACKS_A_MODULE = 50;

/** The environments that are accepted out of many that are generated, in batches that become one module each. */
export function generatedBatches(): Environment[][] {
  const generated = fc.sample(environments, { seed: SEED, numRuns: SAMPLED });
  const accepted = generated
    .map((environment, index) => ({ ...environment, name: `generated-${index}` }))
    .map((environment) => ({ ...environment, backend: { type: "local" as const } }))
    .filter((environment) => !checkEnvironment(environment).some(isError));
  assert.ok(accepted.length >= LEAST_ACCEPTED, `only ${accepted.length} of ${SAMPLED} environments are accepted`);
  const starts = Array.from(
    { length: Math.ceil(accepted.length / STACKS_A_MODULE) },
    (_, batch) => batch * STACKS_A_MODULE,
  );
  return starts.map((start) => accepted.slice(start, start + STACKS_A_MODULE));
}

/** What is accepted is valid for the provider; what that is too old for is checked against the schema of 6.19.0. */
export async function checkGenerated(bench: Bench, batch: number, accepted: readonly Environment[]): Promise<void> {
  const subject = `generated environments ${batch + 1}`;
  await attempt(bench, subject, "validate", async () => {
    const stacks = coveredStacks(bench, accepted);
    const uncovered = assertUncoveredIsKnown(stacks);
    for (const text of uncovered) bench.verdicts.report("NOT COVERED", subject, "validate", text);
    const module = inOneModule(stacks.map(({ json }) => json));
    await assertValid(bench, module);
    return `${stacks.length} stacks with ${addressesOf(module).length} resources of seed ${SEED}`;
  });
}

/** What was taken out, in counts, after the newer schema has been asked about each. */
function assertUncoveredIsKnown(stacks: readonly CoveredStack[]): string[] {
  const removed = stacks.flatMap((stack) => stack.removed);
  const problems = removed.flatMap(({ type, name, value }) => problemsWith(schemaOf619(type), name, value));
  assert.deepEqual(problems, []);
  const counts = countByType(removed.map(({ type, name }) => `${type}, ${name}`));
  return Object.entries(counts).map(([what, count]) => `${count} times ${what}; the schema of 6.19.0 has it`);
}

/** Many stacks as one module: each stack's number stands in its names, and where they are referred to. */
function inOneModule(stacks: readonly StackJson[]): StackJson {
  const renamed = stacks.map((stack, index) => rename(stack, `s${index}_`));
  const [first] = renamed as [StackJson];
  return {
    terraform: { required_providers: first.terraform.required_providers },
    provider: { aws: [{ region: "us-east-1" }] },
    resource: merged(renamed.map(({ resource }) => resource)),
    variable: Object.assign({}, ...renamed.map(({ variable }) => variable)) as StackJson["variable"],
    output: Object.assign({}, ...renamed.map(({ output }) => output)) as StackJson["output"],
    import: renamed.flatMap((stack) => stack.import ?? []),
  };
}

function rename(stack: StackJson, start: string): StackJson {
  const names = new Set(addressesOf(stack));
  const { resource, variable = {}, output = {}, import: imports } = stack;
  const text = JSON.stringify({ resource, variable, output, import: imports })
    .replace(/\b(aws_[a-z_]+)\.([A-Za-z0-9_-]+)/g, (whole, type: string, name: string) => {
      return names.has(`${type}.${name}`) ? `${type}.${start}${name}` : whole;
    })
    .replace(/\bvar\.([A-Za-z0-9_]+)/g, (whole, name: string) => (name in variable ? `var.${start}${name}` : whole));
  const copy = JSON.parse(text) as StackJson;
  const prefixed = (byName: object = {}) =>
    Object.fromEntries(Object.entries(byName).map(([name, one]) => [start + name, one as unknown]));
  return {
    ...stack,
    ...copy,
    resource: Object.fromEntries(Object.entries(copy.resource).map(([type, byName]) => [type, prefixed(byName)])),
    variable: prefixed(copy.variable),
    output: prefixed(copy.output),
  } as StackJson;
}

function merged(resources: readonly StackJson["resource"][]): StackJson["resource"] {
  const types = [...new Set(resources.flatMap((resource) => Object.keys(resource)))];
  return Object.fromEntries(
    types.map((type) => [
      type,
      Object.assign({}, ...resources.map((resource) => resource[type])) as StackJson["resource"][string],
    ]),
  );
}
