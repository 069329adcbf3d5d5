/**
 * The actions of other services with which Terraform creates, reads, changes and destroys what a registry needs.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export type DeployAction =
  EventsAction | IamAction | SecretsManagerAction | SnsAction | "kms:CreateKey" | "kms:ListAliases";

type EventsAction =
  | "events:DeleteRule"
  | "events:DescribeRule"
  | "events:ListTagsForResource"
  | "events:ListTargetsByRule"
  | "events:PutRule"
  | "events:PutTargets"
  | "events:RemoveTargets"
  | "events:TagResource"
  | "events:UntagResource";

type SnsAction =
  | "sns:CreateTopic"
  | "sns:DeleteTopic"
  | "sns:GetTopicAttributes"
  | "sns:ListTagsForResource"
  | "sns:SetTopicAttributes"
  | "sns:TagResource"
  | "sns:UntagResource";

type IamAction =
  | "iam:CreateRole"
  | "iam:CreateServiceLinkedRole"
  | "iam:DeleteRole"
  | "iam:DeleteRolePolicy"
  | "iam:GetRole"
  | "iam:GetRolePolicy"
  | "iam:ListAttachedRolePolicies"
  | "iam:ListInstanceProfilesForRole"
  | "iam:ListRolePolicies"
  | "iam:PassRole"
  | "iam:PutRolePermissionsBoundary"
  | "iam:PutRolePolicy"
  | "iam:TagRole"
  | "iam:UntagRole"
  | "iam:UpdateAssumeRolePolicy"
  | "iam:UpdateRole"
  | "iam:UpdateRoleDescription";

type SecretsManagerAction =
  | "secretsmanager:CreateSecret"
  | "secretsmanager:DeleteResourcePolicy"
  | "secretsmanager:DeleteSecret"
  | "secretsmanager:DescribeSecret"
  | "secretsmanager:GetResourcePolicy"
  | "secretsmanager:GetSecretValue"
  | "secretsmanager:PutResourcePolicy"
  | "secretsmanager:PutSecretValue"
  | "secretsmanager:TagResource"
  | "secretsmanager:UntagResource"
  | "secretsmanager:UpdateSecret"
  | "secretsmanager:UpdateSecretVersionStage";
