import { Diagnostic, diagnostic, formatPath, Path } from "../basics";
import {
  checkNumber,
  checkRule,
  checkRulesTogether,
  checkTag,
  Fields,
  isFields,
  missing,
  SHORTEST_ARCHIVE_DAYS,
  unknownFields,
} from "./check-lifecycle-policy";
import { Lifecycle, rulesOf } from "./recipes";

/** The least that a number of a recipe can be, or that a field is a list of patterns. */
type Kind = number | "patterns";

/** The fields of each recipe; those with a question mark can be left out. */
const RECIPES: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  archiveUnpulled: { afterDays: 1, "expireAfterDays?": SHORTEST_ARCHIVE_DAYS },
  expireTagged: { tagPatterns: "patterns", afterDays: 1 },
  expireUntagged: { afterDays: 1 },
  keepLast: { count: 1 },
  keepReleases: { tagPatterns: "patterns", expireOthersAfterDays: 1 },
};

/**
 * Checks a lifecycle, all of it at once: what ECR would answer with "instance failed to match exactly one schema",
 * perhaps only when a repository is created from a template.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function checkLifecycle(lifecycle: Lifecycle, path: Path): Diagnostic[] {
  const entries: unknown = lifecycle;
  if (!Array.isArray(entries)) {
    const fix = "write e.g. [{ expireUntagged: { afterDays: 30 } }], or [] to keep every image";
    return [diagnostic({ path, message: "must be a list of recipes and rules", value: entries, fix })];
  }
  const problems = entries.flatMap((entry: unknown, index) => checkEntry(entry, [...path, index]));
  if (problems.length > 0 || lifecycle.length === 0) return problems;
  const rules = lifecycle.flatMap((entry, index) => rulesOf(entry).map((rule) => ({ rule, path: [...path, index] })));
  return checkRulesTogether(
    rules.map(({ rule }) => rule),
    path,
    (index) => rules[index]!.path,
    (index) => formatPath(rules[index]!.path.slice(-2)),
  );
}

function checkEntry(entry: unknown, path: Path): Diagnostic[] {
  if (!isFields(entry)) {
    const fix = `write a rule, or one of ${Object.keys(RECIPES).join(", ")}`;
    return [diagnostic({ path, message: "must be a recipe or a rule", value: entry, fix })];
  }
  const name = Object.keys(entry).find((field) => field in RECIPES);
  if (name === undefined) {
    const isRule = "selection" in entry || "action" in entry;
    const fix = `use one of ${Object.keys(RECIPES).join(", ")}, or write a rule with selection and action`;
    if (isRule) return checkRule(entry, path);
    return [diagnostic({ path, message: "must be a recipe or a rule", value: entry, fix })];
  }
  const others = Object.keys(entry).filter((field) => field !== name);
  if (others.length > 0) {
    const message = `must hold ${name} alone, but also holds ${others.join(", ")}`;
    return [diagnostic({ path, message, fix: "write an entry for each" })];
  }
  return checkRecipe(entry[name], RECIPES[name]!, [...path, name]);
}

function checkRecipe(value: unknown, kinds: Readonly<Record<string, Kind>>, path: Path): Diagnostic[] {
  const fields = Object.keys(kinds).map((field) => field.replace("?", ""));
  if (!isFields(value)) {
    const fix = `write { ${fields.map((field) => `${field}: …`).join(", ")} }`;
    return [diagnostic({ path, message: "must be an object", value, fix })];
  }
  return [
    ...unknownFields(value, fields, path),
    ...Object.entries(kinds).flatMap(([field, kind]) => checkField(field, value, kind, path)),
  ];
}

function checkField(field: string, recipe: Fields, kind: Kind, path: Path): Diagnostic[] {
  const name = field.replace("?", "");
  const at = [...path, name];
  const value = recipe[name];
  if (value === undefined) return field.endsWith("?") ? [] : [missing(at, "add it")];
  if (kind !== "patterns") return checkNumber(value, kind, at);
  if (!Array.isArray(value) || value.length === 0) {
    const fix = 'write e.g. ["v*"]';
    return [diagnostic({ path: at, message: "must be a list of at least one text", value, fix })];
  }
  return value.flatMap((pattern: unknown, index) => {
    return checkTag(pattern, "tagPatternList", [...at, index]);
  });
}
