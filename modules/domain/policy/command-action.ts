/**
 * The actions of other services that the commands for a deployed registry call: they look up principals, the age of
 * secrets and the tags of many repositories at once.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export type CommandAction = "iam:GetUser" | "secretsmanager:ListSecretVersionIds" | "tag:GetResources";
