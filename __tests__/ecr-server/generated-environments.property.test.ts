import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isError } from "../../modules";
import { checkEnvironment, Environment, synthesize } from "../../stacks";
import { environments } from "../helpers/generated-environments";
import { resources, StackJson } from "../helpers/synth";
import { EcrRegistryState } from "./ecr-registry-state";
import { refuseRegistryPolicy } from "./policy-grammar";
import { readScanningConfiguration } from "./registry-scanning-configuration";

type Block = Readonly<Record<string, unknown>>;

/** What Terraform makes of references and of doubled dollars. */
function resolved(value: unknown, arn: string): unknown {
  if (typeof value !== "string") return value;
  return value.replace(/(?<!\$)\$\{[^}]*\}/g, arn).replaceAll("$${", "${");
}

/** Asks ECR for what a stack asks for. */
function request({ accountId, region }: Environment, json: StackJson): EcrRegistryState {
  const state = new EcrRegistryState({ accountId, region, now: () => 0, endpoint: () => "" });
  const roleArn = `arn:aws:iam::${accountId}:role/Own`;
  const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:ecr-pullthroughcache/own-Ab12Cd`;
  const keyArn = `arn:aws:kms:${region}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  for (const rule of resources(json, "aws_ecr_pull_through_cache_rule")) {
    state.rules.create({
      ecrRepositoryPrefix: rule.ecr_repository_prefix,
      upstreamRegistryUrl: rule.upstream_registry_url,
      upstreamRepositoryPrefix: rule.upstream_repository_prefix,
      credentialArn: resolved(rule.credential_arn, secretArn),
      customRoleArn: resolved(rule.custom_role_arn, roleArn),
    });
  }
  for (const template of resources(json, "aws_ecr_repository_creation_template")) {
    const [encryption] = template.encryption_configuration as [Block];
    const filters = template.image_tag_mutability_exclusion_filter as Block[] | undefined;
    state.templates.create({
      prefix: template.prefix,
      description: template.description,
      appliedFor: template.applied_for,
      encryptionConfiguration: {
        encryptionType: encryption.encryption_type,
        kmsKey: resolved(encryption.kms_key, keyArn),
      },
      imageTagMutability: template.image_tag_mutability,
      imageTagMutabilityExclusionFilters: filters?.map((one) => ({ filter: one.filter, filterType: one.filter_type })),
      lifecyclePolicy: template.lifecycle_policy,
      repositoryPolicy: resolved(template.repository_policy, roleArn),
      resourceTags: Object.entries((template.resource_tags ?? {}) as Block).map(([Key, Value]) => ({ Key, Value })),
      customRoleArn: resolved(template.custom_role_arn, roleArn),
    });
  }
  for (const { policy } of resources(json, "aws_ecr_registry_policy")) {
    refuseRegistryPolicy(String(resolved(policy, roleArn)), state.identity);
  }
  for (const { scan_type: scanType, rule } of resources(json, "aws_ecr_registry_scanning_configuration")) {
    state.scanning = readScanningConfiguration({ scanType, rules: (rule as Block[]).map(scanningRule) });
  }
  return state;
}

function scanningRule({ scan_frequency: scanFrequency, repository_filter }: Block) {
  const filters = repository_filter as Block[];
  return {
    scanFrequency,
    repositoryFilters: filters.map(({ filter, filter_type: filterType }) => ({ filter, filterType })),
  };
}

test("what the library accepts becomes a stack, which ECR accepts, and in which every first pull works", () => {
  const folder = mkdtempSync(join(tmpdir(), "ecr-accepted-"));
  let accepted = 0;
  let pulls = 0;
  try {
    fc.assert(
      fc.property(environments, (environment) => {
        if (checkEnvironment(environment).some(isError)) return;
        accepted++;
        const [stack] = synthesize([environment], join(folder, "out"));
        const state = request(environment, JSON.parse(readFileSync(stack!.file, "utf8")) as StackJson);
        for (const { ecrRepositoryPrefix: prefix } of state.rules.all) {
          const name = prefix === "ROOT" ? "library/nginx" : `${prefix}/library/nginx`;
          expect(state.pull(name).repository.name).toBe(name);
          pulls++;
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(accepted).toBeGreaterThan(150);
  expect(pulls).toBeGreaterThan(200);
});
