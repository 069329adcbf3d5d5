import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/** Tags by key: keys of up to 128 characters, values of up to 256, at most 50. */
export interface ResourceTags {
  readonly [key: string]: string;
}

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
/** What AWS keeps for itself, and a name that no object of JavaScript can have. */
const RESERVED_KEY = /^(?:aws:|__proto__$)/i;
/** What every AWS service takes in a tag. */
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * What is wrong with tags.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
 */
export function checkResourceTags(tags: ResourceTags, path: Path): Diagnostic[] {
  const entries = Object.entries(tags);
  const problems = [
    ...entries.flatMap(([key, value]) => checkTag(key, value, [...path, key])),
    ...checkSameKeys(
      entries.map(([key]) => key),
      path,
    ),
  ];
  if (entries.length > MOST_TAGS) {
    problems.push(
      diagnostic({ path, message: `must be at most ${MOST_TAGS} tags, but are ${entries.length}`, fix: "remove some" }),
    );
  }
  return problems;
}

/**
 * Tags of roles have keys that IAM compares without their case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 */
function checkSameKeys(keys: readonly string[], path: Path): Diagnostic[] {
  const seen = new Map<string, string>();
  return keys.flatMap((key): Diagnostic[] => {
    const same = seen.get(key.toLowerCase());
    if (same === undefined) seen.set(key.toLowerCase(), key);
    if (same === undefined || isUnresolved(key)) return [];
    const message = `must not have the key of the tag "${same}" in another case, which IAM takes for the same`;
    return [diagnostic({ path: [...path, key], message, value: key, fix: "keep one of the two" })];
  });
}

function checkTag(key: string, value: string, path: Path): Diagnostic[] {
  const problems: Diagnostic[] = [];
  if (!isUnresolved(key) && (key === "" || key.length > LONGEST_KEY || !TEXT.test(key) || RESERVED_KEY.test(key))) {
    problems.push(
      diagnostic({
        path,
        message: `must have a key of 1 to ${LONGEST_KEY} letters, digits, spaces and _ . : / = + - @ that does not start with aws:`,
        value: key,
        fix: 'write e.g. "team"',
      }),
    );
  }
  if (!isUnresolved(value) && (typeof value !== "string" || value.length > LONGEST_VALUE || !TEXT.test(value))) {
    problems.push(
      diagnostic({
        path,
        message: `must have a value of at most ${LONGEST_VALUE} letters, digits, spaces and _ . : / = + - @`,
        value,
        fix: 'write e.g. "platform"',
      }),
    );
  }
  return problems;
}
