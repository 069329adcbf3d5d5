import { cacheImageHosts, cachePrefix, PullThroughCache, upstreamRepositoryPrefix } from "../cache";
import { otherHosts } from "../image";
import { registryHost, ROOT_PREFIX } from "../naming";
import { Registry } from "../registry";
import { ClientCache } from "./client-cache";
import { UnservedCache } from "./node-caches";

/**
 * A registry's caches as the generators of client configuration want them. Of several caches of one upstream it is
 * the first. A cache of only a part of another ECR registry is left out: clients can put a prefix before a name, not
 * one prefix in another's place. Other names of an upstream's host, such as `mirror.gcr.io`, are mapped to the same cache.
 */
export function clientCaches(registry: Registry): ClientCache[] {
  const caches = registry.caches
    .filter((cache) => whyLeftOut(cache, registry) === undefined)
    .map((cache) => ({
      upstreamHost: usualHost(cache),
      registryHost: registryHost(registry),
      prefix: cachePrefix(cache),
    }));
  const others = caches.flatMap((cache) => {
    return otherHosts(cache.upstreamHost).map((upstreamHost) => ({ ...cache, upstreamHost }));
  });
  return [...caches, ...others];
}

/** The caches of a registry that `clientCaches` leaves out, and why. */
export function cachesWithoutClients(registry: Registry): UnservedCache[] {
  return registry.caches.flatMap((cache) => {
    const reason = whyLeftOut(cache, registry);
    return reason === undefined ? [] : [{ name: `${usualHost(cache)} under ${cachePrefix(cache)}`, reason }];
  });
}

function whyLeftOut(cache: PullThroughCache, { caches }: Registry): string | undefined {
  if (renames(cache)) return "clients cannot follow its upstreamRepositoryPrefix";
  const first = caches.find((one) => !renames(one) && usualHost(one) === usualHost(cache));
  return first === cache ? undefined : `clients use the cache under ${cachePrefix(first!)}`;
}

function renames(cache: PullThroughCache): boolean {
  return upstreamRepositoryPrefix(cache) !== ROOT_PREFIX;
}

function usualHost(cache: PullThroughCache): string {
  return cacheImageHosts(cache)[0]!;
}
