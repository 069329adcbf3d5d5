import { ClientCache } from ".";
import { cacheImageHosts, cachePrefix, upstreamRepositoryPrefix } from "../cache";
import { otherHosts } from "../image";
import { Registry } from "../registry";
import { registryHost, ROOT_PREFIX } from "../naming";

/**
 * A registry's caches as the generators of client configuration want them. Of several caches of one upstream it is
 * the first. A cache of only a part of another ECR registry is left out: clients can put a prefix before a name, not
 * one prefix in another's place. Other names of an upstream's host, such as `mirror.gcr.io`, are mapped to the same cache.
 */
export function clientCaches(registry: Registry): ClientCache[] {
  const byHost = new Map<string, ClientCache>();
  for (const cache of registry.caches) {
    if (upstreamRepositoryPrefix(cache) !== ROOT_PREFIX) continue;
    const upstreamHost = cacheImageHosts(cache)[0]!;
    if (byHost.has(upstreamHost)) continue;
    byHost.set(upstreamHost, { upstreamHost, registryHost: registryHost(registry), prefix: cachePrefix(cache) });
  }
  const named = [...byHost.values()];
  const others = named.flatMap((cache) =>
    otherHosts(cache.upstreamHost).map((upstreamHost) => ({ ...cache, upstreamHost })),
  );
  return [...named, ...others];
}
