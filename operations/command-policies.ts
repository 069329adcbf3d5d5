import {
  deployerPolicy,
  importDenialPolicy,
  EcrAction,
  plannerPolicy,
  PolicyDocument,
  Registry,
  repositoryArn,
  resolveRegistry,
} from "../modules/domain";

/** What a policy can be made for. */
export const COMMANDS_WITH_POLICY = [
  "verify",
  "audit",
  "audit --fix",
  "cleanup",
  "warm",
  "deploy",
  "plan",
  "deny-imports",
] as const;

/** One of them. */
export type CommandWithPolicy = (typeof COMMANDS_WITH_POLICY)[number];

/** What each command asks of the registry as a whole, and of repositories under the caches. */
const NEEDS: Readonly<
  Record<
    Exclude<CommandWithPolicy, "deploy" | "plan" | "deny-imports">,
    { registry: readonly EcrAction[]; repositories: readonly EcrAction[] }
  >
> = {
  verify: {
    registry: [
      "ecr:DescribePullThroughCacheRules",
      "ecr:DescribeRepositoryCreationTemplates",
      "ecr:GetRegistryPolicy",
      "ecr:GetRegistryScanningConfiguration",
      "ecr:ValidatePullThroughCacheRule",
    ],
    repositories: [],
  },
  audit: {
    registry: ["ecr:DescribeRepositories"],
    repositories: ["ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"],
  },
  "audit --fix": {
    registry: ["ecr:DescribeRepositories"],
    repositories: [
      "ecr:DeleteLifecyclePolicy",
      "ecr:DeleteRepositoryPolicy",
      "ecr:GetLifecyclePolicy",
      "ecr:GetRepositoryPolicy",
      "ecr:ListTagsForResource",
      "ecr:PutImageTagMutability",
      "ecr:PutLifecyclePolicy",
      "ecr:SetRepositoryPolicy",
      "ecr:TagResource",
    ],
  },
  cleanup: {
    registry: ["ecr:DescribeRepositories"],
    repositories: ["ecr:BatchDeleteImage", "ecr:DeleteRepository", "ecr:DescribeImages"],
  },
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
  if (command === "deny-imports") return importDenialPolicy(registry);
  const needs = NEEDS[command];
  const managed = command === "verify" ? managedActions(registry) : [];
  const resources = resolveRegistry(registry).caches.map(({ prefix }) => repositoryArn(registry, prefix));
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "Registry", Effect: "Allow", Action: [...needs.registry, ...managed], Resource: "*" },
      ...(needs.repositories.length > 0 && resources.length > 0
        ? [{ Sid: "CachedRepositories", Effect: "Allow" as const, Action: needs.repositories, Resource: resources }]
        : []),
    ],
  };
}

/** What verify asks for in addition where a description manages it. */
function managedActions({ accountSettings = {}, pullTimeExclusions = [], replication }: Registry): EcrAction[] {
  return [
    ...(Object.keys(accountSettings).length === 0 ? [] : (["ecr:GetAccountSetting"] as const)),
    ...(pullTimeExclusions.length === 0 ? [] : (["ecr:ListPullTimeUpdateExclusions"] as const)),
    ...(replication === undefined ? [] : (["ecr:DescribeRegistry"] as const)),
  ];
}
