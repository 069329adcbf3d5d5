import { checkTemplatePrefix, partitionOf, PrefixIndex, RegistryScope, repositoriesUnder } from "../naming";
import { Path, Diagnostic, diagnostic } from "../basics";
import { stableSet } from "./stable-set";

/** The ARN pattern of every repository under a prefix. */
export function repositoryArn(scope: RegistryScope, prefix: string): string {
  return repositoryNameArn(scope, repositoriesUnder(prefix));
}

/** The ARN of a repository, or of those that match a pattern. */
export function repositoryNameArn({ accountId, region }: RegistryScope, name: string): string {
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
