import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { RegistryScope } from "./registry-scope";

const POLICY_ARN = /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;

/**
 * What is wrong with the ARN of a role that ECR is to take on: it takes on none of another account.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html
 */
export function checkCustomRole(roleArn: string, { accountId }: RegistryScope, path: Path): Diagnostic[] {
  if (isUnresolved(roleArn)) return [];
  const account = typeof roleArn === "string" ? ROLE_ARN.exec(roleArn)?.[1] : undefined;
  if (account === undefined) {
    const fix = 'write e.g. "arn:aws:iam::111122223333:role/EcrRepositoryCreation"';
    return [diagnostic({ path, message: "must be the ARN of an IAM role", value: roleArn, fix })];
  }
  if (isUnresolved(accountId) || account === accountId) return [];
  const message = `must be of the registry's account ${accountId}, but is of ${account}`;
  return [
    diagnostic({ path, message, value: roleArn, fix: `name a role in account ${accountId}`, code: "role-elsewhere" }),
  ];
}

/** Checks the ARN of a managed policy that is to limit roles: one of the same account, or one of AWS. */
export function checkPolicyArn(policyArn: string, { accountId }: RegistryScope, path: Path): Diagnostic[] {
  if (isUnresolved(policyArn)) return [];
  const account = typeof policyArn === "string" ? POLICY_ARN.exec(policyArn)?.[1] : undefined;
  if (account === undefined) {
    const fix = 'write e.g. "arn:aws:iam::111122223333:policy/Boundary"';
    return [diagnostic({ path, message: "must be the ARN of a managed IAM policy", value: policyArn, fix })];
  }
  if (isUnresolved(accountId) || account === accountId || account === "aws") return [];
  const message = `must be in the registry's account ${accountId}, but is in ${account}`;
  return [diagnostic({ path, message, value: policyArn, fix: `name a policy in account ${accountId}` })];
}
