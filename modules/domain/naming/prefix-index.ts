import { ROOT_PREFIX } from "./repository-prefix";

/**
 * Rules or templates by their prefixes. What is responsible for a name is found by the name's own parts, without a look
 * at every prefix there is.
 *
 * @internal
 */
export class PrefixIndex<T extends { readonly prefix: string }> {
  private readonly byPrefix = new Map<string, T>();
  private readonly byOuter = new Map<string, T[]>();

  /** @param entries of entries with the same prefix, the first counts */
  constructor(entries: readonly T[]) {
    for (const entry of entries) {
      if (this.byPrefix.has(entry.prefix)) continue;
      this.byPrefix.set(entry.prefix, entry);
      for (const outer of outerPrefixes(entry.prefix)) {
        const inside = this.byOuter.get(outer);
        if (inside === undefined) this.byOuter.set(outer, [entry]);
        else inside.push(entry);
      }
    }
  }

  /** The entries that contain everything under a prefix, the most specific first: it may be the prefix's own. */
  around(prefix: string): T[] {
    return this.find([prefix, ...outerPrefixes(prefix)]);
  }

  /** The entries whose prefixes are longer and lie under a prefix, in the order in which they were given. */
  inside(prefix: string): readonly T[] {
    return this.byOuter.get(prefix) ?? [];
  }

  /** The most specific entry that covers a repository, which for templates is the one that ECR uses. */
  covering(repository: string): T | undefined {
    return this.find(outerPrefixes(repository))[0];
  }

  private find(prefixes: readonly string[]): T[] {
    return prefixes.flatMap((prefix) => this.byPrefix.get(prefix) ?? []);
  }
}

/** What a name or another prefix lies under, the most specific first: `a/b`, `a` and `ROOT` for `a/b/c`. */
function outerPrefixes(name: string): string[] {
  // Checks ask about descriptions that are wrong, too: what is no text lies under nothing.
  if (name === ROOT_PREFIX || typeof name !== "string") return [];
  const outer: string[] = [];
  for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) outer.push(name.slice(0, end));
  return [...outer, ROOT_PREFIX];
}
