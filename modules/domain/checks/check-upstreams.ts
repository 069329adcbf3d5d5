import { cachePrefix, EcrUpstreamCache, PullThroughCache, upstreamRepositoryPrefix } from "../cache";
import { isUnresolved, Diagnostic, diagnostic } from "../basics";
import { prefixesOverlap, RegistryScope, ROOT_PREFIX } from "../naming";
import { policyDecision, registryPolicy, repositoryArn, repositoryPolicy, UPSTREAM_ACTIONS } from "../policy";
import { Registry, registryPolicyGrants, registryPrefixes, resolveRegistry } from "../registry";

/** A registry that the app describes. */
export interface OtherDescription {
  /** The name of its stack. */
  readonly name: string;
  /** What its stack describes. */
  readonly registry: Registry;
}

/** The descriptions of one app by their account and region. */
type Descriptions = ReadonlyMap<string, readonly OtherDescription[]>;

/** A cache of another private registry, and the registry that it is in. */
interface Link {
  readonly registry: Registry;
  readonly cache: EcrUpstreamCache;
}

/**
 * Checks caches of registries that the same app describes: the upstream must have the prefix and allow this account to
 * read it, and no image may come from the registry that caches it.
 *
 * @param all every description of the app that `checkRegistry` found nothing wrong with
 * @returns the check of one of them
 */
export function checkUpstreams(all: readonly OtherDescription[]): (registry: Registry) => Diagnostic[] {
  const descriptions = new Map<string, OtherDescription[]>();
  for (const one of all) {
    const key = keyOf(one.registry);
    descriptions.set(key, [...(descriptions.get(key) ?? []), one]);
  }
  return (registry) =>
    registry.caches.flatMap((cache, index) => {
      if (cache.upstream !== "ecr") return [];
      const upstreams = descriptions.get(keyOf(cache.upstreamRegistry)) ?? [];
      if (upstreams.length === 0) return [];
      const problems = [
        ...checkPrefixExists(cache, upstreams),
        ...checkAllowed(registry, cache, upstreams),
        ...checkCircle({ registry, cache }, descriptions),
      ];
      return problems.map((problem) => ({ ...problem, path: ["caches", index, ...problem.path] }));
    });
}

function checkPrefixExists(cache: EcrUpstreamCache, upstreams: readonly OtherDescription[]): Diagnostic[] {
  const prefix = upstreamRepositoryPrefix(cache);
  const known = upstreams.flatMap(({ registry }) => registryPrefixes(registry));
  if (prefix === ROOT_PREFIX || isUnresolved(prefix) || known.some(isUnresolved)) return [];
  if (known.some((one) => prefixesOverlap(one, prefix))) return [];
  const name = namesOf(upstreams);
  const fix = `use one of ${known.join(", ") || "none"}, or add a template with this prefix to ${name}`;
  return [
    diagnostic({ path: ["upstreamRepositoryPrefix"], message: `must be a prefix of ${name}`, value: prefix, fix }),
  ];
}

function checkAllowed({ accountId }: Registry, cache: EcrUpstreamCache, upstreams: readonly OtherDescription[]) {
  if (accountId === cache.upstreamRegistry.accountId || isUnresolved(accountId)) return [];
  if (upstreams.some(({ registry }) => allows(registry, accountId, upstreamRepositoryPrefix(cache)))) return [];
  const name = namesOf(upstreams);
  const message = `must allow account ${accountId} to cache it, but ${name} does not`;
  const fix = `add "${accountId}" to downstreamAccounts of ${name}`;
  return [diagnostic({ path: ["upstreamRegistry"], message, fix })];
}

/** Whether an account can read everything of an upstream that a cache needs, as far as it is known. */
function allows(upstream: Registry, account: string, prefix: string): boolean {
  if (upstream.registryPolicy === "unmanaged" || upstream.downstreamAccounts?.includes(account)) return true;
  const { templates } = resolveRegistry(upstream);
  const document = registryPolicy(upstream, registryPolicyGrants(upstream));
  const resource = repositoryArn(upstream, prefix);
  const policies = templates
    .filter((template) => prefixesOverlap(template.prefix, prefix))
    .map(({ access }) => repositoryPolicy(upstream, access));
  const principal = { account };
  return UPSTREAM_ACTIONS.every((action) => {
    const decisions = [
      policyDecision(upstream, document, { principal, action, resource }),
      ...policies.map((policy) => policyDecision(upstream, policy, { principal, action })),
    ];
    return decisions.includes("allowed") || decisions.includes("unknown");
  });
}

/** Follows the caches from which a cache is filled. An image that comes back to it comes from nowhere. */
function checkCircle(start: Link, descriptions: Descriptions): Diagnostic[] {
  const seen = new Set<PullThroughCache>();
  const links = [start];
  for (let link = links.pop(); link !== undefined; link = links.pop()) {
    for (const next of linksOf(link, descriptions)) {
      if (next.cache === start.cache) {
        const name = descriptions.get(keyOf(link.registry))?.[0]?.name ?? "this registry";
        const message = `must not be a registry that caches the same repositories from here, as ${name} does`;
        const fix = "remove one of the two caches, or give them separate prefixes";
        return [diagnostic({ path: ["upstreamRegistry"], message, value: start.cache.upstreamRegistry, fix })];
      }
      if (!seen.has(next.cache)) links.push(next);
      seen.add(next.cache);
    }
  }
  return [];
}

/** The caches of an upstream that fill the repositories of which a cache is. */
function linksOf({ cache }: Link, descriptions: Descriptions): Link[] {
  const prefix = upstreamRepositoryPrefix(cache);
  return (descriptions.get(keyOf(cache.upstreamRegistry)) ?? []).flatMap(({ registry }) => {
    return registry.caches.flatMap((other) => {
      return other.upstream === "ecr" && prefixesOverlap(prefix, cachePrefix(other))
        ? [{ registry, cache: other }]
        : [];
    });
  });
}

function keyOf({ accountId, region }: RegistryScope): string {
  return `${accountId}/${region}`;
}

function namesOf(upstreams: readonly OtherDescription[]): string {
  return upstreams.map(({ name }) => name).join(" and ");
}
