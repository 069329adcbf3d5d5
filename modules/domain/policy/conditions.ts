import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/** Condition keys, each with the value or the values that a request is compared with. */
export interface ConditionValues {
  readonly [key: string]: string | readonly string[];
}

const COMPARISONS = [
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "BinaryEquals",
  "Bool",
  "DateEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateNotEquals",
  "IpAddress",
  "NotIpAddress",
  "NumericEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericNotEquals",
  "StringEquals",
  "StringEqualsIgnoreCase",
  "StringLike",
  "StringNotEquals",
  "StringNotEqualsIgnoreCase",
  "StringNotLike",
] as const;
/** How the values of a request are compared where it has several for one key. */
const QUANTIFIERS = ["", "ForAllValues:", "ForAnyValue:"] as const;
const PRESENCE = ["", "IfExists"] as const;

/** An operator of conditions: a comparison, of each of several values, and also where a request lacks the key. */
export type ConditionOperator =
  "Null" | `${(typeof QUANTIFIERS)[number]}${(typeof COMPARISONS)[number]}${(typeof PRESENCE)[number]}`;

const OPERATORS: readonly string[] = [
  "Null",
  ...QUANTIFIERS.flatMap((quantifier) =>
    COMPARISONS.flatMap((comparison) => PRESENCE.map((presence) => `${quantifier}${comparison}${presence}`)),
  ),
];

/**
 * Conditions by operator. All operators and keys must match, of the values of a key any one. A negated operator also
 * matches a request that lacks the key.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export type Conditions = { readonly [Operator in ConditionOperator]?: ConditionValues };

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
    if (!OPERATORS.includes(operator)) {
      const near = OPERATORS.find((known) => known.toLowerCase() === operator.toLowerCase());
      const fix = near
        ? `write ${near}`
        : `write one of ${COMPARISONS.join(", ")} or Null, alone or with ForAllValues:, ForAnyValue: before it and IfExists after it`;
      return [diagnostic({ path: at, message: "must be a condition operator", fix })];
    }
    const keys = entries(values);
    if (keys.length === 0) {
      const fix = 'write e.g. { "aws:SourceAccount": "111122223333" }';
      return [diagnostic({ path: at, message: "must compare at least one key", value: values, fix })];
    }
    return keys.flatMap(([key, value]) => checkKey(operator, key, value, [...at, key]));
  });
}

function checkKey(operator: string, key: string, value: unknown, path: Path): Diagnostic[] {
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
  const texts = values as readonly string[];
  if (texts.some((text) => ONLY_WILDCARDS.test(text))) {
    return [
      diagnostic({
        path,
        message: 'must not be "*", which is met by every value',
        value,
        fix: "write what it has to be",
      }),
    ];
  }
  return checkValues(operator, texts, path);
}

/** The types of values that operators compare. Other operators compare text. */
function checkValues(operator: string, values: readonly string[], path: Path): Diagnostic[] {
  const type = VALUE_TYPES.find(({ operators }) => operators.test(operator));
  const wrong = type && values.find((value) => !isUnresolved(value) && !type.isValue(value));
  if (wrong === undefined) return [];
  return [diagnostic({ path, message: `must be ${type!.message} for ${operator}`, value: wrong, fix: type!.fix })];
}

const ONLY_WILDCARDS = /^[*?]+$/;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const VALUE_TYPES: readonly {
  readonly operators: RegExp;
  readonly message: string;
  readonly fix: string;
  readonly isValue: (value: string) => boolean;
}[] = [
  {
    operators: /^(?:Bool|Null)/,
    message: 'the text "true" or "false"',
    fix: 'write "true" or "false", in quotes',
    isValue: (value) => value === "true" || value === "false",
  },
  {
    operators: /^Date/,
    message: "a date",
    fix: 'write e.g. "2026-12-31T23:59:59Z"',
    isValue: isDate,
  },
  {
    operators: /IpAddress/,
    message: "an IP address or a CIDR block, and not all addresses,",
    fix: 'write e.g. "203.0.113.0/24"',
    isValue: isAddressRange,
  },
  {
    operators: /^Arn/,
    message: "an ARN",
    fix: 'write e.g. "arn:aws:iam::111122223333:role/deployer"',
    isValue: (value) => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(value),
  },
];

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A date of the calendar, as ISO 8601 or in seconds since 1970. */
function isDate(value: string): boolean {
  if (/^\d{1,13}$/.test(value)) return true;
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(value))) return false;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function isAddressRange(value: string): boolean {
  const [address = "", bits, ...rest] = value.split("/");
  const longest = isIpv4(address) ? 32 : isIpv6(address) ? 128 : 0;
  if (longest === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest);
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** The parser of URLs knows every form of an IPv6 address. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && text.includes(":") && URL.canParse(`http://[${text}]`);
}

function entries(object: unknown): [string, unknown][] {
  return Object.entries(Object(object) as object).filter(([, value]) => value !== undefined);
}
