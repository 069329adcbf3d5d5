import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  cacheCredential,
  cachePrefix,
  checkPullThroughCache,
  EcrUpstreamCache,
  needsUpstreamRole,
  PullThroughCache,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
} from "./domain/cache/pull-through-cache";
import { Diagnostic, diagnostic } from "./domain/basics/diagnostic";
import { ExistingSecret } from "./domain/cache/pull-through-cache-secret";
import { RegistryScope } from "./domain/naming/registry-scope";
import { ImportBlock } from "./import-block";
import { refuseSecondOwner } from "./one-owner";
import { throwErrors } from "./validation-error";

/** A cache, and the registry that it is in. */
export type PullThroughCacheRuleProps = PullThroughCache<ExistingSecret> & {
  /** The registry that the rule belongs to, with which the credential's account and region must agree. */
  readonly registry: RegistryScope;
  /**
   * What must exist before the rule, beside what the props refer to: the value of its secret.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
  /**
   * Whether the rule exists already and is taken over. If its upstream is another, it is replaced.
   *
   * @default false
   */
  readonly importExisting?: boolean;
};

/**
 * One upstream registry, cached under a prefix of the private registry.
 *
 * @throws ValidationError if the prefix, the upstream or the credential cannot work, or the app has another rule for the
 * same prefix of the registry
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export class PullThroughCacheRule extends Construct {
  /** The prefix as Terraform reports it (token), so that whatever reads it waits for the rule. */
  public readonly prefix: string;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: PullThroughCacheRuleProps) {
    super(scope, id);
    throwErrors(this, [...checkPullThroughCache(props, props.registry, []), ...checkRole(props)]);
    refuseSecondOwner(this, `the rule for ${cachePrefix(props)}`, props.registry);
    const rule = new EcrPullThroughCacheRule(this, "Resource", {
      ecrRepositoryPrefix: cachePrefix(props),
      upstreamRegistryUrl: upstreamRegistryUrl(props),
      credentialArn: cacheCredential(props)?.secretArn,
      ...(props.upstream === "ecr" ? ecrArguments(props) : {}),
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    if (props.importExisting) new ImportBlock(this, "Import", rule, cachePrefix(props));
    this.prefix = rule.ecrRepositoryPrefix;
  }
}

/** The provider reads the prefix back from ECR: if it were left out here, its `ROOT` would plan a replacement. */
function ecrArguments(cache: EcrUpstreamCache) {
  return { upstreamRepositoryPrefix: upstreamRepositoryPrefix(cache), customRoleArn: cache.customRoleArn };
}

/** What a rule lacks that nobody will fill in: ECR reads another account's registry with a role only. */
function checkRole(props: PullThroughCacheRuleProps): Diagnostic[] {
  if (!needsUpstreamRole(props, props.registry) || props.customRoleArn !== undefined) return [];
  const message = "is missing: ECR reads another account's registry with a role only";
  return [
    diagnostic({
      path: ["customRoleArn"],
      message,
      fix: "pass the roleArn of a PullThroughCacheRole",
      code: "no-role",
    }),
  ];
}
