import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployerPolicy, plannerPolicy, PolicyDocument } from "../../modules";
import { toRootModule } from "../../stacks/export";
import { blockTypes, callerOf, configuration, MODULE_FOLDERS } from "./check-hcl";
import { LocalAws } from "./local-aws";
import {
  addressesWith,
  assertEmpty,
  assertSucceeded,
  attempt,
  Bench,
  countByType,
  coveredStack,
  inWords,
} from "./bench";
import { Moto } from "./moto";
import { existingSecrets, renamed, Sample, TypeCounts, updated } from "./samples";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson, variableValues } from "./stack-json";
import { Outcome, writeConfiguration, writeFiles } from "./terraform";
import { Check } from "./verdicts";

/** One stack on its way through the checks that need services. */
interface Applied {
  readonly bench: Bench;
  readonly sample: Sample;
  readonly json: StackJson;
  readonly aws: LocalAws;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const IMAGE = "library/nginx";

/** The checks from apply to destroy, in their order. Where one fails, those after it show nothing and are skipped. */
const STEPS: readonly [Check, (applied: Applied) => Promise<string>][] = [
  ["apply", checkFirstApply],
  ["pull", checkPulls],
  ["second plan", checkSecondPlan],
  ["export", checkExport],
  ["leaving", checkLeaving],
  ["update", checkUpdate],
  ["replacement", checkReplacement],
  ["destroy", checkDestroy],
];

/** The checks that need services, by their names. */
export const SERVICE_CHECKS: readonly Check[] = [...STEPS.map(([check]) => check), "importExisting"];

/** Apply, a pull, an empty second plan, an update in place, a replacement shown, and destroy. */
export async function checkApply(bench: Bench, moto: Moto, sample: Sample, json: StackJson): Promise<void> {
  const { environment } = sample;
  const secrets = [...existingSecrets(environment), ...existingSecrets(updated(environment))];
  const aws = await LocalAws.start(moto, { ...environment, existingSecrets: secrets });
  const folder = bench.terraform.newFolder(withLocalState(json, {}));
  const env = { ...variableValues(json), ...aws.environment() };
  let failed: Check | undefined;
  for (const [check, run] of STEPS) {
    if (run === checkLeaving && environment.name !== LEAVING) continue;
    if (failed !== undefined) {
      bench.verdicts.report("SKIPPED", environment.name, check, `${failed} failed`);
      continue;
    }
    const isOk = await attempt(bench, environment.name, check, () => {
      return run({ bench, sample, json, aws, folder, env });
    });
    if (!isOk) failed = check;
  }
  await aws.close();
}

async function checkFirstApply({ bench, sample, json, aws, folder, env }: Applied): Promise<string> {
  const applied = await bench.terraform.apply(folder, env);
  assertSucceeded(applied, "apply");
  assert.deepEqual(addressesWith(applied.changes, "create"), addressesOf(json));
  assert.equal(applied.changes.length, addressesOf(json).length);
  const { ecr } = aws;
  const failures = ecr.calls.filter(({ failure }) => failure !== undefined);
  assert.deepEqual(failures, [], "ECR refused something");
  const created = ecr.calls
    .filter(({ action }) => action.startsWith("Create"))
    .map(({ action, input }) => {
      return `${action} ${String(input.ecrRepositoryPrefix ?? input.prefix)}`;
    });
  for (const { ecrRepositoryPrefix: prefix } of ecr.state.rules.all) {
    const [template, rule] = ["CreateRepositoryCreationTemplate", "CreatePullThroughCacheRule"].map((action) =>
      created.indexOf(`${action} ${prefix}`),
    );
    assert.ok(template! >= 0 && template! < rule!, `the rule ${prefix} did not wait for its template`);
  }
  const state = readFileSync(join(folder, "terraform.tfstate"), "utf8");
  for (const value of Object.values(variableValues(json)))
    assert.ok(!state.includes(value!), "a secret is in the state");
  if (sample.created.aws_secretsmanager_secret) {
    assert.deepEqual(await aws.secretValue("ecr-pullthroughcache/docker-hub"), {
      username: "value-of-docker_hub_username",
      accessToken: "value-of-docker_hub_access_token",
    });
  }
  return `created ${inWords(countByType(addressesWith(applied.changes, "create")))}`;
}

/** A pulled image's repository is as its template says. */
async function checkPulls({ json, aws, sample }: Applied): Promise<string> {
  const { state } = aws.ecr;
  const asked: string[] = [];
  const { upstream } = state.pullThrough;
  state.pullThrough.upstream = (image) => {
    asked.push(`${image.registryUrl}/${image.repository}:${image.tag}`);
    return upstream(image);
  };
  const keys = await aws.keyArns();
  for (const { ecrRepositoryPrefix: prefix } of state.rules.all) {
    const { repository } = state.pull(`${prefix}/${IMAGE}`, { tag: "1.27" });
    const template = Object.values(json.resource.aws_ecr_repository_creation_template!).find(
      (one) => one.prefix === prefix,
    )!;
    const [encryption] = template.encryption_configuration as [{ encryption_type: string; kms_key?: string }];
    const ownKey = encryption.kms_key?.startsWith("${") ? keys[0] : encryption.kms_key;
    assert.deepEqual(
      {
        mutability: repository.mutability.imageTagMutability,
        encryption: repository.encryption,
        tags: Object.fromEntries(repository.tags.map(({ Key, Value }) => [Key, Value])),
        lifecyclePolicy: JSON.parse(repository.lifecyclePolicy ?? "null") as unknown,
        policy: JSON.parse(repository.policy ?? "null") as unknown,
      },
      {
        mutability: template.image_tag_mutability,
        encryption: { encryptionType: encryption.encryption_type, ...(ownKey && { kmsKey: ownKey }) },
        tags: sample.environment.tags ?? {},
        lifecyclePolicy: JSON.parse(String(template.lifecycle_policy)) as unknown,
        policy: JSON.parse(String(template.repository_policy).replaceAll("$${", "${")) as unknown,
      },
    );
  }
  const wanted = state.rules.all.map(({ upstreamRegistryUrl, upstreamRepositoryPrefix }) => {
    const path = upstreamRepositoryPrefix === undefined ? IMAGE : `${upstreamRepositoryPrefix}/${IMAGE}`;
    return `${upstreamRegistryUrl}/${path}:1.27`;
  });
  assert.deepEqual(asked, wanted);
  return `${asked.length} repositories with the settings of their templates, from ${asked.join(", ")}`;
}

async function checkSecondPlan({ bench, sample, aws, folder, env }: Applied): Promise<string> {
  const before = countEach(aws.actions());
  assertEmpty(await bench.terraform.plan(folder, env), "second plan");
  const asked = Object.entries(countEach(aws.actions())).filter(([action, count]) => count !== before[action]);
  assert.deepEqual(asked.map(([action]) => action).sort(), actionsOf(plannerPolicy(sample.environment)));
  return "nothing to do, and asked for what the planner's policy allows, no more and no less";
}

/** The exported root module continues the state: there is nothing to do. */
async function checkExport({ bench, sample, json, folder, env }: Applied): Promise<string> {
  const local = withLocalState(json, {});
  const files = toRootModule(configuration(local, blockTypes(sample.environment)), MODULE_FOLDERS);
  writeFiles(folder, files);
  const outcome = await bench.terraform.plan(folder, env);
  writeConfiguration(folder, local);
  assertEmpty(outcome, "plan of the exported module");
  return `nothing to do with ${Object.keys(files).join(", ")} on the same state`;
}

/** The sample that leaves: it has every kind of resource. */
const LEAVING = "prod";

/** The ways of help/leaving.md to a configuration that calls the module, to another backend, and to another owner. */
async function checkLeaving(applied: Applied): Promise<string> {
  const { bench, sample, json, folder, env } = applied;
  const stack = configuration(withLocalState(json, {}), blockTypes(sample.environment));
  const state = readFileSync(join(folder, "terraform.tfstate"), "utf8");
  const addresses = addressesOf(json);

  const moved = addresses.map((from) => `moved {\n  from = ${from}\n  to   = module.registry.${from}\n}\n`).join("\n");
  const caller = bench.terraform.newFolderOf({ ...callerOf(stack, sample.environment), "moved.tf": moved });
  writeFileSync(join(caller, "terraform.tfstate"), state);
  assert.equal((await bench.terraform.run(caller, ["get"])).status, 0);
  const asModule = await bench.terraform.plan(caller, env);
  assertSucceeded(asModule, "plan of the caller");
  assert.deepEqual(
    addressesWith(asModule.changes, "move"),
    addresses.map((address) => `module.registry.${address}`),
  );
  assert.equal(asModule.changes.length, addresses.length);

  const files = toRootModule(stack, MODULE_FOLDERS);
  const elsewhere = bench.terraform.newFolderOf(files);
  writeFileSync(join(elsewhere, "terraform.tfstate"), state);
  const backend = 'terraform {\n  backend "local" {\n    path = "other.tfstate"\n  }\n}\n';
  writeFiles(elsewhere, { ...files, "backend.tf": backend });
  const migrated = await bench.terraform.run(elsewhere, ["init", "-migrate-state", "-force-copy", "-input=false"]);
  assert.equal(migrated.status, 0, migrated.stderr);
  assertEmpty(await bench.terraform.plan(elsewhere, env), "plan after the state has moved");

  const { resources } = JSON.parse(state) as {
    resources: { type: string; name: string; instances: { attributes: { id: string } }[] }[];
  };
  const imports = resources.map(({ type, name, instances: [instance] }) => {
    return `import {\n  to = ${type}.${name}\n  id = ${JSON.stringify(instance!.attributes.id)}\n}\n`;
  });
  const owner = bench.terraform.newFolderOf({ ...files, "imports.tf": imports.join("\n") });
  const imported = await bench.terraform.plan(owner, env);
  assertSucceeded(imported, "plan of the other owner");
  assert.deepEqual(
    imported.changes.filter(({ importedFrom }) => importedFrom === undefined),
    [],
  );
  assert.equal(imported.changes.length, addresses.length);
  // Secrets Manager and KMS do not return the waiting times, nor anybody the version of a write-only value.
  const changed = imported.changes.filter(({ action }) => action !== "import");
  assert.deepEqual(changed.map(({ action, address }) => `${action} ${address.split(".")[0]!}`).sort(), [
    "replace aws_secretsmanager_secret_version",
    "update aws_kms_key",
    "update aws_secretsmanager_secret",
  ]);
  return "moved into a module, to another backend, and imported by another owner";
}

async function checkUpdate({ bench, sample, aws, folder, env }: Applied): Promise<string> {
  const before = aws.ecr.calls.length;
  writeConfiguration(folder, withLocalState(coveredStack(bench, updated(sample.environment)), {}));
  const outcome = await bench.terraform.apply(folder, env);
  assertSucceeded(outcome, "update");
  assertChanges(outcome, { update: sample.updated });
  const calls = aws.ecr.calls.slice(before).map(({ action }) => action);
  assert.deepEqual(
    calls.filter((action) => /^(?:Create|Delete)/.test(action)),
    [],
  );
  assertEmpty(await bench.terraform.plan(folder, env), "plan after the update");
  const { state } = aws.ecr;
  for (const template of state.templates.all) assert.match(template.lifecyclePolicy!, /"countNumber":77/);
  assert.equal(state.scanning.scanType, "ENHANCED");
  assert.match(state.registryPolicy!, /role\/Auditor/);
  for (const { lifecyclePolicy } of state.repositories.all) assert.doesNotMatch(lifecyclePolicy!, /"countNumber":77/);
  return `changed ${inWords(sample.updated)} in place, and nothing else`;
}

async function checkReplacement({ bench, sample, folder, env }: Applied): Promise<string> {
  const json = coveredStack(bench, renamed(updated(sample.environment)));
  writeConfiguration(folder, withLocalState(json, {}));
  const plan = await bench.terraform.plan(folder, env);
  writeConfiguration(folder, withLocalState(coveredStack(bench, updated(sample.environment)), {}));
  assertSucceeded(plan, "plan");
  assertChanges(plan, { replace: sample.replaced, update: sample.updatedByRename });
  return `shows ${inWords(sample.replaced)} as replaced, and changes ${inWords(sample.updatedByRename)} in place`;
}

async function checkDestroy({ bench, sample, aws, folder, env }: Applied): Promise<string> {
  const outcome = await bench.terraform.destroy(folder, env);
  assertSucceeded(outcome, "destroy");
  const { state } = aws.ecr;
  const { resources } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")) as { resources: unknown[] };
  assert.deepEqual(
    {
      resources,
      rules: state.rules.all,
      templates: state.templates.all,
      policy: state.registryPolicy,
      scanning: state.scanning,
      roles: await aws.roleNames(),
      secrets: await aws.secretNames(),
      keys: await aws.keyArns(),
      aliases: await aws.aliasNames(),
    },
    {
      resources: [],
      rules: [],
      templates: [],
      policy: undefined,
      scanning: { scanType: "BASIC", rules: [] },
      roles: [],
      secrets: [],
      keys: [],
      aliases: [],
    },
  );
  const allowed = actionsOf(deployerPolicy(sample.environment));
  const beyond = aws.actions().filter((action) => !allowed.includes(action));
  assert.deepEqual([...new Set(beyond)], [], "called, and not in the deployer's policy");
  return `nothing is left but the ${state.repositories.all.length} repositories that pulls created`;
}

function countEach(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function actionsOf({ Statement }: PolicyDocument): string[] {
  return [...new Set<string>(Statement.flatMap(({ Action }) => Action))].sort();
}

/** What is done is exactly this, counted by type. */
function assertChanges({ changes }: Outcome, expected: Readonly<Record<string, TypeCounts>>): void {
  const actions = [...new Set(changes.map(({ action }) => action))].sort();
  const found = Object.fromEntries(actions.map((action) => [action, countByType(addressesWith(changes, action))]));
  assert.deepEqual(found, expected);
}
