import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  allowedRepositories,
  cacheCredential,
  cachePrefix,
  PullThroughCache,
  registryPrefixes,
  RepositoryEncryption,
  upstreamRegistryUrl,
  RepositorySettings,
} from "../../modules";
import { Environment } from "../../stacks";
import { attempt, Bench } from "./bench";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson } from "./stack-json";

const MOCKED_KEY = "arn:aws:kms:us-east-1:000000000000:key/mocked";
const MOCKED_ROLE = "arn:aws:iam::000000000000:role/mocked";
const MOCKED_SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:ecr-pullthroughcache/mocked";

/** What AWS would answer. It must be known at the plan, so that it shows where it goes. */
const MOCKED = {
  aws_kms_key: { defaults: { arn: MOCKED_KEY } },
  aws_iam_role: { defaults: { arn: MOCKED_ROLE } },
  aws_secretsmanager_secret: { defaults: { arn: MOCKED_SECRET } },
  aws_sns_topic: { defaults: { arn: "arn:aws:sns:us-east-1:000000000000:mocked" } },
};

interface TestMessage {
  readonly type: string;
  readonly test_summary?: { readonly status: string; readonly passed: number; readonly failed: number };
  readonly diagnostic?: { readonly summary: string; readonly detail?: string };
}

/** Terraform expressions about one resource, in which `self` stands for it, that must be true. */
type Assertions = (environment: Environment, name: string) => readonly string[];

/** The samples describe the settings of every repository as an object without additions. */
function settingsOf(repositories: NonNullable<Environment["repositories"]>): RepositorySettings {
  return repositories as RepositorySettings;
}

/** What must be true of the planned resources of each type; a type that is not here fails the check. */
const ASSERTIONS: Readonly<Record<string, Assertions>> = {
  aws_ecr_pull_through_cache_rule: ({ caches }) => [
    anyOf(
      caches.map((cache) => {
        const prefix = `self.ecr_repository_prefix == ${JSON.stringify(cachePrefix(cache))}`;
        const url = `self.upstream_registry_url == ${JSON.stringify(upstreamRegistryUrl(cache))}`;
        return `${prefix} && ${url} && self.credential_arn == ${JSON.stringify(credentialArn(cache))}`;
      }),
    ),
  ],
  aws_ecr_repository_creation_template: ({ repositories = {}, tags = {} }) => [
    ...keyArns(settingsOf(repositories).encryption).map(
      (arn) => `self.encryption_configuration[0].kms_key == "${arn}"`,
    ),
    settingsOf(repositories).encryption?.type === "AES256" && Object.keys(tags).length === 0
      ? "self.custom_role_arn == null"
      : `self.custom_role_arn == "${MOCKED_ROLE}"`,
    'self.applied_for == toset([self.prefix == "copies" ? "REPLICATION" : "PULL_THROUGH_CACHE"])',
    `self.encryption_configuration[0].encryption_type == ${JSON.stringify(settingsOf(repositories).encryption?.type ?? "KMS")}`,
    `startswith(self.image_tag_mutability, ${JSON.stringify(settingsOf(repositories).imageTagMutability === "MUTABLE" ? "MUTABLE" : "IMMUTABLE")})`,
    'jsondecode(self.lifecycle_policy).rules[0].selection.tagStatus == "untagged"',
    `length(coalesce(self.resource_tags, {})) == ${Object.keys(tags).length}`,
    "alltrue([for one in jsondecode(self.repository_policy).Statement : !can(one.Resource)])",
    'strcontains(self.repository_policy, ":role/ECRDeveloperRole")',
  ],
  aws_ecr_registry_policy: (environment) => {
    const { caches, downstreamAccounts = [], replicationSources = [] } = environment;
    const names = [
      ...caches.flatMap((cache) => allowedRepositories(cache, cachePrefix(cache)) ?? [`${cachePrefix(cache)}/*`]),
      ...(downstreamAccounts.length > 0 ? registryPrefixes(environment).map((prefix) => `${prefix}/*`) : []),
      ...replicationSources.flatMap(({ prefixes = [] }) => prefixes.map((prefix) => `${prefix}/*`)),
    ];
    const resources = names.map(
      (name) => `arn:aws:ecr:${environment.region}:${environment.accountId}:repository/${name}`,
    );
    const found = "flatten([for one in jsondecode(self.policy).Statement : one.Resource])";
    return [`toset(${found}) == toset(${JSON.stringify(resources)})`];
  },
  aws_ecr_registry_scanning_configuration: (environment) => [
    'self.scan_type == "BASIC"',
    `one(self.rule).scan_frequency == "SCAN_ON_PUSH"`,
    `toset([for one in one(self.rule).repository_filter : one.filter]) == toset(${JSON.stringify(
      registryPrefixes(environment).map((prefix) => `${prefix}/*`),
    )})`,
  ],
  aws_iam_role: (_, name) => {
    const service = name.includes("upstream-roles") ? "pullthroughcache.ecr.amazonaws.com" : "ecr.amazonaws.com";
    const trusted = "jsondecode(self.assume_role_policy).Statement[0].Principal.Service";
    return [`flatten([${trusted}]) == ["${service}"]`, "length(self.name) <= 64"];
  },
  aws_iam_role_policy: (_, name) => [
    'length([for one in jsondecode(self.policy).Statement : one if one.Effect != "Allow"]) == 0',
    `strcontains(self.policy, "${name.includes("upstream-roles") ? "ecr:GetDownloadUrlForLayer" : "ecr:CreateRepository"}")`,
  ],
  aws_secretsmanager_secret: () => [
    'self.name == "ecr-pullthroughcache/docker-hub"',
    "self.recovery_window_in_days == 30",
    "self.kms_key_id == null",
  ],
  aws_secretsmanager_secret_version: () => ["self.secret_string_wo_version == 1", "self.secret_string_wo == null"],
  aws_kms_key: () => ["self.enable_key_rotation", "self.deletion_window_in_days == 30"],
  aws_kms_alias: ({ key }, name) => [
    `self.name == "alias/${name.includes("alerts") ? "ecr-pull-through-cache-alerts" : (key?.alias ?? "ecr-pull-through-cache")}"`,
  ],
  aws_ecr_account_setting: ({ accountSettings = {} }) => [
    `contains(${JSON.stringify(Object.values(accountSettings))}, self.value)`,
  ],
  aws_ecr_replication_configuration: () => [
    'self.replication_configuration[0].rule[0].destination[0].region == "eu-west-1"',
    'self.replication_configuration[0].rule[0].repository_filter[0].filter == "quay/"',
  ],
  aws_sns_topic: () => ['self.name == "ecr-pull-through-cache-alerts"', `self.kms_master_key_id == "${MOCKED_KEY}"`],
  aws_sns_topic_policy: () => ['jsondecode(self.policy).Statement[0].Principal.Service == "events.amazonaws.com"'],
  aws_cloudwatch_event_rule: () => [
    'contains(jsondecode(self.event_pattern).source, "aws.ecr")',
    'startswith(self.name, "ecr-pull-through-cache-")',
  ],
  aws_cloudwatch_event_target: () => [
    'self.target_id == "topic"',
    'length(self.input_transformer[0].input_paths) == length(distinct(regexall("<[a-z]+>", self.input_transformer[0].input_template)))',
  ],
};

/** `terraform test` with a mocked provider: what is planned for each resource, as the provider reads it. */
export async function checkMockTest(bench: Bench, environment: Environment, json: StackJson): Promise<void> {
  await attempt(bench, environment.name, "mock test", async () => {
    const folder = bench.terraform.newFolder(withLocalState(json, {}));
    const assertions = addressesOf(json).flatMap((address) => assertionsFor(environment, address));
    writeFileSync(join(folder, "stack.tftest.json"), JSON.stringify(testFile(json, assertions)));
    const { stdout, stderr } = await bench.terraform.run(folder, ["test", "-json"]);
    const messages = stdout.split("\n").filter((line) => line.startsWith("{"));
    const parsed = messages.map((line) => JSON.parse(line) as TestMessage);
    const wrong = parsed.flatMap(({ diagnostic }) =>
      diagnostic ? [`${diagnostic.summary} ${diagnostic.detail ?? ""}`] : [],
    );
    assert.deepEqual(wrong, [], stderr);
    const summary = parsed.find(({ type }) => type === "test_summary")?.test_summary;
    assert.deepEqual({ status: summary?.status, passed: summary?.passed }, { status: "pass", passed: 1 }, stderr);
    return `${assertions.length} assertions on ${addressesOf(json).length} planned resources`;
  });
}

interface Assertion {
  readonly condition: string;
  readonly error_message: string;
}

function assertionsFor(environment: Environment, address: string): Assertion[] {
  const [type, name] = address.split(".") as [string, string];
  const assertionsOf = ASSERTIONS[type];
  assert.ok(assertionsOf, `nobody has said what must be true of ${type}`);
  return assertionsOf(environment, name).map((assertion) => {
    const condition = assertion.replace(/\bself\b/g, address);
    return { condition: `\${${condition}}`, error_message: `${address}: ${assertion.replaceAll("${", "$${")}` };
  });
}

/** Values of variables are for the plan only: what is planned must not depend on them. */
function testFile({ variable = {} }: StackJson, assertions: readonly Assertion[]) {
  return {
    mock_provider: { aws: { override_during: "plan", mock_resource: MOCKED } },
    variables: Object.fromEntries(Object.keys(variable).map((name) => [name, `value-of-${name}`])),
    run: { planned: { command: "plan", assert: assertions } },
  };
}

function anyOf(conditions: readonly string[]): string {
  return `anytrue([${conditions.join(", ")}])`;
}

/** The secret that a cache's rule must name: the one that is created, or the one that the environment names. */
function credentialArn(cache: PullThroughCache): string | null {
  const credential = cacheCredential(cache);
  if (credential === undefined) return null;
  return credential.type === "existing-secret" ? credential.secretArn : MOCKED_SECRET;
}

/** The key that a template must name; without one it is the provider's to say, which a mock does not. */
function keyArns(encryption: RepositoryEncryption = { type: "KMS" }): string[] {
  return encryption.type === "AES256" ? [] : [encryption.keyArn ?? MOCKED_KEY];
}
