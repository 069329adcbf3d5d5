import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/**
 * The KMS actions that the library writes into policies; all of them only for the account that a key is in.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export type KmsAction =
  | "kms:*"
  | "kms:CancelKeyDeletion"
  | "kms:CreateAlias"
  | "kms:CreateGrant"
  | "kms:Decrypt"
  | "kms:DeleteAlias"
  | "kms:DescribeKey"
  | "kms:DisableKey"
  | "kms:DisableKeyRotation"
  | "kms:EnableKey"
  | "kms:EnableKeyRotation"
  | "kms:GenerateDataKey"
  | "kms:GetKeyPolicy"
  | "kms:GetKeyRotationStatus"
  | "kms:ListGrants"
  | "kms:ListKeyPolicies"
  | "kms:ListKeyRotations"
  | "kms:ListResourceTags"
  | "kms:PutKeyPolicy"
  | "kms:RetireGrant"
  | "kms:RevokeGrant"
  | "kms:RotateKeyOnDemand"
  | "kms:ScheduleKeyDeletion"
  | "kms:TagResource"
  | "kms:UntagResource"
  | "kms:UpdateAlias"
  | "kms:UpdateKeyDescription";

/**
 * What creates a repository that is encrypted with a key. ECR itself encrypts and decrypts by the grants that come of
 * it, so nobody who pulls or pushes needs the key.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export const TEMPLATE_ROLE_KEY_ACTIONS: readonly KmsAction[] = [
  "kms:CreateGrant",
  "kms:DescribeKey",
  "kms:RetireGrant",
];

/** What runs a key and decides who uses it, without using it. */
export const KEY_ADMINISTRATION_ACTIONS: readonly KmsAction[] = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** What is wrong with the ARN of a key. */
export function checkKeyArn(arn: string, path: Path): Diagnostic[] {
  if (isUnresolved(arn) || /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/.test(arn)) return [];
  const fix = 'write e.g. "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"';
  return [
    diagnostic({ path, message: "must be the full ARN of a KMS key, not an alias or a key id", value: arn, fix }),
  ];
}
