import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/**
 * The prefix that stands for the whole registry: for a cache rule "no prefix", for a template "whatever no other
 * template covers". Case matters: `root` is an ordinary prefix.
 */
export const ROOT_PREFIX = "ROOT";

/** Shortest prefix that both the ECR API and the Terraform provider take. */
const SHORTEST_PREFIX = 2;
/** Longest prefix of a pull-through cache rule. */
export const LONGEST_RULE_PREFIX = 30;
/** Longest prefix of a repository creation template. */
export const LONGEST_TEMPLATE_PREFIX = 256;

/**
 * What the ECR API and every release of the Terraform provider accept alike. Each is laxer than the other somewhere:
 * the API knows `a__b` and `a--b`, the provider lets `Prod` through in a template, and both take a trailing slash,
 * which means nothing since ECR appends one itself.
 */
const PREFIX = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;

/**
 * What is wrong with the prefix of a pull-through cache rule.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
 */
export function checkRulePrefix(prefix: string, path: Path): Diagnostic[] {
  return checkPrefix(prefix, path, LONGEST_RULE_PREFIX);
}

/**
 * What is wrong with the prefix of a repository creation template.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html
 */
export function checkTemplatePrefix(prefix: string, path: Path): Diagnostic[] {
  return checkPrefix(prefix, path, LONGEST_TEMPLATE_PREFIX);
}

function checkPrefix(prefix: string, path: Path, longest: number): Diagnostic[] {
  if (typeof prefix !== "string") {
    return [diagnostic({ path, message: "must be text", value: prefix, fix: 'write a prefix, e.g. "docker-hub"' })];
  }
  if (isUnresolved(prefix) || prefix === ROOT_PREFIX) return [];
  if (prefix.length < SHORTEST_PREFIX || prefix.length > longest) {
    const message = `must have ${SHORTEST_PREFIX} to ${longest} characters, but has ${prefix.length}`;
    return [diagnostic({ path, message, value: prefix, fix: 'choose another prefix, e.g. "docker-hub"' })];
  }
  if (PREFIX.test(prefix)) return [];
  return [
    diagnostic({
      path,
      message: "must be lower-case letters and digits, joined by single '.', '_', '-' or '/'",
      value: prefix,
      fix: `write ${suggestion(prefix)}`,
    }),
  ];
}

/** The nearest valid prefix, if there is one: `/Prod/` becomes `prod`. */
function suggestion(prefix: string): string {
  const parts = prefix
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/[^a-z0-9]+/g, oneSeparator).replace(/^[._-]|[._-]$/g, ""));
  const near = parts.filter((part) => part !== "").join("/");
  return PREFIX.test(near) && near.length >= SHORTEST_PREFIX ? `"${near}"` : 'e.g. "docker-hub"';
}

function oneSeparator(run: string): string {
  return /^[._-]/.test(run) ? run.charAt(0) : "-";
}

/**
 * Whether a rule or template of this prefix is responsible for a repository or for everything under a longer prefix.
 * ECR appends a slash to each prefix: `prod` covers `prod/nginx`, neither `production/nginx` nor a repository that
 * is called `prod`.
 */
export function prefixCovers(prefix: string, name: string): boolean {
  return prefix === ROOT_PREFIX || name.startsWith(`${prefix}/`);
}

/** Whether every repository under `inner` is also under `outer`. */
export function prefixContains(outer: string, inner: string): boolean {
  return outer === inner || prefixCovers(outer, inner);
}

/** Whether there can be a repository that is under both. */
export function prefixesOverlap(one: string, other: string): boolean {
  return prefixContains(one, other) || prefixContains(other, one);
}

/** The pattern that matches every repository under a prefix, in ARNs and scanning filters: `prod/*`. */
export function repositoriesUnder(prefix: string): string {
  return prefix === ROOT_PREFIX ? "*" : `${prefix}/*`;
}
