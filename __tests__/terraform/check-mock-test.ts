import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePrefix, registryPrefixes, upstreamRegistryUrl } from "../../modules";
import { Environment } from "../../stacks";
import { attempt, Bench } from "./bench";
import { withLocalState } from "./stack-copies";
import { addressesOf, StackJson } from "./stack-json";

interface TestMessage {
  readonly type: string;
  readonly test_summary?: { readonly status: string; readonly passed: number; readonly failed: number };
  readonly diagnostic?: { readonly summary: string; readonly detail?: string };
}

/** Terraform expressions about one resource, in which `self` stands for it, that must be true. */
type Assertions = (environment: Environment, name: string) => readonly string[];

/** What must be true of the planned resources of each type; a type that is not here fails the check. */
const ASSERTIONS: Readonly<Record<string, Assertions>> = {
  aws_ecr_pull_through_cache_rule: ({ caches }) => [
    anyOf(
      caches.map((cache) => {
        const prefix = `self.ecr_repository_prefix == ${JSON.stringify(cachePrefix(cache))}`;
        return `${prefix} && self.upstream_registry_url == ${JSON.stringify(upstreamRegistryUrl(cache))}`;
      }),
    ),
  ],
  aws_ecr_repository_creation_template: ({ defaults, tags = {} }) => [
    'self.applied_for == toset(["PULL_THROUGH_CACHE"])',
    `self.encryption_configuration[0].encryption_type == ${JSON.stringify(defaults?.encryption?.type ?? "KMS")}`,
    `startswith(self.image_tag_mutability, ${JSON.stringify(defaults?.imageTagMutability === "MUTABLE" ? "MUTABLE" : "IMMUTABLE")})`,
    'jsondecode(self.lifecycle_policy).rules[0].selection.tagStatus == "untagged"',
    `length(coalesce(self.resource_tags, {})) == ${Object.keys(tags).length}`,
    "alltrue([for one in jsondecode(self.repository_policy).Statement : !can(one.Resource)])",
    'strcontains(self.repository_policy, ":role/ECRDeveloperRole")',
  ],
  aws_ecr_registry_policy: (environment) => {
    const resources = registryPrefixes(environment).map((prefix) => {
      return `arn:aws:ecr:${environment.region}:${environment.accountId}:repository/${prefix}/*`;
    });
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
  aws_kms_alias: () => ['self.name == "alias/ecr-pull-through-cache"'],
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
    mock_provider: { aws: {} },
    variables: Object.fromEntries(Object.keys(variable).map((name) => [name, `value-of-${name}`])),
    run: { planned: { command: "plan", assert: assertions } },
  };
}

function anyOf(conditions: readonly string[]): string {
  return `anytrue([${conditions.join(", ")}])`;
}
