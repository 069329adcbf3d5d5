import { formatDiagnostic } from "../basics";
import { lifecyclePolicyText } from "./canonical-lifecycle-policy";
import { checkLifecyclePolicy } from "./check-lifecycle-policy";
import { LifecyclePolicy } from "./lifecycle-policy";

/**
 * The policy's text, as ECR takes it: compact, in AWS's order of fields. What is the default is left out: ECR has
 * refused `"storageClass":"standard"` and explicit nulls in combination.
 *
 * @throws Error with everything that is wrong with the policy
 * @see https://github.com/cloudposse/terraform-aws-ecr/pull/159
 */
export function renderLifecyclePolicy(policy: LifecyclePolicy): string {
  const problems = checkLifecyclePolicy(policy);
  if (problems.length > 0) throw new Error(problems.map(formatDiagnostic).join("\n"));
  return lifecyclePolicyText(policy);
}
