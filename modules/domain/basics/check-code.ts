/** The stable names of checks that refuse: what they find cannot work, or AWS would refuse it later. */
export type DiagnosticCode =
  | "key-elsewhere"
  | "no-role"
  | "no-pull-through-cache"
  | "overlapping-caches"
  | "repository-lockout"
  | "repository-name-too-long"
  | "role-elsewhere"
  | "secret-elsewhere"
  | "too-many-caches"
  | "two-owners";

/** The stable names of checks that warn: what they find works, and is probably not what was meant. */
export type DiagnosticCode =
  | "creation-everywhere"
  | "digest-cannot-import"
  | "expires-before-next-pull"
  | "foreign-key"
  | "frozen-tags"
  | "image-not-served"
  | "lambda-cannot-pull-through"
  | "lifecycle-archives"
  | "lifecycle-by-count"
  | "lifecycle-list-means-and"
  | "puller-lacks-permission"
  | "root-prefix"
  | "shadowed-template"
  | "statement-names-repository"
  | "uncovered-prefix"
  | "unserved-template"
  | "unused-acceptance";

/** The stable name of a check. It never changes its meaning, so that an acceptance keeps its own. */
export type DiagnosticCode = DiagnosticCode | DiagnosticCode;

/** What each check finds. */
export const CHECKS: Readonly<Record<DiagnosticCode, string>> = {
  "key-elsewhere": "a key of another region, which ECR cannot use",
  "no-role": "a key, tags or another account's registry without the role that ECR needs for it",
  "no-pull-through-cache": "a region in which ECR has no pull-through cache",
  "overlapping-caches": "two caches that cover the same repositories",
  "repository-lockout": "a repository policy that shuts the account out of changing it",
  "repository-name-too-long": "an image whose repository would have a longer name than ECR allows",
  "role-elsewhere": "a role of another account, which ECR cannot take on",
  "secret-elsewhere": "a secret of another account or region, which ECR cannot read",
  "too-many-caches": "more rules than ECR keeps in one registry",
  "two-owners": "two owners of what an account and region have only once",
  "creation-everywhere": "principals who may create repositories everywhere",
  "digest-cannot-import": "an image that is pulled by its digest",
  "expires-before-next-pull": "images that expire before a workload pulls them again",
  "foreign-key": "a key of another account",
  "frozen-tags": "moving tags in repositories where no tag can move",
  "image-not-served": "a workload's image that no cache serves",
  "lambda-cannot-pull-through": "Lambda pulling from cached repositories",
  "lifecycle-archives": "cached images that are archived, and then cannot be pulled",
  "lifecycle-by-count": "cached images that expire by their number",
  "lifecycle-list-means-and": "a lifecycle rule whose list of tags must match as a whole",
  "puller-lacks-permission": "a puller who lacks a permission of a first pull",
  "root-prefix": "a cache without a prefix for an upstream that is not ECR",
  "shadowed-template": "a template of which more specific ones leave nothing",
  "statement-names-repository": "a statement about a prefix that is probably the name of a repository",
  "uncovered-prefix": "cached repositories that no template covers",
  "unserved-template": "a template for prefixes that nothing caches",
  "unused-acceptance": "an accepted finding that is not there",
};
