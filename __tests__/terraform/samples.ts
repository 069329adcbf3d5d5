import { cachePrefix, PullThroughCache } from "../../modules";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { completeSample } from "../../stacks/complete-sample";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";

/** How many resources of each type. */
export type TypeCounts = Readonly<Record<string, number>>;

/** A sample stack, and what must become of it, counted by hand. */
export interface Sample {
  readonly environment: Environment;
  /** What is created. */
  readonly created: TypeCounts;
  /** What `updated` changes in place. */
  readonly updated: TypeCounts;
  /** What `renamed` replaces. */
  readonly replaced: TypeCounts;
  /** What `renamed` changes in place. */
  readonly updatedByRename: TypeCounts;
}

const RULE = "aws_ecr_pull_through_cache_rule";
const TEMPLATE = "aws_ecr_repository_creation_template";
const POLICY = "aws_ecr_registry_policy";
const SCANNING = "aws_ecr_registry_scanning_configuration";
const ROLE = "aws_iam_role";
const ROLE_POLICY = "aws_iam_role_policy";
const SECRET = "aws_secretsmanager_secret";
const VALUE = "aws_secretsmanager_secret_version";
const KEY = "aws_kms_key";
const ALIAS = "aws_kms_alias";

const SETTING = "aws_ecr_account_setting";
const REPLICATION = "aws_ecr_replication_configuration";
const TOPIC = "aws_sns_topic";
const TOPIC_POLICY = "aws_sns_topic_policy";
const EVENT_RULE = "aws_cloudwatch_event_rule";
const EVENT_TARGET = "aws_cloudwatch_event_target";

const ONCE = { [POLICY]: 1, [SCANNING]: 1 };
const OWN_ROLE = { [ROLE]: 1, [ROLE_POLICY]: 1 };
const OWN_KEY = { [KEY]: 1, [ALIAS]: 1 };
const OWN_SECRET = { [SECRET]: 1, [VALUE]: 1 };

const EXPECTED: Readonly<Record<string, Omit<Sample, "environment">>> = {
  dev: {
    created: { [RULE]: 4, [TEMPLATE]: 4, ...ONCE, ...OWN_ROLE, ...OWN_SECRET },
    updated: { [TEMPLATE]: 4, ...ONCE, [ROLE]: 1, [SECRET]: 1 },
    replaced: { [RULE]: 4, [TEMPLATE]: 4 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
  staging: {
    created: { [RULE]: 2, [TEMPLATE]: 2, ...ONCE, ...OWN_ROLE },
    updated: { [RULE]: 1, [TEMPLATE]: 2, ...ONCE, [ROLE]: 1 },
    replaced: { [RULE]: 2, [TEMPLATE]: 2 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
  prod: {
    created: { [RULE]: 1, [TEMPLATE]: 1, ...ONCE, ...OWN_ROLE, ...OWN_KEY, ...OWN_SECRET },
    updated: { [TEMPLATE]: 1, ...ONCE, [ROLE]: 1, [KEY]: 1, [SECRET]: 1 },
    replaced: { [RULE]: 1, [TEMPLATE]: 1 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
  // The second key is that of the topic.
  complete: {
    created: {
      [RULE]: 2,
      [TEMPLATE]: 3,
      ...ONCE,
      ...OWN_ROLE,
      ...OWN_SECRET,
      [KEY]: 2,
      [ALIAS]: 2,
      [SETTING]: 2,
      [REPLICATION]: 1,
      [TOPIC]: 1,
      [TOPIC_POLICY]: 1,
      [EVENT_RULE]: 2,
      [EVENT_TARGET]: 2,
    },
    updated: { [TEMPLATE]: 3, ...ONCE, [ROLE]: 1, [SECRET]: 1, [KEY]: 2, [TOPIC]: 1, [EVENT_RULE]: 2 },
    replaced: { [RULE]: 2, [TEMPLATE]: 2 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
  // The hub and its spokes have no tags yet: with the first one the role must be allowed to tag.
  hub: {
    created: { [RULE]: 2, [TEMPLATE]: 2, ...ONCE, ...OWN_ROLE, ...OWN_KEY, ...OWN_SECRET },
    updated: { [TEMPLATE]: 2, ...ONCE, ...OWN_ROLE, [KEY]: 1, [SECRET]: 1 },
    replaced: { [RULE]: 2, [TEMPLATE]: 2 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
  // A role for each cache of the hub, whose permissions name the cache's prefix.
  workloads: {
    created: { [RULE]: 2, [TEMPLATE]: 2, ...ONCE, [ROLE]: 3, [ROLE_POLICY]: 3, ...OWN_KEY },
    updated: { [TEMPLATE]: 2, ...ONCE, [ROLE]: 3, [ROLE_POLICY]: 1, [KEY]: 1 },
    replaced: { [RULE]: 2, [TEMPLATE]: 2 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 3 },
  },
  "hub-europe": {
    created: { [RULE]: 2, [TEMPLATE]: 2, ...ONCE, ...OWN_ROLE, ...OWN_KEY },
    updated: { [TEMPLATE]: 2, ...ONCE, ...OWN_ROLE, [KEY]: 1 },
    replaced: { [RULE]: 2, [TEMPLATE]: 2 },
    updatedByRename: { ...ONCE, [ROLE_POLICY]: 1 },
  },
};

/** Every sample stack of the library. */
export const SAMPLES: readonly Sample[] = [...samples, ...hubAndSpokesSample, completeSample].map((environment) => {
  const expected = EXPECTED[environment.name];
  if (expected === undefined) throw new Error(`nobody has said what must become of the sample ${environment.name}`);
  return { environment, ...expected };
});

/** An environment with everything changed that Terraform can change in place. */
export function updated(environment: Environment): Environment {
  return {
    ...environment,
    tags: { ...environment.tags, "cost-center": "42" },
    pullers: [...(environment.pullers ?? []), { role: "Auditor" }],
    repositories: { ...(environment.repositories as object), lifecycle: [{ keepLast: { count: 77 } }] },
    // Where alerts are about findings of basic scanning, another type of scanning would replace their rule.
    scanning:
      environment.alerts === undefined
        ? { type: "ENHANCED", frequency: "CONTINUOUS_SCAN" }
        : { additionalFilters: ["ours/*"] },
    caches: environment.caches.map(withOtherSecret),
  };
}

/** An environment with another prefix for each cache, which no rule and no template can be changed to. */
export function renamed(environment: Environment): Environment {
  return {
    ...environment,
    caches: environment.caches.map((cache) => ({
      ...cache,
      id: cachePrefix(cache),
      prefix: `x-${cachePrefix(cache)}`,
    })),
  };
}

function withOtherSecret(cache: PullThroughCache): PullThroughCache {
  if (!("credential" in cache) || cache.credential.type !== "existing-secret") return cache;
  const secretArn = cache.credential.secretArn.replace("docker-hub-Ab12Cd", "other-Ab12Cd");
  return { ...cache, credential: { type: "existing-secret", secretArn } };
}

/** The ARNs of the secrets that an environment does not create. */
export function existingSecrets({ caches }: Environment): string[] {
  return caches.flatMap((cache) => {
    if (!("credential" in cache) || cache.credential.type !== "existing-secret") return [];
    return [cache.credential.secretArn];
  });
}
