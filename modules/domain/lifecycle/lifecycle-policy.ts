import { formatProblem, Path, Problem } from "../problem";
import { isUnresolved } from "../unresolved";

/** Images one of whose tags begins as each of the list says. */
export interface TaggedByPrefix {
  readonly tagStatus: "tagged";
  /** The beginnings. All of them must be found, so alternatives need rules of their own. */
  readonly tagPrefixList: readonly string[];
}

/** Images one of whose tags matches each pattern of the list. */
export interface TaggedByPattern {
  readonly tagStatus: "tagged";
  /** The patterns, each with at most four `*`. All of them must match, so alternatives need rules of their own. */
  readonly tagPatternList: readonly string[];
}

/** Images without a tag. */
export interface Untagged {
  readonly tagStatus: "untagged";
}

/** All images. */
export interface AnyImage {
  readonly tagStatus: "any";
}

/** Which images a rule is about, by their tags. */
export type TagSelection = TaggedByPrefix | TaggedByPattern | Untagged | AnyImage;

/** All but the newest so many, by the time of their push. */
export interface ImageCountMoreThan {
  readonly countType: "imageCountMoreThan";
  /** How many to keep: at least 1. */
  readonly countNumber: number;
  readonly storageClass?: "standard";
}

/** Images that were pushed so long ago. */
export interface SinceImagePushed {
  readonly countType: "sinceImagePushed";
  readonly countUnit: "days";
  /** How many days: at least 1. */
  readonly countNumber: number;
  readonly storageClass?: "standard";
}

/** Images that were pulled last so long ago; one that was never pulled counts from its push. */
export interface SinceImagePulled {
  readonly countType: "sinceImagePulled";
  readonly countUnit: "days";
  /** How many days: at least 1. */
  readonly countNumber: number;
  readonly storageClass?: "standard";
}

/** Images that were archived so long ago. */
export interface SinceImageTransitioned {
  readonly countType: "sinceImageTransitioned";
  readonly countUnit: "days";
  /** How many days: at least 90, for which AWS charges the archive in any case. */
  readonly countNumber: number;
  readonly storageClass: "archive";
}

interface RuleOfAnyAction {
  /**
   * The rule's place in the order of evaluation, from 1. A number is given to one rule only.
   *
   * @default - one more than the rule before has
   */
  readonly rulePriority?: number;
  /**
   * What the rule is for.
   *
   * @default - none
   */
  readonly description?: string;
}

/** A rule that deletes images. */
export interface ExpireRule extends RuleOfAnyAction {
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImageTransitioned);
  readonly action: { readonly type: "expire" };
}

/** A rule that moves images to the archive, from which they can be restored. */
export interface TransitionRule extends RuleOfAnyAction {
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImagePulled);
  readonly action: { readonly type: "transition"; readonly targetStorageClass: "archive" };
}

/** One rule of a lifecycle policy, in the form in which AWS documents it. */
export type LifecycleRule = ExpireRule | TransitionRule;

/**
 * Which images ECR deletes or archives by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export interface LifecyclePolicy {
  readonly rules: readonly LifecycleRule[];
}

const MOST_RULES = 50;
const LONGEST_TEXT = 30_720;
const SHORTEST_ARCHIVE_DAYS = 90;

/** What is wrong with a lifecycle policy. */
export function checkLifecyclePolicy(policy: LifecyclePolicy, path: Path = []): Problem[] {
  const rules = withPriorities(policy.rules);
  const problems = rules.flatMap(({ rulePriority, selection }, index): Problem[] => {
    const at = [...path, "rules", index];
    const found: Problem[] = [];
    if (!isUnresolved(rulePriority) && rules.findIndex((other) => other.rulePriority === rulePriority) < index) {
      const mend = "leave priorities out to have them counted up";
      found.push({ path: [...at, "rulePriority"], what: "must not repeat", value: rulePriority, mend });
    }
    const { countNumber } = selection;
    const least = selection.countType === "sinceImageTransitioned" ? SHORTEST_ARCHIVE_DAYS : 1;
    if (!isUnresolved(countNumber) && !(Number.isInteger(countNumber) && countNumber >= least)) {
      const what = `must be a whole number from ${least}`;
      found.push({ path: [...at, "selection", "countNumber"], what, value: countNumber, mend: `write e.g. ${least}` });
    }
    return found;
  });
  if (rules.length > MOST_RULES) {
    const what = `must be at most ${MOST_RULES}, but are ${rules.length}`;
    problems.push({ path: [...path, "rules"], what, mend: "remove some" });
  }
  const text = render(rules);
  if (!isUnresolved(text) && text.length > LONGEST_TEXT) {
    const what = `must have at most ${LONGEST_TEXT} characters, but has ${text.length}`;
    problems.push({ path, what, mend: "shorten the descriptions" });
  }
  return problems;
}

/**
 * The policy's text: compact, with the rules in the order of their priorities.
 *
 * @throws Error if there is something wrong with the policy
 */
export function renderLifecyclePolicy(policy: LifecyclePolicy): string {
  const problems = checkLifecyclePolicy(policy);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  return render(withPriorities(policy.rules));
}

function withPriorities(rules: readonly LifecycleRule[]): (LifecycleRule & { readonly rulePriority: number })[] {
  let last = 0;
  return rules.map((rule) => {
    last = rule.rulePriority ?? last + 1;
    return { ...rule, rulePriority: last };
  });
}

function render(rules: readonly (LifecycleRule & { readonly rulePriority: number })[]): string {
  const sorted = [...rules].sort((a, b) => a.rulePriority - b.rulePriority);
  return JSON.stringify({
    rules: sorted.map(({ rulePriority, description, selection, action }) => {
      return { rulePriority, description, selection, action };
    }),
  });
}
