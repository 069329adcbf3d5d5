import { Construct } from "constructs";
import { Diagnostic, diagnostic, isUnresolved } from "./domain/basics";
import { KEY_ALIAS, RegistryScope, ResourceTags } from "./domain/naming";
import { registryKey } from "./domain/plan";
import { checkKmsKeyPolicy } from "./domain/policy";
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
    const { registry, templateRoleArn, alias, deletionWindowInDays, tags, preventDestroy } = props;
    throwErrors(this, [
      ...checkKmsKeyPolicy(registry, { templateRoleArn }),
      ...checkDeletionWindow(deletionWindowInDays),
    ]);
    const settings = registryKey(registry, { templateRoleArn, deletionWindowInDays, tags });
    const key = writeResource(this, "Resource", "aws_kms_key", settings, { preventDestroy });
    const name = alias === undefined ? KEY_ALIAS : `alias/${alias}`;
    writeResource(this, "Alias", "aws_kms_alias", { name, settings: { key: key.getStringAttribute("key_id") } });
    this.keyArn = key.getStringAttribute("arn");
  }
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
function checkDeletionWindow(days: number | undefined): Diagnostic[] {
  if (days === undefined || isUnresolved(days) || (Number.isInteger(days) && days >= 7 && days <= 30)) return [];
  const message = "must be a whole number from 7 to 30";
  return [diagnostic({ path: ["deletionWindowInDays"], message, value: days, fix: "leave it out for 30 days" })];
}
