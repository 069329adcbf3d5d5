import {
  cacheCredential,
  deployerPolicy,
  EcrAction,
  identityArn,
  partitionOf,
  plannerPolicy,
  PolicyAction,
  PolicyDocument,
  Registry,
  repositoryArn,
  resolveRegistry,
  SECRET_NAME_PREFIX,
} from "../modules/domain";

/** What a policy can be made for. */
export const COMMANDS_WITH_POLICY = [
  "verify",
  "audit",
  "audit --fix",
  "cleanup --plan",
  "cleanup",
  "usage",
  "warm",
  "deploy",
  "plan",
] as const;

/** One of them. */
export type CommandWithPolicy = (typeof COMMANDS_WITH_POLICY)[number];

/** The actions of a command on the registry as a whole, on repositories under the caches, and on other resources. */
interface Needs {
  readonly registry: readonly PolicyAction[];
  readonly repositories: readonly EcrAction[];
  readonly secrets?: readonly PolicyAction[];
  readonly principals?: readonly PolicyAction[];
}

const AUDIT: Needs = {
  registry: ["ecr:DescribeRepositories", "ecr:DescribeRepositoryCreationTemplates", "tag:GetResources"],
  repositories: ["ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"],
};

const NEEDS: Readonly<Record<Exclude<CommandWithPolicy, "deploy" | "plan">, Needs>> = {
  verify: {
    registry: [
      "ecr:DescribePullThroughCacheRules",
      "ecr:DescribeRepositoryCreationTemplates",
      "ecr:GetRegistryPolicy",
      "ecr:GetRegistryScanningConfiguration",
      "ecr:ValidatePullThroughCacheRule",
    ],
    repositories: [],
    secrets: ["secretsmanager:ListSecretVersionIds"],
  },
  audit: AUDIT,
  "audit --fix": {
    registry: AUDIT.registry,
    repositories: [
      "ecr:DeleteLifecyclePolicy",
      "ecr:DeleteRepositoryPolicy",
      ...AUDIT.repositories,
      "ecr:PutImageTagMutability",
      "ecr:PutLifecyclePolicy",
      "ecr:SetRepositoryPolicy",
      "ecr:TagResource",
    ],
    principals: ["iam:GetRole", "iam:GetUser"],
  },
  "cleanup --plan": {
    registry: AUDIT.registry,
    repositories: ["ecr:DescribeImages", "ecr:ListTagsForResource"],
  },
  cleanup: {
    registry: AUDIT.registry,
    repositories: ["ecr:BatchDeleteImage", "ecr:DeleteRepository", "ecr:DescribeImages", "ecr:ListTagsForResource"],
  },
  usage: { registry: ["ecr:DescribeRepositories"], repositories: ["ecr:DescribeImages"] },
  warm: {
    registry: ["ecr:GetAuthorizationToken"],
    repositories: ["ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:DescribeImages"],
  },
};

/**
 * The policy of whoever runs a command, and no more. `sts:GetCallerIdentity` needs no permission.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function commandPolicy(command: CommandWithPolicy, registry: Registry): PolicyDocument {
  if (command === "deploy") return deployerPolicy(registry);
  if (command === "plan") return plannerPolicy(registry);
  const needs = NEEDS[command];
  const { caches } = resolveRegistry(registry);
  const repositories = caches.map(({ prefix }) => repositoryArn(registry, prefix));
  const { accountId, region } = registry;
  const secretArn = `arn:${partitionOf(region)}:secretsmanager:${region}:${accountId}:secret:${SECRET_NAME_PREFIX}*`;
  const principalArns = [identityArn(registry, "role", "*"), identityArn(registry, "user", "*")];
  const hasCredentials = caches.some(({ cache }) => cacheCredential(cache) !== undefined);
  const statement = (Sid: string, Action: readonly PolicyAction[] = [], Resource: string | readonly string[]) => {
    return Action.length > 0 && Resource.length > 0 ? [{ Sid, Effect: "Allow" as const, Action, Resource }] : [];
  };
  return {
    Version: "2012-10-17",
    Statement: [
      ...statement("Registry", needs.registry, "*"),
      ...statement("CachedRepositories", needs.repositories, repositories),
      ...statement("Credentials", needs.secrets, hasCredentials ? secretArn : ""),
      ...statement("Principals", needs.principals, principalArns),
    ],
  };
}
