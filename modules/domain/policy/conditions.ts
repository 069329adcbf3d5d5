import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/** Condition keys, each with the value or the values that a request is compared with. */
export interface ConditionValues {
  readonly [key: string]: string | readonly string[];
}

const OPERATORS = [
  "ArnEquals",
  "ArnEqualsIfExists",
  "ArnLike",
  "ArnLikeIfExists",
  "ArnNotEquals",
  "ArnNotEqualsIfExists",
  "ArnNotLike",
  "ArnNotLikeIfExists",
  "Bool",
  "BoolIfExists",
  "DateGreaterThan",
  "DateLessThan",
  "ForAllValues:StringEquals",
  "ForAllValues:StringLike",
  "ForAnyValue:StringEquals",
  "ForAnyValue:StringLike",
  "IpAddress",
  "IpAddressIfExists",
  "NotIpAddress",
  "NotIpAddressIfExists",
  "Null",
  "StringEquals",
  "StringEqualsIfExists",
  "StringEqualsIgnoreCase",
  "StringLike",
  "StringLikeIfExists",
  "StringNotEquals",
  "StringNotEqualsIfExists",
  "StringNotEqualsIgnoreCase",
  "StringNotLike",
  "StringNotLikeIfExists",
] as const;

/**
 * Conditions by operator. All operators and keys must match, of the values of a key any one. A negated operator also
 * matches a request that lacks the key.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export type Conditions = { readonly [Operator in (typeof OPERATORS)[number]]?: ConditionValues };

/** A service's prefix or an identity provider's host, then the key's name. */
const KEY = /^[A-Za-z0-9.-]+:.+$/;
/**
 * The characters of policy documents.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const TEXT = /^[\t\n\r\u0020-\u00ff]*$/;

/** What is wrong with the conditions of a statement. */
export function checkConditions(conditions: Conditions, path: Path): Diagnostic[] {
  const operators = entries(conditions);
  if (operators.length === 0) {
    const fix = 'write e.g. { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, or leave it out';
    return [diagnostic({ path, message: "must have at least one operator", value: conditions, fix })];
  }
  return operators.flatMap(([operator, values]) => {
    const at = [...path, operator];
    if (!(OPERATORS as readonly string[]).includes(operator)) {
      const near = OPERATORS.find((known) => known.toLowerCase() === operator.toLowerCase());
      const fix = near ? `write ${near}` : `write one of ${OPERATORS.join(", ")}`;
      return [diagnostic({ path: at, message: "must be a condition operator", fix })];
    }
    const keys = entries(values);
    if (keys.length === 0) {
      const fix = 'write e.g. { "aws:SourceAccount": "111122223333" }';
      return [diagnostic({ path: at, message: "must compare at least one key", value: values, fix })];
    }
    return keys.flatMap(([key, value]) => checkKey(key, value, [...at, key]));
  });
}

function checkKey(key: string, value: unknown, path: Path): Diagnostic[] {
  if (!isUnresolved(key) && !KEY.test(key)) {
    return [
      diagnostic({
        path,
        message: "must be a condition key with its service's prefix",
        fix: 'write e.g. "aws:SourceAccount"',
      }),
    ];
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || !values.every((one) => typeof one === "string" && TEXT.test(one))) {
    const message = "must be text, or a list of at least one text, in the characters of Latin-1";
    return [diagnostic({ path, message, value, fix: 'write e.g. "111122223333"; quote numbers, true and false' })];
  }
  if (!values.includes("*")) return [];
  return [
    diagnostic({
      path,
      message: 'must not be "*", which is met by every value',
      value,
      fix: "write what it has to be",
    }),
  ];
}

function entries(object: unknown): [string, unknown][] {
  return Object.entries(Object(object) as object).filter(([, value]) => value !== undefined);
}
