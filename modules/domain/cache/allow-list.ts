import { Diagnostic, diagnostic, isUnresolved, matchesWildcard, Path } from "../basics";
import { ROOT_PREFIX } from "../naming";

/** What is read of a cache. */
interface LimitedCache {
  readonly upstream: string;
  readonly only?: readonly string[];
}

/** A repository's name in which `*` stands for any characters. */
const ENTRY = /^[a-z0-9*](?:[a-z0-9._/*-]*[a-z0-9*])?$/;
const LONGEST_ENTRY = 225;

/** Checks the list of repositories that a cache imports. */
export function checkAllowList({ upstream, only }: LimitedCache, path: Path): Diagnostic[] {
  if (only === undefined) return [];
  if (!Array.isArray(only) || only.length === 0) {
    const fix = 'write e.g. ["library/nginx", "grafana/*"], or leave it out to allow every repository';
    return [diagnostic({ path, message: "must be a list of at least one repository", value: only, fix })];
  }
  return (only as readonly string[]).flatMap((entry, index) => {
    const at = [...path, index];
    const wrong = (message: string, fix: string) => [diagnostic({ path: at, message, value: entry, fix })];
    if (isUnresolved(entry)) return [];
    if (typeof entry !== "string" || entry.length > LONGEST_ENTRY || !ENTRY.test(entry)) {
      const message =
        "must be the name of a repository without host, tag and digest, in which '*' stands for any characters";
      return wrong(message, 'write e.g. "library/nginx" or "grafana/*"');
    }
    if (/^\*+$/.test(entry)) return wrong("must not allow every repository", "leave only out, or name repositories");
    if (upstream === "docker-hub" && !entry.includes("/") && !entry.startsWith("*")) {
      return wrong("must contain the namespace of a repository of Docker Hub", `write "library/${entry}"`);
    }
    if (only.indexOf(entry) < index) return wrong("must not be listed twice", "remove one");
    return [];
  });
}

/** The names, or patterns of names, of the repositories that a cache may create here; none if it may create any. */
export function allowedRepositories({ only }: LimitedCache, prefix: string): string[] | undefined {
  return only?.map((entry) => (prefix === ROOT_PREFIX ? entry : `${prefix}/${entry}`));
}

/** Whether a cache's list allows a repository, named as it is here. Entries that only Terraform knows allow any. */
export function allowsRepository(cache: LimitedCache, prefix: string, repository: string): boolean {
  const allowed = allowedRepositories(cache, prefix);
  return (
    allowed === undefined || allowed.some((pattern) => isUnresolved(pattern) || matchesWildcard(repository, pattern))
  );
}
