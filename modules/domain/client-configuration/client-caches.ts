import { ClientCache } from ".";
import { cacheImageHosts, cachePrefix, upstreamRepositoryPrefix } from "../cache";
import { Registry } from "../registry";
import { registryHost, ROOT_PREFIX } from "../naming";

/**
 * A registry's caches as the generators of client configuration want them. Of several caches of one upstream it is
 * the first. A cache of only a part of another ECR registry is left out: clients can put a prefix before a name, not
 * one prefix in another's place.
 */
export function clientCaches(registry: Registry): ClientCache[] {
  const byHost = new Map<string, ClientCache>();
  for (const cache of registry.caches) {
    if (upstreamRepositoryPrefix(cache) !== ROOT_PREFIX) continue;
    const upstreamHost = cacheImageHosts(cache)[0]!;
    if (byHost.has(upstreamHost)) continue;
    byHost.set(upstreamHost, { upstreamHost, registryHost: registryHost(registry), prefix: cachePrefix(cache) });
  }
  return [...byHost.values()];
}
