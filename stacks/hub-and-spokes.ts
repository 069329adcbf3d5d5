import { cachePrefix, PullThroughCache } from "../modules/domain";
import { Environment } from "./environment";

/** One registry that caches from the internet, and others that cache from it. */
export interface HubAndSpokes {
  /** The environment whose caches are filled from the internet. */
  readonly hub: Environment;
  /**
   * The environments that cache the hub, in other accounts or other regions. Their own caches come on top of the
   * hub's.
   */
  readonly spokes: readonly Environment[];
}

/**
 * Both sides of a hub and its spokes. Each cache of the hub becomes one of every spoke, under the same prefix, so that
 * an image has the same path everywhere and only the host differs. The hub lets the spokes' accounts in; within one
 * account nothing is needed.
 *
 * Whether the hub fetches an image that it does not have yet when a spoke asks for it is not established by AWS's
 * documentation: try it, or pull new images from the hub first.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export function hubAndSpokes({ hub, spokes }: HubAndSpokes): Environment[] {
  const upstreamRegistry = { accountId: hub.accountId, region: hub.region };
  const hubCaches = hub.caches.map((cache): PullThroughCache => {
    const prefix = cachePrefix(cache);
    return { upstream: "ecr", upstreamRegistry, prefix, upstreamRepositoryPrefix: prefix };
  });
  const accounts = spokes.map(({ accountId }) => accountId).filter((accountId) => accountId !== hub.accountId);
  return [
    { ...hub, downstreamAccounts: [...new Set([...(hub.downstreamAccounts ?? []), ...accounts])] },
    ...spokes.map((spoke) => ({ ...spoke, caches: [...hubCaches, ...spoke.caches] })),
  ];
}
