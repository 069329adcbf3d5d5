import { Path, Diagnostic } from "../basics";
import { accountArn, RegistryScope } from "../naming";
import { KEY_ADMINISTRATION_ACTIONS, TEMPLATE_ROLE_KEY_ACTIONS } from "./kms-action";
import { checkSize, PolicyDocument, policyDocument, PolicyLimit, PolicyStatement } from "./policy-document";
import { checkIdentityArn, checkPrincipals, Principal } from "./principal";
import { policyStatements } from "./statement";

/** Who uses and runs a key beside its account. */
export interface KmsKeyUsers {
  /**
   * The ARN of the role with which ECR creates repositories. KMS refuses a policy that names a role which does not
   * exist: pass the role's own attribute, so that Terraform creates the role first.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly templateRoleArn?: string;
  /**
   * Who may change the key and its policy, schedule its deletion and grant its use, but not use it.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly administrators?: readonly Principal[];
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY_LIMIT: PolicyLimit = {
  kind: "key policy",
  characters: 32_768,
  fix: "name fewer administrators",
};

/**
 * The policy of a key for repositories. Its first statement is the one that KMS writes by default: IAM policies of
 * the account work for the key, and the key stays manageable when everybody else who is named is gone.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export function kmsKeyPolicy(scope: RegistryScope, users: KmsKeyUsers = {}): PolicyDocument {
  const { templateRoleArn, administrators = [] } = users;
  const templateRole = templateRoleArn === undefined ? [] : [{ arn: templateRoleArn }];
  const account: PolicyStatement = {
    Sid: "EnableIAMUserPermissions",
    Effect: "Allow",
    Principal: { AWS: accountArn(scope) },
    Action: "kms:*",
    Resource: "*",
  };
  return policyDocument([
    account,
    ...policyStatements(
      scope,
      { sid: "AllowCreationTemplateRole", principals: templateRole, actions: TEMPLATE_ROLE_KEY_ACTIONS },
      ["*"],
    ),
    ...policyStatements(
      scope,
      { sid: "AllowAdministrators", principals: administrators, actions: KEY_ADMINISTRATION_ACTIONS },
      ["*"],
    ),
  ]);
}

/** What is wrong with those who are to use and run a key. */
export function checkKmsKeyPolicy(scope: RegistryScope, users: KmsKeyUsers, path: Path = []): Diagnostic[] {
  const { templateRoleArn, administrators } = users;
  const problems = [
    ...(templateRoleArn === undefined ? [] : checkIdentityArn(templateRoleArn, [...path, "templateRoleArn"])),
    ...(administrators ? checkPrincipals(administrators, [...path, "administrators"]) : []),
  ];
  return problems.length > 0 ? problems : checkSize(kmsKeyPolicy(scope, users), KEY_POLICY_LIMIT, path);
}
