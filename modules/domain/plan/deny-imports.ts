import { allowedRepositories } from "../cache";
import { repositoriesUnder } from "../naming";
import { PolicyDocument, policyDocument, namedArn, stableSet } from "../policy";
import { Registry, resolveRegistry } from "../registry";

/**
 * The policy that denies all imports from upstreams into a registry except those that its caches' lists allow. A
 * registry policy only adds permissions: an identity policy that allows `ecr:BatchImportUpstreamImage` allows every
 * import. This document limits these identities, as a service control policy or as a policy of each of them.
 *
 * Caches of other environments in the same account and Region are denied as well: describe them together.
 *
 * @param registry a description in which `checkRegistry` finds no error
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export function importDenialPolicy(registry: Registry): PolicyDocument {
  const allowed = resolveRegistry(registry).caches.flatMap(({ cache, prefix }) => {
    return allowedRepositories(cache, prefix) ?? [repositoriesUnder(prefix)];
  });
  return policyDocument([
    {
      Sid: "DenyOtherImports",
      Effect: "Deny",
      Action: "ecr:BatchImportUpstreamImage",
      NotResource: stableSet(allowed.map((name) => namedArn(registry, name))),
      Condition: {
        StringEquals: { "aws:RequestedRegion": registry.region, "aws:ResourceAccount": registry.accountId },
      },
    },
  ]);
}
