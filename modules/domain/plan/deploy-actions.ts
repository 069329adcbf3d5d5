import type { DeployAction, KmsAction, PolicyAction } from "../policy";

/** What keeps a role with its inline policy. */
export const ROLE_ACTIONS: readonly DeployAction[] = [
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePolicy",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
  "iam:ListRolePolicies",
  "iam:PutRolePolicy",
  "iam:TagRole",
  "iam:UntagRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
  "iam:UpdateRoleDescription",
];

/** Of these, the actions on a role that AWS can tie to the role's permissions boundary. */
export const BOUNDED_ROLE_ACTIONS: readonly DeployAction[] = [
  "iam:CreateRole",
  "iam:DeleteRolePolicy",
  "iam:PutRolePolicy",
];

/** What reads a key. */
export const KEY_READ_ACTIONS: readonly KmsAction[] = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
];

/** What makes a key with its alias, and what removes both: all of it is also called while the key has no alias. */
export const KEY_CREATION_ACTIONS: readonly KmsAction[] = [
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:EnableKeyRotation",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UpdateAlias",
];

/** What changes a key that is there. */
export const KEY_CHANGE_ACTIONS: readonly KmsAction[] = [
  "kms:EnableKey",
  "kms:PutKeyPolicy",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/** What keeps a secret without its value. */
export const SECRET_ACTIONS: readonly DeployAction[] = [
  "secretsmanager:CreateSecret",
  "secretsmanager:DeleteResourcePolicy",
  "secretsmanager:DeleteSecret",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "secretsmanager:PutResourcePolicy",
  "secretsmanager:TagResource",
  "secretsmanager:UntagResource",
  "secretsmanager:UpdateSecret",
];

/** What keeps a secret's value; the provider reads it back even if it may not keep it. */
export const SECRET_VALUE_ACTIONS: readonly DeployAction[] = [
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecretVersionStage",
];

/** What keeps a topic with its policy. */
export const TOPIC_ACTIONS: readonly DeployAction[] = [
  "sns:CreateTopic",
  "sns:DeleteTopic",
  "sns:GetTopicAttributes",
  "sns:ListTagsForResource",
  "sns:SetTopicAttributes",
  "sns:TagResource",
  "sns:UntagResource",
];

/** What keeps an EventBridge rule with its target. */
export const RULE_ACTIONS: readonly DeployAction[] = [
  "events:DeleteRule",
  "events:DescribeRule",
  "events:ListTagsForResource",
  "events:ListTargetsByRule",
  "events:PutRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "events:TagResource",
  "events:UntagResource",
];

/** What of all this the provider calls to find out how things are. */
export const READ_ACTIONS: readonly PolicyAction[] = [
  ...KEY_READ_ACTIONS,
  "ecr:DescribePullThroughCacheRules",
  "ecr:DescribeRegistry",
  "ecr:DescribeRepositoryCreationTemplates",
  "ecr:GetAccountSetting",
  "ecr:GetRegistryPolicy",
  "ecr:GetRegistryScanningConfiguration",
  "ecr:ListPullTimeUpdateExclusions",
  "events:DescribeRule",
  "events:ListTagsForResource",
  "events:ListTargetsByRule",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListRolePolicies",
  "kms:ListAliases",
  "sns:GetTopicAttributes",
  "sns:ListTagsForResource",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "secretsmanager:GetSecretValue",
];
