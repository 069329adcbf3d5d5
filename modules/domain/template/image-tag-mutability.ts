import { isUnresolved, matchesWildcard, Path, Diagnostic, diagnostic } from "../basics";

/** All tags follow one rule, but for those that match one of up to five wildcard filters. */
export interface TagMutabilityWithExclusion {
  /**
   * `IMMUTABLE_WITH_EXCLUSION`: no tag can move but those that match. `MUTABLE_WITH_EXCLUSION`: every tag can move
   * but those that match.
   */
  readonly type: "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";
  /**
   * One to five tag filters, in which `*` stands for any characters, e.g. `latest` or `nightly-*`. Up to 128
   * characters each.
   */
  readonly exclusionFilters: readonly string[];
}

/**
 * Whether a tag of a cached repository can move to another image.
 *
 * In a cache this decides about refreshing: ECR asks the upstream at most once in 24 hours whether a tag has moved,
 * and follows it only if the tag may move here too. An immutable `latest` therefore stays what it was on its first
 * pull, and so does a `1.27` that the upstream rebuilds with security fixes.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export type ImageTagMutability = "MUTABLE" | "IMMUTABLE" | TagMutabilityWithExclusion;

/**
 * What repositories get if nothing else is said: a tag that was deployed once means the same image for ever, except
 * `latest`, which nobody uses to mean that.
 */
export const DEFAULT_IMAGE_TAG_MUTABILITY: ImageTagMutability = {
  type: "IMMUTABLE_WITH_EXCLUSION",
  exclusionFilters: ["latest"],
};

const MODES_WITHOUT_FILTERS: readonly unknown[] = ["MUTABLE", "IMMUTABLE"];
const MODES_WITH_FILTERS: readonly unknown[] = ["IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"];
/** The most filters that ECR takes. */
export const MOST_FILTERS = 5;
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/;
/** A limit of the Terraform provider; ECR's own API states none. */
const MOST_WILDCARDS = 2;

/** Whether a tag can move, in a repository of this setting. */
export function tagCanMove(tag: string, mutability: ImageTagMutability): boolean {
  if (typeof mutability === "string") return mutability !== "IMMUTABLE";
  const isException = mutability.exclusionFilters.some((filter) => matchesWildcard(tag, filter));
  return isException === (mutability.type === "IMMUTABLE_WITH_EXCLUSION");
}

/** What is wrong with a mutability setting. */
export function checkImageTagMutability(mutability: ImageTagMutability, path: Path): Diagnostic[] {
  if (typeof mutability === "string") {
    if (isUnresolved(mutability) || MODES_WITHOUT_FILTERS.includes(mutability)) return [];
    const fix = MODES_WITH_FILTERS.includes(mutability)
      ? `name the tags that are exempt: { type: "${mutability as string}", exclusionFilters: ["latest"] }`
      : 'write "MUTABLE", "IMMUTABLE" or { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["latest"] }';
    return [diagnostic({ path, message: "must be a tag mutability", value: mutability, fix })];
  }
  const problems: Diagnostic[] = [];
  if (!MODES_WITH_FILTERS.includes(mutability.type)) {
    problems.push(
      diagnostic({
        path: [...path, "type"],
        message: `must be ${MODES_WITH_FILTERS.join(" or ")}`,
        value: mutability.type,
        fix: 'write "MUTABLE" or "IMMUTABLE" alone, without filters',
      }),
    );
  }
  return [...problems, ...checkFilters(mutability.exclusionFilters, [...path, "exclusionFilters"])];
}

function checkFilters(filters: readonly string[] | undefined, path: Path): Diagnostic[] {
  const count = Array.isArray(filters) ? filters.length : 0;
  if (count < 1 || count > MOST_FILTERS) {
    const fix = 'name the tags, e.g. ["latest", "nightly-*"]';
    return [
      diagnostic({ path, message: `must list 1 to ${MOST_FILTERS} filters, but has ${count}`, value: filters, fix }),
    ];
  }
  return filters!.flatMap((filter, index) => {
    if (isUnresolved(filter) || isFilter(filter)) return [];
    const message = `must be 1 to 128 letters, digits, '.', '_', '-' and at most ${MOST_WILDCARDS} '*'`;
    return [diagnostic({ path: [...path, index], message, value: filter, fix: 'write e.g. "latest" or "nightly-*"' })];
  });
}

function isFilter(filter: unknown): boolean {
  return typeof filter === "string" && FILTER.test(filter) && filter.split("*").length - 1 <= MOST_WILDCARDS;
}
