import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { kmsKeyPolicy } from "./domain/policy";
import { RegistryScope } from "./domain/naming/registry-scope";
import { ResourceTags } from "./domain/naming/resource-tags";
import { isUnresolved } from "./domain/basics/unresolved";
import { policyText } from "./policy-text";
import { refuseProblems } from "./validation-error";

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
 * @throws ValidationError if the deletion window cannot work
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export class RegistryKey extends Construct {
  /** The key's full ARN (token), as a template wants it. */
  public readonly keyArn: string;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RegistryKeyProps) {
    super(scope, id);
    const { registry, templateRoleArn, alias = "ecr-pull-through-cache", deletionWindowInDays = 30, tags } = props;
    if (!isUnresolved(deletionWindowInDays) && !isDeletionWindow(deletionWindowInDays)) {
      const what = "must be a whole number from 7 to 30";
      const fix = "leave it out for 30 days";
      refuseProblems(this, [{ path: ["deletionWindowInDays"], what, value: deletionWindowInDays, fix }]);
    }
    const key = new KmsKey(this, "Resource", {
      description: "Images that ECR caches from upstream registries",
      enableKeyRotation: true,
      deletionWindowInDays,
      policy: policyText(kmsKeyPolicy(registry, { templateRoleArn })),
      tags,
      lifecycle: props.preventDestroy ? { preventDestroy: true } : undefined,
    });
    new KmsAlias(this, "Alias", { name: `alias/${alias}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
  }
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
function isDeletionWindow(days: number): boolean {
  return Number.isInteger(days) && days >= 7 && days <= 30;
}
