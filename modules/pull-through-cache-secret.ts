import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { checkManagedSecret, ExistingSecret, ManagedSecret } from "./domain/cache";
import { checkTexts, ResourceTags } from "./domain/naming";
import { secretSettings, secretVersion } from "./domain/plan";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

/** A secret to create. */
export interface PullThroughCacheSecretProps extends Omit<ManagedSecret, "type" | "name"> {
  /** The secret's name after `ecr-pullthroughcache/`, e.g. `docker-hub`. It names the Terraform variables too. */
  readonly name: string;
  /** The upstream in words, for the descriptions of the secret and its variables. */
  readonly upstreamTitle: string;
  /**
   * The full ARN of the secret if it exists already, to take it over.
   *
   * @default - it is created
   */
  readonly adoptFrom?: string;
  /**
   * Whether Terraform refuses to destroy the secret.
   *
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Tags of the secret.
   *
   * @default - none
   */
  readonly tags?: ResourceTags;
}

/**
 * The credential for an upstream, in Secrets Manager. Its value, unless it comes from elsewhere, is read from two
 * variables that must be set at plan and at apply, as `TF_VAR_docker_hub_username` or in the workspace. Both are sensitive, and ephemeral, which keeps
 * them out of plan files; the argument they go to is write-only, which keeps them out of the state.
 * Needs Terraform 1.11 or OpenTofu 1.11.
 *
 * The secret is encrypted with `aws/secretsmanager`, since ECR does not support a customer key here.
 *
 * @throws ValidationError if the name, the version or the recovery window cannot work
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
export class PullThroughCacheSecret extends Construct {
  /** The secret as a rule's credential (token). */
  public readonly credential: ExistingSecret;
  /**
   * The secret's value, for a rule to wait for; none where it comes from elsewhere. Not by its own ARN attribute, which is the secret's: a new version
   * replaces the value, and would then show a change of every rule that is none.
   */
  public readonly value: ITerraformDependable | undefined;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: PullThroughCacheSecretProps) {
    super(scope, id);
    const { upstreamTitle, tags, adoptFrom, preventDestroy } = props;
    throwErrors(this, [...checkTexts(props, undefined), ...checkManagedSecret(props, [])]);
    const settings = secretSettings(props, { upstreamTitle, tags });
    const options = { importId: adoptFrom, preventDestroy };
    const secret = writeResource(this, "Resource", "aws_secretsmanager_secret", settings, options);
    const value = secretVersion(props, { upstreamTitle, secret: secret.getStringAttribute("id") });
    this.credential = { type: "existing-secret", secretArn: secret.getStringAttribute("arn") };
    this.value = value && writeResource(this, "Value", "aws_secretsmanager_secret_version", value);
  }
}
