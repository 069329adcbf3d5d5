import { isUnresolved } from "../modules/domain";
import { RepositoryDescription } from "./ecr-port";
import { ExpectedDescription } from "./expected-registry";
import { lifecycleDifferences, PolicyDifference, policyDifferences } from "./policy-differences";

/** The settings of a repository that can be compared. */
export const SETTINGS = ["encryption", "image tags", "lifecycle policy", "repository policy", "tags"] as const;

/** One of the settings. */
export type Setting = (typeof SETTINGS)[number];

/** A setting that is different; of a repository policy, each statement that is. */
export interface SettingDifference {
  /** The setting. */
  readonly setting: Setting;
  /** The value of the template, in words. */
  readonly expected: string;
  /** The value of the repository, in words. */
  readonly actual: string;
  /** Whether the repository policy has a statement that allows something today and that the template does not have. */
  readonly revokes?: true;
  /** An explanation of the actual value. */
  readonly note?: string;
}

/**
 * The settings that are different. Policies are compared by their meaning; of tags only those that the template has; of a
 * key whose ARN only AWS knows, only that there is one. Values that only Terraform knows are not compared.
 *
 * @param isTemplate whether a template is compared, which must not have further tags
 */
export function compareDescriptions(
  expected: ExpectedDescription,
  actual: RepositoryDescription,
  isTemplate = false,
): SettingDifference[] {
  const tags = isTemplate ? actual.tags : pick(actual.tags, Object.keys(expected.tags));
  return [
    ...difference("encryption", encryptionOf(expected), expected.ownKey ? hideKey(actual) : encryptionOf(actual)),
    ...difference("image tags", mutabilityOf(expected), mutabilityOf(actual)),
    ...ofPolicy("lifecycle policy", expected.lifecyclePolicy, actual.lifecyclePolicy, lifecycleDifferences),
    ...ofPolicy("repository policy", expected.repositoryPolicy, actual.repositoryPolicy, (one, other) => {
      return policyDifferences(one, other, "repository");
    }),
    ...difference("tags", tagsOf(expected.tags), tagsOf(tags)),
  ];
}

function difference(setting: Setting, expected: string, actual: string): SettingDifference[] {
  return expected === actual || isUnresolved(expected) ? [] : [{ setting, expected, actual }];
}

function ofPolicy(
  setting: Setting,
  expected: string | undefined,
  actual: string | undefined,
  differencesOf: (expected: string | undefined, actual: string | undefined) => PolicyDifference[],
): SettingDifference[] {
  return isUnresolved(expected) ? [] : differencesOf(expected, actual).map((one) => ({ setting, ...one }));
}

function encryptionOf({ encryptionType, kmsKey }: RepositoryDescription): string {
  return kmsKey === undefined ? encryptionType : `${encryptionType} with ${kmsKey}`;
}

/** The encryption without the ARN of the key, for an expected key whose ARN only AWS knows. */
function hideKey({ encryptionType, kmsKey }: RepositoryDescription): string {
  return kmsKey === undefined && encryptionType === "KMS" ? "KMS with the key of AWS" : encryptionType;
}

function mutabilityOf({ imageTagMutability, exclusionFilters }: RepositoryDescription): string {
  return [imageTagMutability, ...[...exclusionFilters].sort()].join(" ");
}

function tagsOf(tags: Readonly<Record<string, string>>): string {
  const entries = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${value}`).join(", ") || "none";
}

function pick(tags: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => keys.includes(key)));
}
