import { cachePrefix, isUpstreamRegistryName, UpstreamRegistryName } from "../cache";
import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";
import { prefixCovers, ROOT_PREFIX } from "../naming";
import { RegistryView } from "../plan";
import { Registry } from "../registry";

/**
 * How many parts the names of repositories have: where it is certain, nothing can be under such a name. The names in
 * other registries are as long as their owners like.
 */
const PARTS: Partial<Record<UpstreamRegistryName, { readonly parts: number; readonly isCertain: boolean }>> = {
  "docker-hub": { parts: 2, isCertain: true },
  quay: { parts: 2, isCertain: true },
  "ecr-public": { parts: 2, isCertain: false },
  k8s: { parts: 1, isCertain: false },
  "github-container-registry": { parts: 2, isCertain: false },
  chainguard: { parts: 2, isCertain: false },
};

/** A prefix of a statement that has the form of a repository's name. */
interface SingleRepository {
  readonly path: Path;
  readonly prefix: string;
  readonly isCertain: boolean;
}

/** Statements of the registry policy about a prefix under which no repository can be. */
export function checkStatementPrefixes(registry: Registry): Diagnostic[] {
  return singleRepositories(registry)
    .filter(({ isCertain }) => isCertain)
    .map(({ path, prefix }) => {
      const message =
        "must not be the name of a repository: a prefix stands for the repositories under it, and there are none";
      return diagnostic({ path, message, value: prefix, fix: `write repositories: ["${prefix}"]` });
    });
}

/** Statements of the registry policy about a prefix that is probably the name of a repository. */
export function findStatementPrefixes({ registry }: RegistryView): Diagnostic[] {
  return singleRepositories(registry)
    .filter(({ isCertain }) => !isCertain)
    .map(({ path, prefix }) =>
      diagnostic({
        code: "statement-names-repository",
        path,
        constructs: ["policy"],
        message: `("${prefix}") has the form of a repository's name`,
        effect:
          "a prefix stands for the repositories under it: the statement says nothing about a repository of this name",
        fix: `write repositories: ["${prefix}"], unless there are repositories under it`,
      }),
    );
}

function singleRepositories({ caches, templates = [], registryPolicy }: Registry): SingleRepository[] {
  const statements = registryPolicy === "unmanaged" ? [] : (registryPolicy?.statements ?? []);
  return statements.flatMap(({ prefixes = [] }, index) =>
    prefixes.flatMap((prefix, place): SingleRepository[] => {
      // Unlike `find`, `filter` passes over the gaps that unreadable caches leave.
      const [cache] = caches.filter(
        (one) =>
          isUpstreamRegistryName(one.upstream) && prefix !== ROOT_PREFIX && prefixCovers(cachePrefix(one), prefix),
      );
      // A template says that there are repositories under its prefix.
      const isDescribed = templates.some((one) => one.prefix === prefix || prefixCovers(prefix, one.prefix));
      if (cache === undefined || isDescribed || isUnresolved(prefix)) return [];
      const known = PARTS[cache.upstream];
      if (known === undefined || partsUnder(cachePrefix(cache), prefix) < known.parts) return [];
      const path = ["registryPolicy", "statements", index, "prefixes", place];
      return [{ path, prefix, isCertain: known.isCertain }];
    }),
  );
}

function partsUnder(cache: string, prefix: string): number {
  const parts = (name: string) => name.split("/").length;
  return cache === ROOT_PREFIX ? parts(prefix) : parts(prefix) - parts(cache);
}
