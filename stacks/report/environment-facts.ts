import {
  describeCredential,
  describePolicy,
  describePrincipal,
  describeReplication,
  describeRole,
  describeScanning,
  describeTags,
  describeTemplate,
  describeUpstream,
  DescribedSetting,
  planRegistry,
  PrefixIndex,
  Reader,
  readPlan,
  resolveRegistry,
  ResolvedRegistry,
  ResolvedTemplate,
  SECRET_NAME_PREFIX,
  templatesOf,
} from "../../modules/domain";
import { Backend } from "../environment";
import { RegionalEnvironment } from "../environment-regions";

/** Something that is so in an environment, in words. */
export interface Fact {
  /** What it is about: `Docker Hub`. */
  readonly topic: string;
  /** Which property: `encryption`. */
  readonly name: string;
  readonly value: string;
}

/**
 * What an environment is like, in words, so that environments can be compared. The repositories of a cache go by the
 * name of its upstream: `prod/library/nginx` and `dev/library/nginx` are the same image.
 */
export function environmentFacts(environment: RegionalEnvironment): Fact[] {
  const resolved = resolveRegistry(environment);
  return [...registryFacts(environment), ...cacheFacts(resolved), ...templateFacts(resolved)];
}

/**
 * What is compared of each kind of resource. Templates and rules are compared cache by cache; roles, keys and values
 * follow from them.
 */
const FACTS: Reader<readonly Omit<Fact, "topic">[]> = {
  aws_iam_role: ({ name, settings }) => {
    const value = describeRole(settings);
    return value === "" ? [] : [{ name: `role ${name}`, value: value.slice("; ".length) }];
  },
  aws_iam_role_policy: () => [],
  aws_kms_key: ({ settings: { rotationPeriodInDays = 365, deletionWindowInDays } }) => {
    if (rotationPeriodInDays === 365 && deletionWindowInDays === 30) return [];
    const value = `rotated every ${rotationPeriodInDays} days, restorable for ${deletionWindowInDays} days`;
    return [{ name: "key", value }];
  },
  aws_kms_alias: () => [],
  aws_secretsmanager_secret: ({ name, settings: { recoveryWindowInDays, policy } }) => {
    const own = policy === undefined ? "" : `, with the policy ${policy}`;
    return [{ name: `secret ${name}`, value: `restorable for ${recoveryWindowInDays} days${own}` }];
  },
  aws_secretsmanager_secret_version: ({ settings: { secretName, version } }) => [
    { name: `value of ${SECRET_NAME_PREFIX}${secretName}`, value: `version ${version}` },
  ],
  aws_ecr_repository_creation_template: () => [],
  aws_ecr_pull_through_cache_rule: () => [],
  aws_ecr_registry_policy: ({ settings: { policy } }, { scope }) =>
    describePolicy(scope, policy).map(({ sid, text }) => ({ name: `registry policy, ${sid}`, value: text })),
  aws_ecr_registry_scanning_configuration: ({ settings }) => [{ name: "scanning", value: describeScanning(settings) }],
  aws_ecr_account_setting: ({ name, settings: { value } }) => [{ name: `account setting ${name}`, value }],
  aws_ecr_pull_time_update_exclusion: ({ settings: { principalArn } }) => [
    { name: "pulls that do not count", value: principalArn },
  ],
  aws_ecr_replication_configuration: ({ settings: { rules } }) => [
    { name: "replication", value: rules.map(describeReplication).join("; ") },
  ],
  aws_sns_topic: () => [],
  aws_sns_topic_policy: () => [],
  aws_cloudwatch_event_rule: ({ name, settings: { description } }) => [{ name: `alert ${name}`, value: description }],
  aws_cloudwatch_event_target: () => [],
};

function registryFacts(environment: RegionalEnvironment): Fact[] {
  const {
    accountId,
    region,
    assumeRole,
    pullers = [],
    downstreamAccounts = [],
    tags = {},
    preventDestroy,
  } = environment;
  const plan = planRegistry(environment);
  const imported = plan.resources.filter(({ importId }) => importId !== undefined);
  const unmanaged = (["registryPolicy", "scanning"] as const).filter((name) => environment[name] === "unmanaged");
  return [
    { name: "account", value: accountId },
    { name: "Region", value: region },
    { name: "Terraform's role", value: assumeRole?.roleArn ?? "none" },
    { name: "Terraform's state", value: describeBackend(environment) },
    { name: "tags", value: describeTags(tags) },
    { name: "pullers", value: pullers.map(describePrincipal).join(", ") || "none" },
    { name: "downstream accounts", value: downstreamAccounts.join(", ") || "none" },
    ...unmanaged.map((name) => ({ name: WORDS[name], value: "managed elsewhere" })),
    { name: "keys and secrets", value: preventDestroy === true ? "protected from deletion" : "deleted with the stack" },
    ...readPlan(plan, FACTS).flat(),
    { name: "imported", value: imported.map(({ address }) => address).join(", ") || "nothing" },
  ].map((fact) => ({ topic: "Registry", ...fact }));
}

const WORDS = { registryPolicy: "registry policy", scanning: "scanning" } as const;

function cacheFacts({ caches }: ResolvedRegistry): Fact[] {
  return caches.flatMap(({ cache, prefix }) => [
    { topic: describeUpstream(cache), name: "prefix", value: prefix },
    { topic: describeUpstream(cache), name: "credential", value: describeCredential(cache) },
    ...(cache.only === undefined
      ? []
      : [{ topic: describeUpstream(cache), name: "only", value: [...cache.only].sort().join(", ") }]),
  ]);
}

function templateFacts({ caches, templates }: ResolvedRegistry): Fact[] {
  const byPrefix = new PrefixIndex(templates);
  const served = caches.flatMap(({ cache, prefix }) => {
    return templatesOf(prefix, byPrefix).flatMap((template) => {
      const isWhole =
        template.prefix === prefix || prefix.startsWith(`${template.prefix}/`) || template.prefix === "ROOT";
      const topic = isWhole ? describeUpstream(cache) : `${describeUpstream(cache)} under ${template.prefix}`;
      return settingsOf(template).map((setting) => ({ topic, ...setting }));
    });
  });
  const used = new Set(caches.flatMap(({ prefix }) => templatesOf(prefix, byPrefix)));
  const others = templates.filter((template) => !used.has(template));
  return [
    ...served,
    ...others.flatMap((template) =>
      settingsOf(template).map((setting) => ({ topic: `Repositories under ${template.prefix}`, ...setting })),
    ),
  ];
}

function settingsOf(template: ResolvedTemplate): DescribedSetting[] {
  return [...describeTemplate(template), { name: "description", value: template.description ?? "none" }];
}

/** Where Terraform keeps the state of an environment's stack, as a phrase. */
export function describeBackend({ name, backend }: { readonly name: string; readonly backend: Backend }): string {
  switch (backend.type) {
    case "local":
      return `the file ${backend.path ?? `terraform.${name}.tfstate`}`;
    case "s3":
      return `the bucket ${backend.bucket}, as ${backend.key ?? `ecr-pull-through-cache/${name}.tfstate`}`;
    case "cloud": {
      const { hostname = "HCP Terraform", organization, workspaceTags, workspace } = backend;
      const where = workspaceTags
        ? `a workspace tagged ${workspaceTags.join(", ")}`
        : `the workspace ${workspace ?? `ecr-pull-through-cache-${name}`}`;
      return `${where} of ${organization} in ${hostname}`;
    }
  }
}
