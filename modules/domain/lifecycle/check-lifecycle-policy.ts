import { checkWholeNumber, isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { assignPriorities, lifecyclePolicyText } from "./canonical-lifecycle-policy";
import { LifecyclePolicy, LifecycleRule } from "./lifecycle-policy";

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 50;
/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html */
const LONGEST_TEXT = 30_720;
/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html */
const MOST_WILDCARDS = 4;
/** The fewest days for which AWS keeps an image in the archive. */
export const SHORTEST_ARCHIVE_DAYS = 90;
const EVERY_TAG = 'write e.g. tagPatternList: ["v*"], or ["*"] for every tagged image';

const TAG_STATUSES = ["tagged", "untagged", "any"];
const COUNT_TYPES = ["imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];
const RULE_FIELDS = ["rulePriority", "description", "selection", "action"];
const SELECTION_FIELDS = [
  "tagStatus",
  "tagPatternList",
  "tagPrefixList",
  "storageClass",
  "countType",
  "countUnit",
  "countNumber",
];
const ACTION_FIELDS = ["type", "targetStorageClass"];

/** What somebody wrote, of which the types promise nothing: JSON, YAML, JavaScript. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a lifecycle policy, all of it at once: what ECR would answer with "instance failed to match
 * exactly one schema", perhaps only when a repository is created from a template.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function checkLifecyclePolicy(policy: LifecyclePolicy, path: Path = []): Diagnostic[] {
  const at = [...path, "rules"];
  const rules: unknown = (policy as LifecyclePolicy | null)?.rules;
  if (!Array.isArray(rules) || rules.length === 0) {
    const fix = "write at least one rule, e.g. expireUntagged({ afterDays: 30 }), or leave the policy out";
    return [diagnostic({ path: at, message: "must be a list of rules", value: rules, fix })];
  }
  const problems = [
    ...unknownFields(policy as unknown as Fields, ["rules"], path),
    ...rules.flatMap((rule: unknown, index) => checkRule(rule, [...at, index])),
  ];
  return problems.length > 0 ? problems : checkRulesTogether(policy.rules, path, (index) => [...at, index]);
}

/** Checks a rule by itself. */
export function checkRule(rule: unknown, path: Path): Diagnostic[] {
  if (!isFields(rule))
    return [diagnostic({ path, message: "must be a rule", value: rule, fix: "write { selection: …, action: … }" })];
  const { rulePriority, description, selection, action } = rule;
  return [
    ...unknownFields(rule, RULE_FIELDS, path),
    ...(rulePriority === undefined ? [] : checkNumber(rulePriority, 1, [...path, "rulePriority"])),
    ...(description === undefined || typeof description === "string"
      ? []
      : [
          diagnostic({ path: [...path, "description"], message: "must be text", value: description, fix: 'write "…"' }),
        ]),
    ...(isFields(selection)
      ? checkSelection(selection, [...path, "selection"])
      : [missing([...path, "selection"], 'say which images, e.g. { tagStatus: "untagged", … }')]),
    ...(isFields(action)
      ? checkAction(action, isFields(selection) ? selection : {}, [...path, "action"])
      : [missing([...path, "action"], 'write { type: "expire" }')]),
  ];
}

function checkSelection(selection: Fields, path: Path): Diagnostic[] {
  const { tagStatus, countType, countUnit, countNumber, storageClass } = selection;
  const problems = [
    ...unknownFields(selection, SELECTION_FIELDS, path),
    ...checkOneOf(tagStatus, TAG_STATUSES, [...path, "tagStatus"]),
    ...checkTagLists(selection, path),
    ...checkOneOf(countType, COUNT_TYPES, [...path, "countType"]),
  ];
  const archived = countType === "sinceImageTransitioned";
  const least = archived ? SHORTEST_ARCHIVE_DAYS : 1;
  problems.push(...checkNumber(countNumber, least, [...path, "countNumber"]));
  const unit = [...path, "countUnit"];
  if (countType === "imageCountMoreThan" && countUnit !== undefined) {
    const fix = 'remove it, or write countType: "sinceImagePushed"';
    problems.push(diagnostic({ path: unit, message: "must be left out for a count of images", value: countUnit, fix }));
  } else if (countType !== "imageCountMoreThan" && countUnit !== "days") {
    problems.push(
      diagnostic({ path: unit, message: 'must be "days"', value: countUnit, fix: 'write countUnit: "days"' }),
    );
  }
  const storage = [...path, "storageClass"];
  if (archived && storageClass !== "archive") {
    const fix = 'write storageClass: "archive": only archived images have been moved';
    problems.push(
      diagnostic({ path: storage, message: 'must be "archive" for sinceImageTransitioned', value: storageClass, fix }),
    );
  } else if (!archived && storageClass !== undefined && storageClass !== "standard") {
    const fix = 'remove it; archived images expire by countType: "sinceImageTransitioned"';
    problems.push(
      diagnostic({
        path: storage,
        message: "must be left out for images in standard storage",
        value: storageClass,
        fix,
      }),
    );
  }
  return problems;
}

function checkTagLists(selection: Fields, path: Path): Diagnostic[] {
  const lists = ["tagPatternList", "tagPrefixList"].filter((list) => selection[list] !== undefined);
  if (selection.tagStatus !== "tagged") {
    return lists.map((list) => {
      const fix = 'remove it, or write tagStatus: "tagged"';
      return diagnostic({
        path: [...path, list],
        message: "must be left out unless tagStatus is tagged",
        value: selection[list],
        fix,
      });
    });
  }
  if (lists.length !== 1) {
    const fix = 'write e.g. tagPatternList: ["v*"]';
    return [diagnostic({ path, message: "must have either tagPatternList or tagPrefixList for tagged images", fix })];
  }
  const [list] = lists as [string];
  const tags = selection[list];
  const at = [...path, list];
  if (!Array.isArray(tags) || tags.length === 0) {
    return [diagnostic({ path: at, message: "must be a list of at least one text", value: tags, fix: EVERY_TAG })];
  }
  return tags.flatMap((tag: unknown, index) => checkTag(tag, list, [...at, index]));
}

/** Checks an entry of a list of tags. */
export function checkTag(tag: unknown, list: string, path: Path): Diagnostic[] {
  if (isUnresolved(tag)) return [];
  if (typeof tag !== "string" || tag === "")
    return [diagnostic({ path, message: "must be text", value: tag, fix: EVERY_TAG })];
  if (list === "tagPrefixList") {
    if (!tag.includes("*")) return checkTagCharacters(tag, path);
    const message = "must not contain '*', which no tag has: a prefix is taken letter by letter";
    const start = /^[^*]+(?=\*$)/.exec(tag)?.[0];
    const pattern = `write tagPatternList: [${JSON.stringify(tag)}]`;
    const fix = start === undefined ? pattern : `write "${start}", or ${pattern}`;
    return [diagnostic({ path, message, value: tag, fix })];
  }
  const wildcards = tag.split("*").length - 1;
  if (wildcards <= MOST_WILDCARDS) return checkTagCharacters(tag, path);
  const message = `must have at most ${MOST_WILDCARDS} '*', but has ${wildcards}`;
  return [diagnostic({ path, message, value: tag, fix: "use a rule for each part" })];
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
function checkTagCharacters(tag: string, path: Path): Diagnostic[] {
  if (/^[\w.*-]+$/.test(tag)) return [];
  const message = "must have only characters of tags: letters, digits, '_', '.' and '-'";
  const fix = "write what the tags begin with, or a pattern with '*'; regular expressions are not supported";
  return [diagnostic({ path, message, value: tag, fix })];
}

function checkAction(action: Fields, { countType }: Fields, path: Path): Diagnostic[] {
  const { type, targetStorageClass } = action;
  const problems = [
    ...unknownFields(action, ACTION_FIELDS, path),
    ...checkOneOf(type, ["expire", "transition"], [...path, "type"]),
  ];
  if (countType === "sinceImagePulled" && type === "expire") {
    const fix = 'archive them first: { type: "transition", targetStorageClass: "archive" }, or count sinceImagePushed';
    problems.push(
      diagnostic({ path: [...path, "type"], message: "must be transition for sinceImagePulled", value: type, fix }),
    );
  }
  if (countType === "sinceImageTransitioned" && type === "transition") {
    const fix = 'write { type: "expire" }: these images are in the archive already';
    problems.push(
      diagnostic({ path: [...path, "type"], message: "must be expire for sinceImageTransitioned", value: type, fix }),
    );
  }
  const target = [...path, "targetStorageClass"];
  if (type === "transition" && targetStorageClass !== "archive") {
    const fix = 'write targetStorageClass: "archive"';
    problems.push(
      diagnostic({ path: target, message: 'must be "archive" for a transition', value: targetStorageClass, fix }),
    );
  }
  if (type === "expire" && targetStorageClass !== undefined) {
    const message = "must be left out where images expire";
    problems.push(
      diagnostic({ path: target, message, value: targetStorageClass, fix: "remove it, even if it is null" }),
    );
  }
  return problems;
}

/**
 * Checks rules that are right by themselves: what ECR asks of the rules of one storage class together, and of the whole.
 *
 * @param pathOf where a rule is written
 * @param nameOf what a rule is called in messages about another
 */
export function checkRulesTogether(
  written: readonly LifecycleRule[],
  path: Path,
  pathOf: (index: number) => Path,
  nameOf: (index: number) => string = (index) => `rules[${index}]`,
): Diagnostic[] {
  const rules = assignPriorities(written);
  const together = rules.flatMap((rule, index): Diagnostic[] => {
    const problems: Diagnostic[] = [];
    const { rulePriority, selection } = rule;
    const at = pathOf(index);
    const before = rules.slice(0, index);
    if (!isUnresolved(rulePriority) && before.some((other) => other.rulePriority === rulePriority)) {
      const fix = "leave priorities out to have them counted up";
      problems.push(
        diagnostic({
          path: [...at, "rulePriority"],
          message: "must not be another rule's too",
          value: rulePriority,
          fix,
        }),
      );
    }
    const sameClass = (other: LifecycleRule) => storageClassOf(other) === storageClassOf(rule);
    const twin = before.findIndex((other) => sameClass(other) && tagKey(other) === tagKey(rule));
    if (twin >= 0) {
      const message = `must not select the same images as ${nameOf(twin)} does, in the same storage class`;
      problems.push(
        diagnostic({ path: [...at, "selection"], message, fix: "join the two rules, or select other tags" }),
      );
    }
    const later = rules.findIndex((other) => sameClass(other) && other.rulePriority > rulePriority);
    if (selection.tagStatus === "any" && later >= 0) {
      const message = `must come after ${nameOf(later)}: a rule for any image has the highest number of its storage class`;
      problems.push(diagnostic({ path: at, message, value: rulePriority, fix: "write it last" }));
    }
    return problems;
  });
  return [...together, ...checkSize({ rules: written }, path)];
}

function checkSize(policy: LifecyclePolicy, path: Path): Diagnostic[] {
  if (policy.rules.length > MOST_RULES) {
    const message = `must be at most ${MOST_RULES} rules, but are ${policy.rules.length}`;
    return [diagnostic({ path, message, fix: "join rules that do the same to one" })];
  }
  const text = lifecyclePolicyText(policy);
  if (isUnresolved(text) || text.length <= LONGEST_TEXT) return [];
  const message = `must have at most ${LONGEST_TEXT} characters, but has ${text.length}`;
  return [diagnostic({ path, message, fix: "shorten the descriptions" })];
}

/** A rule without a storage class is about standard storage. */
function storageClassOf({ selection }: LifecycleRule): string {
  return selection.storageClass ?? "standard";
}

/** Equal for rules whose tag criteria are equal: those of `untagged` and of `any` always are. */
function tagKey({ selection }: LifecycleRule): string {
  const { tagStatus } = selection;
  const list =
    "tagPatternList" in selection
      ? [...selection.tagPatternList]
      : "tagPrefixList" in selection
        ? [...selection.tagPrefixList]
        : [];
  return JSON.stringify([tagStatus, "tagPatternList" in selection, list.sort()]);
}

function checkOneOf(value: unknown, allowed: readonly string[], path: Path): Diagnostic[] {
  if (isUnresolved(value) || (typeof value === "string" && allowed.includes(value))) return [];
  const choices = allowed.map((one) => `"${one}"`).join(" or ");
  return [diagnostic({ path, message: `must be ${choices}`, value, fix: "write one of them, in this spelling" })];
}

/** Checks a count of days or of images. */
export function checkNumber(value: unknown, least: number, path: Path): Diagnostic[] {
  return checkWholeNumber(value, least, path, `write e.g. ${Math.max(least, 30)}`);
}

/** Finds fields that nobody knows. */
export function unknownFields(fields: Fields, known: readonly string[], path: Path): Diagnostic[] {
  const unknown = Object.keys(fields).filter((field) => !known.includes(field));
  return unknown.map((field) => {
    return diagnostic({
      path: [...path, field],
      message: "is not a known field",
      fix: `use one of ${known.join(", ")}`,
    });
  });
}

/** A field that is missing. */
export function missing(path: Path, fix: string): Diagnostic {
  return diagnostic({ path, message: "is missing", fix });
}

/** Whether a value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
