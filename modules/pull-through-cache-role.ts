import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ecrPullThroughRolePermissions, ecrPullThroughRoleTrust } from "./domain/policy";
import { RegistryScope } from "./domain/naming/registry-scope";
import { ROOT_PREFIX } from "./domain/naming/repository-prefix";
import { ResourceTags } from "./domain/naming/resource-tags";
import { policyText } from "./policy-text";

/** What the role is for. */
export interface PullThroughCacheRoleProps {
  /** The registry that caches. */
  readonly registry: RegistryScope;
  /** The registry that is cached. */
  readonly upstreamRegistry: RegistryScope;
  /**
   * The prefix of the upstream registry that is cached.
   *
   * @default - `ROOT`: every repository of it
   */
  readonly upstreamRepositoryPrefix?: string;
  /** The prefix of the cache in the registry that caches. */
  readonly prefix: string;
  /** The role's name. IAM is one for all regions, so the name must tell a registry from the account's others. */
  readonly name: string;
  /**
   * Tags of the role.
   *
   * @default - none
   */
  readonly tags?: ResourceTags;
}

/**
 * The role with which ECR reads another account's registry and fills a cache of it. The other account must let this
 * one in, too.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export class PullThroughCacheRole extends Construct {
  /** The role's ARN (token). */
  public readonly roleArn: string;
  /** What the role may do, for a rule to wait for. */
  public readonly permissions: ITerraformDependable;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: PullThroughCacheRoleProps) {
    super(scope, id);
    const { registry, upstreamRegistry, upstreamRepositoryPrefix = ROOT_PREFIX, prefix, name, tags } = props;
    const needs = { prefixes: [prefix], upstream: upstreamRegistry, upstreamPrefixes: [upstreamRepositoryPrefix] };
    const role = new IamRole(this, "Resource", {
      name,
      description: "ECR fills a pull through cache of another account's registry with it",
      assumeRolePolicy: policyText(ecrPullThroughRoleTrust()),
      tags,
    });
    this.permissions = new IamRolePolicy(this, "Policy", {
      name: "pull-through-cache",
      role: role.name,
      policy: policyText(ecrPullThroughRolePermissions(registry, needs)),
    });
    this.roleArn = role.arn;
  }
}
