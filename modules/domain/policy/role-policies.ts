import { Path, Diagnostic } from "../basics";
import { checkAccountId, checkRegion, RegistryScope, ROOT_PREFIX } from "../naming";
import { EcrAction, UPLOAD_ACTIONS, UPSTREAM_ACTIONS } from "./ecr-action";
import { checkKeyArn, TEMPLATE_ROLE_KEY_ACTIONS } from "./kms-action";
import { checkSize, PolicyDocument, policyDocument, PolicyLimit, PolicyStatement } from "./policy-document";
import { checkPrefixes, repositoryArns } from "./repository-arns";
import { stableSet } from "./stable-set";

/** What a role has to be able to do for repository creation templates. */
export interface CreationTemplateRoleNeeds {
  /** The templates' prefixes, `ROOT` for every repository. */
  readonly prefixes: readonly string[];
  /**
   * The full ARNs of the keys with which the repositories are encrypted.
   *
   * @default - none: the repositories are encrypted with keys of Amazon S3
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * Whether the repositories get tags.
   *
   * @default false
   */
  readonly tags?: boolean;
  /**
   * Whether replication creates repositories too.
   *
   * @default false
   */
  readonly replication?: boolean;
}

/** What a role has to be able to do for caches of another private ECR registry. */
export interface EcrPullThroughRoleNeeds {
  /** The caches' prefixes. */
  readonly prefixes: readonly string[];
  /** The registry that is cached. */
  readonly upstream: RegistryScope;
  /**
   * The prefixes of the upstream registry that are cached.
   *
   * @default - `ROOT`: every repository of it
   */
  readonly upstreamPrefixes?: readonly string[];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
export const ROLE_POLICY_LIMIT: PolicyLimit = {
  kind: "role's inline policy",
  characters: 10_240,
  fix: "use a role for each part of the prefixes, or prefixes that include others",
};

/**
 * Lets ECR take the role of repository creation templates. AWS documents no condition that ECR would meet here, so
 * there is none: a condition that fails would show only as a first pull that finds no repository.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 */
export function creationTemplateRoleTrust(): PolicyDocument {
  return trust("ecr.amazonaws.com");
}

/**
 * What ECR may do with the role of repository creation templates. AWS's own example allows it everywhere; here it is
 * the prefixes' repositories and the given keys, and tags and replication only if there are any.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 */
export function creationTemplateRolePermissions(
  scope: RegistryScope,
  needs: CreationTemplateRoleNeeds,
): PolicyDocument {
  const { prefixes, kmsKeyArns = [], tags = false, replication = false } = needs;
  const actions: EcrAction[] = ["ecr:CreateRepository"];
  if (replication) actions.push("ecr:ReplicateImage");
  if (tags) actions.push("ecr:TagResource");
  const statements: PolicyStatement[] = [
    { Sid: "CreateRepositories", Effect: "Allow", Action: actions, Resource: repositoryArns(scope, prefixes) },
  ];
  if (kmsKeyArns.length > 0) {
    const Resource = stableSet(kmsKeyArns);
    statements.push({ Sid: "UseKeys", Effect: "Allow", Action: TEMPLATE_ROLE_KEY_ACTIONS, Resource });
  }
  return policyDocument(statements);
}

/** What is wrong with what a role of repository creation templates is to be able to do. */
export function checkCreationTemplateRolePermissions(
  scope: RegistryScope,
  needs: CreationTemplateRoleNeeds,
  path: Path = [],
): Diagnostic[] {
  const problems = [
    ...checkPrefixes(needs.prefixes, [...path, "prefixes"]),
    ...(needs.kmsKeyArns ?? []).flatMap((arn, index) => checkKeyArn(arn, [...path, "kmsKeyArns", index])),
  ];
  if (problems.length > 0) return problems;
  return checkSize(creationTemplateRolePermissions(scope, needs), ROLE_POLICY_LIMIT, path);
}

/**
 * Lets ECR take the role with which it pulls from another private ECR registry. As for templates, AWS documents no
 * condition that ECR would meet.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export function ecrPullThroughRoleTrust(): PolicyDocument {
  return trust("pullthroughcache.ecr.amazonaws.com");
}

/**
 * What ECR may do with the role with which it pulls from another private ECR registry: of what AWS's example allows
 * everywhere, only the cached prefixes of the upstream are read, and uploads go to the caches only. On which side ECR asks for each of the other actions is documented only
 * for the upstream, so they are allowed on both. The upstream's owner must allow them to this account as well.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export function ecrPullThroughRolePermissions(scope: RegistryScope, needs: EcrPullThroughRoleNeeds): PolicyDocument {
  const caches = repositoryArns(scope, needs.prefixes);
  const upstream = repositoryArns(needs.upstream, needs.upstreamPrefixes ?? [ROOT_PREFIX]);
  return policyDocument([
    { Sid: "Authenticate", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    { Sid: "CopyImages", Effect: "Allow", Action: UPSTREAM_ACTIONS, Resource: [...caches, ...upstream] },
    { Sid: "FillCaches", Effect: "Allow", Action: UPLOAD_ACTIONS, Resource: caches },
  ]);
}

/** What is wrong with what a role is to be able to do for caches of another private ECR registry. */
export function checkEcrPullThroughRolePermissions(
  scope: RegistryScope,
  needs: EcrPullThroughRoleNeeds,
  path: Path = [],
): Diagnostic[] {
  const problems = [
    ...checkPrefixes(needs.prefixes, [...path, "prefixes"]),
    ...(needs.upstreamPrefixes ? checkPrefixes(needs.upstreamPrefixes, [...path, "upstreamPrefixes"]) : []),
    ...checkAccountId(needs.upstream.accountId, [...path, "upstream", "accountId"]),
    ...checkRegion(needs.upstream.region, [...path, "upstream", "region"]),
  ];
  if (problems.length > 0) return problems;
  return checkSize(ecrPullThroughRolePermissions(scope, needs), ROLE_POLICY_LIMIT, path);
}

function trust(service: string): PolicyDocument {
  return policyDocument([
    { Sid: "AssumeRole", Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
  ]);
}
