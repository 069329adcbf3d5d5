import {
  checkTemplatePrefix,
  partitionOf,
  PrefixIndex,
  RegistryScope,
  repositoriesUnder,
  ROOT_PREFIX,
} from "../naming";
import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { stableSet } from "./stable-set";

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const LONGEST_REPOSITORY = 256;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** The ARN pattern of every repository under a prefix. */
export function repositoryArn(scope: RegistryScope, prefix: string): string {
  return namedArn(scope, repositoriesUnder(prefix));
}

/** The ARN of a repository, or the ARN pattern of those whose names match a pattern. */
export function namedArn({ accountId, region }: RegistryScope, name: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository/${name}`;
}

/** The ARN patterns of every repository under some prefixes; what lies under another of them is left out. */
export function repositoryArns(scope: RegistryScope, prefixes: readonly string[]): string[] {
  const byPrefix = new PrefixIndex(prefixes.map((prefix) => ({ prefix })));
  const outermost = prefixes.filter((prefix) => byPrefix.around(prefix).length === 1);
  return stableSet(outermost.map((prefix) => repositoryArn(scope, prefix)));
}

/** What is wrong with the prefixes that a policy is about. */
export function checkPrefixes(prefixes: readonly string[], path: Path): Diagnostic[] {
  if (!Array.isArray(prefixes) || prefixes.length === 0) {
    const fix = 'write e.g. ["docker-hub"], or ["ROOT"] for every repository';
    return [diagnostic({ path, message: "must be a list of at least one prefix", value: prefixes, fix })];
  }
  return prefixes.flatMap((prefix: string, index) => checkTemplatePrefix(prefix, [...path, index]));
}

/** A repository's name, or a pattern of names with `*` for any characters and `?` for one. */
const NAME_OR_PATTERN = /^[a-z0-9*?][a-z0-9*?._/-]*$/;

/** What is wrong with the names and patterns of repositories that a policy is about. */
export function checkRepositories(repositories: readonly string[], path: Path): Diagnostic[] {
  if (!Array.isArray(repositories) || repositories.length === 0) {
    const fix = 'write e.g. ["quay/prometheus/node-exporter", "prod-*"]';
    return [diagnostic({ path, message: "must be a list of at least one name or pattern", value: repositories, fix })];
  }
  return repositories.flatMap((name: unknown, index) => checkRepositoryName(name, [...path, index]));
}

function checkRepositoryName(name: unknown, path: Path): Diagnostic[] {
  if (isUnresolved(name)) return [];
  const text = typeof name === "string" ? name : "";
  const wrong = (message: string, fix: string): Diagnostic[] => [diagnostic({ path, message, value: name, fix })];
  if (text === ROOT_PREFIX || /^\*+$/.test(text)) {
    return wrong("must not stand for every repository", `write prefixes: ["${ROOT_PREFIX}"], which says so`);
  }
  const ofArn = /^arn:[a-z-]+:ecr:[a-z0-9-]+:\d{12}:repository\/(.+)$/.exec(text)?.[1];
  if (ofArn !== undefined) return wrong("must be a name, not an ARN", `write "${ofArn}"`);
  if (/^[a-z0-9].*\/$/.test(text)) {
    return wrong("must not end in '/'", `write prefixes: ["${text.slice(0, -1)}"] for all that is under it`);
  }
  const isValid = /[*?]/.test(text) ? NAME_OR_PATTERN.test(text) : REPOSITORY.test(text);
  if (isValid && text.length <= LONGEST_REPOSITORY) return [];
  const what = `must be a name of up to ${LONGEST_REPOSITORY} lower-case letters and digits, joined by '.', '_', '-' and '/', or a pattern of such names`;
  return wrong(what, 'write e.g. "quay/prometheus/node-exporter" or "prod-*"');
}
