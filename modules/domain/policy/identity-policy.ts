import { Path, Diagnostic } from "../basics";
import { RegistryScope } from "../naming";
import { FIRST_PULL_ACTIONS } from "./ecr-action";
import { checkSize, PolicyDocument, policyDocument, PolicyLimit } from "./policy-document";
import { checkPrefixes, repositoryArns } from "./repository-arns";

/** What an identity pulls. */
export interface PullerNeeds {
  /** The caches' prefixes, `ROOT` for every repository. */
  readonly prefixes: readonly string[];
}

/**
 * Of the limits that a policy can meet, depending on where it is attached, a managed policy's.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
const LIMIT: PolicyLimit = {
  kind: "managed policy",
  characters: 6144,
  fix: "make a policy for each part of the prefixes, or use prefixes that include others",
};

/**
 * The policy that lets an identity pull through caches: a document for the owners of a role. An identity of the
 * registry's own account needs nothing else. One of another account needs the registry policy and the repository
 * policies to allow it as well.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export function pullerIdentityPolicy(scope: RegistryScope, needs: PullerNeeds): PolicyDocument {
  const repositories = repositoryArns(scope, needs.prefixes);
  return policyDocument([
    { Sid: "Authenticate", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    { Sid: "PullThroughCache", Effect: "Allow", Action: FIRST_PULL_ACTIONS, Resource: repositories },
  ]);
}

/** What is wrong with what an identity is to pull. */
export function checkPullerIdentityPolicy(scope: RegistryScope, needs: PullerNeeds, path: Path = []): Diagnostic[] {
  const problems = checkPrefixes(needs.prefixes, [...path, "prefixes"]);
  return problems.length > 0 ? problems : checkSize(pullerIdentityPolicy(scope, needs), LIMIT, path);
}
