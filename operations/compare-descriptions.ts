import { isUnresolved } from "../modules/domain";
import { RepositoryDescription } from "./ecr-port";
import { ExpectedDescription } from "./expected-registry";
import { lifecycleDifferences, PolicyDifference, policyDifferences } from "./policy-differences";

/** The settings of a repository that can be compared. */
export type Setting = "encryption" | "image tags" | "lifecycle policy" | "repository policy" | "tags";

/** A setting that is not as it should be; of a repository policy, each statement that is not. */
export interface SettingDifference {
  /** Which setting. */
  readonly setting: Setting;
  /** What the template says, in words. */
  readonly expected: string;
  /** What the repository has, in words. */
  readonly actual: string;
}

/**
 * What is not as it should be. Policies are compared by what they mean; of tags only those that should be there; of a
 * key that only AWS knows no more than that there is one. What only Terraform knows is not compared.
 */
export function compareDescriptions(expected: ExpectedDescription, actual: RepositoryDescription): SettingDifference[] {
  return [
    ...difference("encryption", encryptionOf(expected), liveEncryption(expected, actual)),
    ...difference("image tags", mutabilityOf(expected), mutabilityOf(actual)),
    ...ofPolicy("lifecycle policy", expected.lifecyclePolicy, actual.lifecyclePolicy, lifecycleDifferences),
    ...ofPolicy("repository policy", expected.repositoryPolicy, actual.repositoryPolicy, policyDifferences),
    ...difference("tags", tagsOf(expected.tags), tagsOf(pick(actual.tags, Object.keys(expected.tags)))),
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

function liveEncryption({ ownKey, awsManagedKey }: ExpectedDescription, actual: RepositoryDescription): string {
  if (awsManagedKey) return actual.encryptionType;
  return ownKey ? hideKey(actual) : encryptionOf(actual);
}

/** A repository that has any key, where the one that it should have is known to AWS only. */
function hideKey({ encryptionType, kmsKey }: RepositoryDescription): string {
  return kmsKey === undefined && encryptionType !== "AES256" ? `${encryptionType} with the key of AWS` : encryptionType;
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
