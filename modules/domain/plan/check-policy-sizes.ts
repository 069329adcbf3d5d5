import { Diagnostic } from "../basics";
import { partitionOf } from "../naming";
import {
  checkSize,
  KEY_POLICY_LIMIT,
  PolicyDocument,
  PolicyLimit,
  REGISTRY_POLICY_LIMIT,
  REPOSITORY_POLICY_LIMIT,
  ROLE_POLICY_LIMIT,
} from "../policy";
import { withKnownValues } from "./known-values";
import { Reader, readPlan, RegistryPlan } from "./planned-resource";

type LimitedPolicy = readonly [policy: PolicyDocument | undefined, limit: PolicyLimit];

/** The policies of each kind of resource, with the limits on their text. */
const LIMITED: Reader<readonly LimitedPolicy[]> = {
  aws_iam_role: () => [],
  aws_iam_role_policy: ({ settings }) => [[settings.policy, ROLE_POLICY_LIMIT]],
  aws_kms_key: ({ settings }) => [[settings.policy, KEY_POLICY_LIMIT]],
  aws_kms_alias: () => [],
  aws_secretsmanager_secret: () => [],
  aws_secretsmanager_secret_version: () => [],
  aws_ecr_repository_creation_template: ({ settings }) => [[settings.repositoryPolicy, REPOSITORY_POLICY_LIMIT]],
  aws_ecr_pull_through_cache_rule: () => [],
  aws_ecr_registry_policy: ({ settings }) => [[settings.policy, REGISTRY_POLICY_LIMIT]],
  aws_ecr_registry_scanning_configuration: () => [],
  aws_ecr_account_setting: () => [],
  aws_ecr_pull_time_update_exclusion: () => [],
  aws_ecr_replication_configuration: () => [],
  aws_sns_topic: () => [],
  aws_sns_topic_policy: () => [],
  aws_cloudwatch_event_rule: () => [],
  aws_cloudwatch_event_target: () => [],
};

/** Checks the size of every policy in a plan. A reference counts as long as the ARN that takes its place. */
export function checkPolicySizes(plan: RegistryPlan): Diagnostic[] {
  const { accountId, region } = plan.scope;
  const keyArn = `arn:${partitionOf(region)}:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`;
  const sized = withKnownValues(plan, ({ kind }, reference) => (kind === "aws_kms_key" ? keyArn : reference));
  return readPlan(sized, LIMITED).flatMap((policies, index) => {
    return policies.flatMap(([policy, limit]) => {
      return policy === undefined ? [] : checkSize(policy, limit, plan.resources[index]!.path);
    });
  });
}
