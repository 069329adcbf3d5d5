import { TerraformResource } from "cdktf";
import { Diagnostic, diagnostic } from "./domain/basics";
import { Reader, readPlan, RegistryPlan } from "./domain/plan";

/** The first release of the provider after ECR's API had `CREATE_ON_PUSH`. */
const CREATE_ON_PUSH_SINCE = "6.28.0";
/** @see https://github.com/hashicorp/terraform-provider-aws/pull/45765 */
const PULL_TIME_EXCLUSION_SINCE = "6.28.0";
/** @see https://github.com/hashicorp/terraform-provider-aws/pull/46092 */
const BLOB_MOUNTING_SINCE = "6.29.0";

type Newer = Pick<Diagnostic, "path" | "value"> & { readonly name: string; readonly since: string };

/** What a resource uses that older releases of the provider do not have. */
const NEWER: Reader<readonly Newer[]> = {
  aws_iam_role: () => [],
  aws_iam_role_policy: () => [],
  aws_kms_key: () => [],
  aws_kms_alias: () => [],
  aws_secretsmanager_secret: () => [],
  aws_secretsmanager_secret_version: () => [],
  aws_ecr_repository_creation_template: ({ path, settings: { appliedFor } }) =>
    appliedFor.includes("CREATE_ON_PUSH")
      ? [{ path: [...path, "appliedFor"], value: appliedFor, name: "CREATE_ON_PUSH", since: CREATE_ON_PUSH_SINCE }]
      : [],
  aws_ecr_pull_through_cache_rule: () => [],
  aws_ecr_registry_policy: () => [],
  aws_ecr_registry_scanning_configuration: () => [],
  aws_ecr_account_setting: ({ path, name, settings: { value } }) =>
    name === "BLOB_MOUNTING" ? [{ path, value, name, since: BLOB_MOUNTING_SINCE }] : [],
  aws_ecr_pull_time_update_exclusion: ({ path, settings: { principalArn } }) => [
    { path, value: principalArn, name: "pull-time exclusions", since: PULL_TIME_EXCLUSION_SINCE },
  ],
  aws_ecr_replication_configuration: () => [],
  aws_sns_topic: () => [],
  aws_sns_topic_policy: () => [],
  aws_cloudwatch_event_rule: () => [],
  aws_cloudwatch_event_target: () => [],
};

/**
 * Checks that the provider that the engine brings has everything that a plan uses.
 *
 * @param resources the written resources by address, which know the provider's version
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/45720
 */
export function checkProviderVersion(
  plan: RegistryPlan,
  resources: ReadonlyMap<string, TerraformResource>,
): Diagnostic[] {
  return readPlan(plan, NEWER).flatMap((parts, index) => {
    const { terraformGeneratorMetadata } = resources.get(plan.resources[index]!.address)!;
    const version = terraformGeneratorMetadata?.providerVersion ?? "";
    return parts.flatMap(({ path, value, name, since }): Diagnostic[] => {
      if (version.localeCompare(since, "en", { numeric: true }) >= 0) return [];
      const message = `must not hold ${name}: the AWS provider here is ${version}, and knows it since ${since}`;
      return [
        diagnostic({ path, message, value, fix: "remove it, or use CDK Terrain (cdktn), whose provider is newer" }),
      ];
    });
  });
}
