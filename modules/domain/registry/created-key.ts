import { checkPrincipals, Principal } from "../policy";
import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";

/** The KMS key that is created with a registry, where a template has no other. */
export interface CreatedKey {
  /**
   * After how many days KMS replaces the key material: 90 to 2560. What is encrypted stays readable.
   *
   * @default 365
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
   */
  readonly rotationPeriodInDays?: number;
  /**
   * For how many days KMS keeps a deleted key restorable: 7 to 30.
   *
   * @default 30
   */
  readonly deletionWindowInDays?: number;
  /**
   * The principals that are allowed to change the key and its policy, to schedule its deletion and to grant its use, but
   * not to use it.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly administrators?: readonly Principal[];
  /**
   * The key's alias, without `alias/`. An account has one of it in each Region.
   *
   * @default "ecr-pull-through-cache"
   */
  readonly alias?: string;
}

const ALIAS = /^(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/;

/** Checks the settings of the key. */
export function checkCreatedKey(key: CreatedKey, path: Path): Diagnostic[] {
  const { alias, administrators } = key;
  const problems = [
    ...checkDays(key.rotationPeriodInDays, 90, 2560, [...path, "rotationPeriodInDays"]),
    ...checkDays(key.deletionWindowInDays, 7, 30, [...path, "deletionWindowInDays"]),
    ...(administrators ? checkPrincipals(administrators, [...path, "administrators"]) : []),
  ];
  if (alias === undefined || isUnresolved(alias) || (typeof alias === "string" && ALIAS.test(alias))) return problems;
  const message = "must be 1 to 250 letters, digits, '/', '_' and '-', and must not start with aws/";
  const fix = 'write the alias without "alias/", e.g. "ecr-images"';
  return [...problems, diagnostic({ path: [...path, "alias"], message, value: alias, fix })];
}

function checkDays(days: number | undefined, least: number, most: number, path: Path): Diagnostic[] {
  if (days === undefined || isUnresolved(days)) return [];
  if (Number.isInteger(days) && days >= least && days <= most) return [];
  const message = `must be a whole number from ${least} to ${most}`;
  return [diagnostic({ path, message, value: days, fix: "leave it out for the default" })];
}
