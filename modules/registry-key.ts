import { Construct } from "constructs";
import { keyAlias, RegistryScope, ResourceTags } from "./domain/naming";
import { registryKey } from "./domain/plan";
import { checkKmsKeyPolicy, Principal } from "./domain/policy";
import { checkCreatedKey } from "./domain/registry";
import { providerPlace } from "./provider-place";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

/** A key for the repositories of a registry. */
export interface RegistryKeyProps {
  /** The registry whose repositories are encrypted, in whose account and region the key is. */
  readonly registry: RegistryScope;
  /**
   * The ARN of the role with which ECR creates repositories (token: KMS refuses a policy that names a role which
   * does not exist yet).
   *
   * @default - only what the account's IAM policies allow
   */
  readonly templateRoleArn?: string;
  /**
   * The key's alias, without `alias/`: one key an account and region can have it.
   *
   * @default "ecr-pull-through-cache"
   */
  readonly alias?: string;
  /**
   * After how many days KMS replaces the key material: 90 to 2560.
   *
   * @default 365
   */
  readonly rotationPeriodInDays?: number;
  /**
   * The principals that are allowed to change the key and its policy, but not to use it.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly administrators?: readonly Principal[];
  /**
   * For how many days KMS keeps a deleted key restorable: 7 to 30.
   *
   * @default 30
   */
  readonly deletionWindowInDays?: number;
  /**
   * Whether Terraform refuses to destroy the key.
   *
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Tags of the key.
   *
   * @default - none
   */
  readonly tags?: ResourceTags;
}

/**
 * A customer key for the images of a registry, with rotation, and an alias by which people find it.
 * Without the key no image under it can be pulled: deleting it is deleting them.
 *
 * @throws ValidationError if the role's ARN or the deletion window cannot work
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export class RegistryKey extends Construct {
  /** The key's full ARN (token), as a template wants it. */
  public readonly keyArn: string;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RegistryKeyProps) {
    super(scope, id);
    const { registry, templateRoleArn, alias, tags, preventDestroy, ...own } = props;
    throwErrors(this, [...checkCreatedKey({ alias, ...own }, []), ...checkKmsKeyPolicy(registry, { templateRoleArn })]);
    const place = providerPlace(this, registry);
    const settings = registryKey(registry, { ...own, templateRoleArn, tags });
    const key = writeResource(this, "Resource", "aws_kms_key", settings, { preventDestroy, ...place });
    const target = { name: keyAlias(alias), settings: { key: key.getStringAttribute("key_id") } };
    writeResource(this, "Alias", "aws_kms_alias", target, place);
    this.keyArn = key.getStringAttribute("arn");
  }
}
