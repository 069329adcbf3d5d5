import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Diagnostic, diagnostic } from "./domain/basics";
import {
  cachePrefix,
  checkPullThroughCache,
  ExistingSecret,
  needsUpstreamRole,
  PullThroughCache,
} from "./domain/cache";
import { RegistryScope } from "./domain/naming";
import { planned, ruleSettings } from "./domain/plan";
import { providerPlace } from "./provider-place";
import { refuseCollisions } from "./refuse-collisions";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

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
    const prefix = cachePrefix(props);
    const settings = ruleSettings(props, prefix);
    const resource = planned("aws_ecr_pull_through_cache_rule", this.node.id, settings);
    refuseCollisions(this, { scope: props.registry, resources: [resource] });
    const rule = writeResource(this, "Resource", resource.kind, settings, {
      dependsOn: props.dependsOn && [...props.dependsOn],
      importId: props.importExisting ? prefix : undefined,
      ...providerPlace(this, props.registry),
    });
    this.prefix = rule.getStringAttribute("ecr_repository_prefix");
  }
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
