import assert from "node:assert/strict";
import { Environment } from "../../stacks";
import { addressesWith, assertEmpty, assertSucceeded, attempt, Bench, coveredStack } from "./bench";
import { LocalAws } from "./local-aws";
import { Moto } from "./moto";
import { existingSecrets, Sample } from "./samples";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson, variableValues } from "./stack-json";

/** Rules, templates, policy, scanning and secret exist already, and are taken over with nothing replaced. */
export async function checkAdopt(bench: Bench, moto: Moto, sample: Sample, json: StackJson): Promise<void> {
  const { environment } = sample;
  const aws = await LocalAws.start(moto, { ...environment, existingSecrets: existingSecrets(environment) });
  await attempt(bench, environment.name, "importExisting", async () => {
    const secrets = await createBeforehand(aws, environment, json);
    const adopting = coveredStack(bench, {
      ...environment,
      importExisting: { caches: true, templates: true, registryPolicy: true, scanning: true, secrets },
    });
    const folder = bench.terraform.newFolder(withLocalState(adopting, {}));
    const env = { ...variableValues(json), ...aws.environment() };
    const before = aws.ecr.calls.length;
    const applied = await bench.terraform.apply(folder, env);
    assertSucceeded(applied, "apply");
    const imports = applied.changes.filter(({ importedFrom }) => importedFrom !== undefined);
    const imported = Object.fromEntries(imports.map(({ address, importedFrom }) => [address, importedFrom]));
    assert.deepEqual(imported, expectedImports(environment, json, secrets));
    const created = addressesWith(applied.changes, "create");
    assert.deepEqual(
      created,
      addressesOf(json).filter((address) => !(address in imported)),
    );
    const others = applied.changes.filter(({ action }) => !["create", "update", "import", "noop"].includes(action));
    assert.deepEqual(others, []);
    const calls = aws.ecr.calls.slice(before).map(({ action }) => action);
    assert.deepEqual(
      calls.filter((action) => /^(?:Create|Delete)/.test(action)),
      [],
    );
    assertEmpty(await bench.terraform.plan(folder, env), "plan after the import");
    for (const template of aws.ecr.state.templates.all) assert.match(template.lifecyclePolicy!, /untagged/);
    assert.match(aws.ecr.state.registryPolicy!, /ECRDeveloperRole/);
    return `imported ${imports.length}, created ${created.length}, replaced nothing`;
  });
  await aws.close();
}

/** Makes by hand what the stack will take over, each a little different; the secrets' ARNs by their names. */
async function createBeforehand(
  aws: LocalAws,
  environment: Environment,
  json: StackJson,
): Promise<Readonly<Record<string, string>>> {
  const { accountId, region } = environment;
  const { state } = aws.ecr;
  const secrets: Record<string, string> = {};
  for (const { name } of Object.values(json.resource.aws_secretsmanager_secret ?? {})) {
    const ownName = String(name).replace("ecr-pullthroughcache/", "");
    secrets[ownName] = await aws.createSecret(String(name), { username: "old", accessToken: "old" });
  }
  for (const rule of Object.values(json.resource.aws_ecr_pull_through_cache_rule!)) {
    state.rules.create({
      ecrRepositoryPrefix: rule.ecr_repository_prefix,
      upstreamRegistryUrl: rule.upstream_registry_url,
      upstreamRepositoryPrefix: rule.upstream_repository_prefix,
      credentialArn: rule.credential_arn && (Object.values(secrets)[0] ?? existingSecrets(environment)[0]),
      customRoleArn: rule.custom_role_arn && `arn:aws:iam::${accountId}:role/ByHand`,
    });
  }
  for (const { prefix } of Object.values(json.resource.aws_ecr_repository_creation_template!)) {
    state.templates.create({ prefix, appliedFor: ["PULL_THROUGH_CACHE"], description: "made by hand" });
  }
  state.registryPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "ecr:CreateRepository",
        Resource: `arn:aws:ecr:${region}:${accountId}:repository/*`,
      },
    ],
  });
  state.scanning = {
    scanType: "BASIC",
    rules: [{ scanFrequency: "MANUAL", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
  };
  return secrets;
}

/** The id of each resource that is taken over, by its address. */
function expectedImports(environment: Environment, { resource }: StackJson, secrets: Readonly<Record<string, string>>) {
  const idOf: Readonly<Record<string, (block: Readonly<Record<string, unknown>>) => unknown>> = {
    aws_ecr_pull_through_cache_rule: (block) => block.ecr_repository_prefix,
    aws_ecr_repository_creation_template: (block) => block.prefix,
    aws_ecr_registry_policy: () => environment.accountId,
    aws_ecr_registry_scanning_configuration: () => environment.accountId,
    aws_secretsmanager_secret: ({ name }) => secrets[String(name).replace("ecr-pullthroughcache/", "")],
  };
  return Object.fromEntries(
    Object.entries(idOf).flatMap(([type, id]) =>
      Object.entries(resource[type] ?? {}).map(([name, block]) => [`${type}.${name}`, id(block)]),
    ),
  );
}
