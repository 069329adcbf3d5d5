/** How much a diagnostic matters: an error is refused, a warning is reported. */
export type Severity = "error" | "warning";

/** What a check of several parts of a registry finds. */
export interface Check {
  /** Whether what it finds is refused. */
  readonly severity: Severity;
  /** What it finds: a noun phrase. */
  readonly finds: string;
}

/** Cannot work, or AWS would refuse it later. */
const error = (finds: string) => ({ severity: "error", finds }) as const;
/** Works, but is probably not what was meant. */
const warning = (finds: string) => ({ severity: "warning", finds }) as const;

const CHECKS_BY_CODE = {
  "key-elsewhere": error("a key of another region, which ECR cannot use"),
  "no-role": error("a key, tags or another account's registry without the role that ECR needs for it"),
  "overlapping-caches": error("two caches that cover the same repositories"),
  "repository-lockout": error("a repository policy that prevents the account from changing it"),
  "repository-name-too-long": error("an image whose repository would have a longer name than ECR allows"),
  "role-elsewhere": error("a role of another account, which ECR cannot assume"),
  "secret-elsewhere": error("a secret of another account or region, which ECR cannot read"),
  "too-many-caches": error("more rules than ECR keeps in one registry"),
  "two-owners": error("two configurations for a setting that exists once per account and Region"),
  "china-not-confirmed": warning("caches in a Region of China, where AWS does not confirm pull through cache"),
  "creation-everywhere": warning("principals that are allowed to create repositories everywhere"),
  "digest-cannot-import": warning("an image that is pulled by its digest"),
  "ecr-defaults": warning("cached repositories that ECR creates with its own defaults"),
  "expires-before-next-pull": warning("images that expire before a workload pulls them again"),
  "fips-cannot-import": warning("clients that use a FIPS endpoint, which imports no images"),
  "foreign-key": warning("a key of another account"),
  "frozen-tags": warning("moving tags in repositories where no tag can move"),
  "image-not-served": warning("a workload's image that no cache serves"),
  "lambda-cannot-pull-through": warning("Lambda pulling from cached repositories"),
  "lifecycle-archives": warning("cached images that are archived, and then cannot be pulled"),
  "lifecycle-by-count": warning("cached images that expire by their number"),
  "lifecycle-list-means-and": warning("a lifecycle rule whose list of tags must match as a whole"),
  "puller-lacks-permission": warning("a principal without a permission that the first pull needs"),
  "push-into-cache": warning("permissions to push into cached repositories"),
  "replication-without-template": warning("copies of another account for which no template applies"),
  "root-prefix": warning("a cache without a prefix for an upstream that is not ECR"),
  "scans-count-as-pulls": warning("lifecycle rules by pull time, where scans may count as pulls"),
  "shadowed-template": warning("a template of which more specific ones leave nothing"),
  "statement-names-repository": warning("a statement about a prefix that is probably the name of a repository"),
  "uncovered-prefix": warning("cached repositories that no template covers"),
  "unserved-template": warning("a template for prefixes that nothing caches"),
  "unused-acknowledgement": warning("an acknowledgement of what is not found"),
} satisfies Record<string, Check>;

/** The stable name of a check. */
export type DiagnosticCode = keyof typeof CHECKS_BY_CODE;

/** The checks by their stable names. A name never changes its meaning, so that an acknowledgement keeps its own. */
export const CHECKS: Readonly<Record<DiagnosticCode, Check>> = CHECKS_BY_CODE;

/** The checks whose diagnostics can be acknowledged. */
export type WarningCode = {
  [Code in DiagnosticCode]: (typeof CHECKS_BY_CODE)[Code]["severity"] extends "warning" ? Code : never;
}[DiagnosticCode];
