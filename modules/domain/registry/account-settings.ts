import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";

/**
 * Settings that ECR keeps once for each account and Region.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html
 */
export interface AccountSettings {
  /**
   * `V2` lets the registry policy decide about every action of ECR, and not only about replication, imports and the
   * creation of repositories. Registries of today have it; ECR does not document a way back.
   *
   * @default - not managed
   */
  readonly registryPolicyScope?: "V2";
  /**
   * Whether a push can reuse a layer of another repository of the registry that has the same encryption. Cached images
   * do not take part. Needs AWS provider 6.29 or newer.
   *
   * @default - not managed
   */
  readonly blobMounting?: "ENABLED" | "DISABLED";
  /**
   * The engine of basic scanning.
   *
   * @default - not managed
   */
  readonly basicScanTypeVersion?: "AWS_NATIVE";
}

/** What ECR calls an account setting. */
export interface AccountSettingTerms {
  /** The setting's name. */
  readonly name: string;
  /** The values that it can have. */
  readonly values: readonly string[];
}

/** The names that ECR has for the settings, and their values. */
export const ACCOUNT_SETTINGS: Readonly<Record<keyof AccountSettings, AccountSettingTerms>> = {
  registryPolicyScope: { name: "REGISTRY_POLICY_SCOPE", values: ["V2"] },
  blobMounting: { name: "BLOB_MOUNTING", values: ["ENABLED", "DISABLED"] },
  basicScanTypeVersion: { name: "BASIC_SCAN_TYPE_VERSION", values: ["AWS_NATIVE"] },
};

/** The settings that a description has, by the names of the description. */
export function accountSettingNames(settings: AccountSettings): (keyof AccountSettings)[] {
  return (Object.keys(ACCOUNT_SETTINGS) as (keyof AccountSettings)[]).filter((name) => settings[name] !== undefined);
}

/** Checks account settings. */
export function checkAccountSettings(settings: AccountSettings, path: Path): Diagnostic[] {
  return accountSettingNames(settings).flatMap((name): Diagnostic[] => {
    const value = settings[name];
    const values: readonly unknown[] = ACCOUNT_SETTINGS[name].values;
    if (isUnresolved(value) || values.includes(value)) return [];
    const fix = `write ${values.map((one) => JSON.stringify(one)).join(" or ")}, or leave it out`;
    return [diagnostic({ path: [...path, name], message: "is not a known value", value, fix })];
  });
}

const MOST_EXCLUSIONS = 100;
const LONGEST_ARN = 200;
const ROLE_ARN = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/;

/**
 * Checks the roles whose pulls do not count.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html
 */
export function checkPullTimeExclusions(roleArns: readonly string[], path: Path): Diagnostic[] {
  const problems = roleArns.flatMap((arn, index): Diagnostic[] => {
    const at = [...path, index];
    if (isUnresolved(arn)) return [];
    if (typeof arn !== "string" || arn.length > LONGEST_ARN || !ROLE_ARN.test(arn)) {
      const message = `must be the ARN of an IAM role, of at most ${LONGEST_ARN} characters`;
      const fix = 'write e.g. "arn:aws:iam::111122223333:role/Scanner"';
      return [diagnostic({ path: at, message, value: arn, fix })];
    }
    if (roleArns.indexOf(arn) === index) return [];
    return [diagnostic({ path: at, message: "must not be listed twice", value: arn, fix: "remove one" })];
  });
  if (roleArns.length <= MOST_EXCLUSIONS) return problems;
  const message = `must be at most ${MOST_EXCLUSIONS}, but are ${roleArns.length}`;
  return [...problems, diagnostic({ path, message, fix: "let scanners share a role" })];
}
