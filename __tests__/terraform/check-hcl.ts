import assert from "node:assert/strict";
import { Environment, withStacks } from "../../stacks";
import {
  formatConfiguration,
  ModuleFiles,
  readStack,
  StackConfiguration,
  toChildModule,
  toRootModule,
} from "../../stacks/export";
import { StackBlockTypes } from "../../stacks/export/block-types";
import { TerraformJson } from "../../stacks/export/terraform-json";
import { attempt, Bench } from "./bench";
import { NO_NETWORK, OFFLINE_SETTINGS } from "./check-plan";
import { validate } from "./check-validate";
import { Sample } from "./samples";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson, variableValues } from "./stack-json";

/** Where a module is written, and where its stack would be. */
export const MODULE_FOLDERS = { stack: "/project/cdktf.out/stacks/one", module: "/project/terraform" };

/** What a plan would make, as `terraform show -json` tells it. */
interface PlannedValues {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[]; readonly after: unknown; readonly after_unknown: unknown };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly after?: unknown; readonly after_unknown: unknown }>>;
}

/** What a stack is written as. The plan from JSON is what the others must come to. */
const FORMS = ["json", "one-file", "called"] as const;
type Form = (typeof FORMS)[number];

/**
 * What is written in HCL: `terraform fmt` would change nothing, `validate` finds nothing, and the plan is the one from the
 * JSON, for one file as `cdktf synth --hcl` writes it and for the module that another configuration calls. All are modules
 * of one configuration: the provider starts once, without credentials or network.
 */
export async function checkHcl(bench: Bench, samples: readonly Sample[], stacks: readonly StackJson[]): Promise<void> {
  const { terraform } = bench;
  const folder = terraform.newFolderOf(allForms(samples, stacks));
  const found = await attemptAll(samples, bench, async () => {
    const got = await terraform.run(folder, ["get"]);
    assert.equal(got.status, 0, got.stderr);
    assert.deepEqual(await validate(bench, folder), []);
    const values = Object.assign({}, ...stacks.map(variableValues)) as NodeJS.ProcessEnv;
    const plan = await terraform.plan(folder, { ...values, ...NO_NETWORK });
    assert.deepEqual(plan.errors, []);
    return readPlan(bench, folder);
  });
  if (found === undefined) return;
  for (const [index, { environment }] of samples.entries()) {
    await attempt(bench, environment.name, "HCL", async () => {
      const root = toRootModule(configuration(stacks[index]!, blockTypes(environment)), MODULE_FOLDERS);
      await assertFormatted(bench, terraform.newFolderOf(root));
      const [json, oneFile, called] = FORMS.map((form) => inModule(found, moduleName(environment, form)));
      assert.deepEqual(Object.keys(json!.resources).sort(), addressesOf(stacks[index]!));
      assert.deepEqual(oneFile, json, "the plan of one file");
      assert.deepEqual(called, json, "the plan of the module that is called");
      return `${Object.keys(root).length} files of a root module, one file, and a module that is called: plans as from JSON`;
    });
  }
}

/** Runs what is about all samples; if it fails, it fails for each. */
async function attemptAll<T>(samples: readonly Sample[], bench: Bench, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const { environment } of samples) bench.verdicts.report("FAILED", environment.name, "HCL", reason);
    return undefined;
  }
}

function moduleName({ name }: Environment, form: Form): string {
  return `${name}_${form}`;
}

/** A configuration that has every stack in every form. */
function allForms(samples: readonly Sample[], stacks: readonly StackJson[]): ModuleFiles {
  const modules = samples.flatMap(({ environment }, index) => {
    const { provider: _provider, ...json } = withLocalState(stacks[index]!, {});
    const stack = configuration(json as StackJson, blockTypes(environment));
    const files: Readonly<Record<Form, ModuleFiles>> = {
      json: { "cdk.tf.json": JSON.stringify(json) },
      "one-file": { "cdk.tf": formatConfiguration(stack) },
      called: withoutLowerBound(toChildModule(stack, environment).files),
    };
    const { accountId: account_id, region } = environment;
    return FORMS.map((form) => {
      const name = moduleName(environment, form);
      const variables = { ...variablesOf(json.variable), ...(form === "called" && { account_id, region }) };
      return { name, call: { source: `./${name}`, ...variables }, files: files[form] };
    });
  });
  const [{ terraform, provider }] = stacks.map((json) => withLocalState(json, OFFLINE_SETTINGS)) as [StackJson];
  const root = {
    terraform,
    provider,
    variable: Object.assign({}, ...stacks.map(({ variable }) => variable)) as object,
    module: Object.fromEntries(modules.map(({ name, call }) => [name, call])),
    output: Object.fromEntries(modules.map(({ name }) => [name, { value: `\${module.${name}}` }])),
  };
  const files = modules.flatMap((module) =>
    Object.entries(module.files).map(([file, text]) => [`${module.name}/${file}`, text]),
  );
  return { ...(Object.fromEntries(files) as ModuleFiles), "main.tf.json": JSON.stringify(root) };
}

/** Which arguments of an environment's resources are blocks. */
export function blockTypes(environment: Environment): StackBlockTypes {
  return withStacks([environment], ([built]) => readStack(built!.stack).types);
}

export function configuration(json: StackJson, types: StackBlockTypes): StackConfiguration {
  return { json: json as unknown as TerraformJson, types };
}

/** A configuration that calls a stack as the module `registry`. */
export function callerOf(stack: StackConfiguration, environment: Environment): ModuleFiles {
  const { terraform, provider, variable } = stack.json as unknown as StackJson;
  const { accountId: account_id, region } = environment;
  const call = { source: "./registry", account_id, region, ...variablesOf(variable) };
  const root = { terraform, provider, ...(variable && { variable }), module: { registry: call } };
  const files = Object.entries(withoutLowerBound(toChildModule(stack, environment).files));
  const inFolder = Object.fromEntries(files.map(([name, text]) => [`registry/${name}`, text])) as ModuleFiles;
  return { ...inFolder, "main.tf.json": JSON.stringify(root) };
}

/** What passes a caller's variables on. */
function variablesOf(variable: StackJson["variable"] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(variable).map((name) => [name, `\${var.${name}}`]));
}

/** The provider of a mirror is the one that is there, older than what the module asks for. */
function withoutLowerBound({ "versions.tf": versions, ...files }: ModuleFiles): ModuleFiles {
  return { ...files, "versions.tf": versions!.replace(/version = ">= [\d.]+"/, 'version = ">= 0"') };
}

async function assertFormatted({ terraform }: Bench, folder: string): Promise<void> {
  const { status, stdout, stderr } = await terraform.run(folder, ["fmt", "-check", "-diff", "-recursive"]);
  assert.equal(status, 0, `terraform fmt: ${stdout}${stderr}`);
}

/** What a plan would make, with documents instead of their texts. */
async function readPlan(bench: Bench, folder: string): Promise<PlannedValues> {
  const { stdout, stderr, status } = await bench.terraform.run(folder, ["show", "-json", "tfplan"]);
  assert.equal(status, 0, stderr);
  return parseDocuments(JSON.parse(stdout)) as PlannedValues;
}

/** What a plan would make in a module, by the addresses in it. */
function inModule({ resource_changes = [], output_changes = {} }: PlannedValues, name: string) {
  const start = `module.${name}.`;
  const resources = resource_changes
    .filter(({ address }) => address.startsWith(start))
    .map(({ address, change: { actions, after, after_unknown } }) => {
      return [address.slice(start.length), { actions, after, after_unknown }];
    });
  const { after, after_unknown } = output_changes[name]!;
  return { resources: Object.fromEntries(resources) as object, outputs: { after, after_unknown } };
}

function parseDocuments(value: unknown): unknown {
  if (typeof value === "string" && /^[[{]/.test(value)) return JSON.parse(value);
  if (Array.isArray(value)) return value.map(parseDocuments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, parseDocuments(inner)]));
}
