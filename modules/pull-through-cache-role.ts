import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { RegistryScope, ResourceTags, ROOT_PREFIX } from "./domain/naming";
import { upstreamRole, upstreamRolePolicy } from "./domain/plan";
import { checkEcrPullThroughRolePermissions } from "./domain/policy";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

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
 * @throws ValidationError if the prefix or the upstream registry cannot work
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
    throwErrors(this, checkEcrPullThroughRolePermissions(registry, needs));
    const role = writeResource(this, "Resource", "aws_iam_role", upstreamRole(name, tags));
    const policy = upstreamRolePolicy(registry, role.getStringAttribute("name"), {
      prefix,
      cache: { upstreamRegistry, upstreamRepositoryPrefix },
    });
    this.permissions = writeResource(this, "Policy", "aws_iam_role_policy", policy);
    this.roleArn = role.getStringAttribute("arn");
  }
}
