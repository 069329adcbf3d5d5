import { PrefixIndex, Registry } from "../modules/domain";
import { timeOfAws } from "./check-clock";
import { EcrPort, LiveImage } from "./ecr-port";
import { expectedRegistry } from "./expected-registry";
import { isOlderThan } from "./image-age";
import { Progress, readEach, Unread } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";

/** What to compute. */
export interface UsageRequest {
  /** Images that have not been used for so many days count as unused. */
  readonly days: number;
  /**
   * The price of a gigabyte (10^9 bytes) in standard storage for a month, in any currency.
   *
   * @default - no cost is computed
   */
  readonly price?: number;
  /**
   * The price of a gigabyte in archive storage for a month.
   *
   * @default - the archive is not part of the cost
   */
  readonly archivePrice?: number;
}

/** What a cache holds. */
export interface CacheUsage {
  /** The prefix of the cache. */
  readonly cache: string;
  /** The host of the upstream. */
  readonly upstream: string;
  /** How many repositories there are under the prefix. */
  readonly repositories: number;
  /** How many images they have, also in the archive. */
  readonly images: number;
  /** The size of the images, as ECR reports it. Layers that images share count for each of them. */
  readonly bytes: number;
  /** How many images have not been used for the days of the request. */
  readonly unusedImages: number;
  /** The size of these images. */
  readonly unusedBytes: number;
  /** How many images are in the archive. */
  readonly archivedImages: number;
  /** The size of these images. */
  readonly archivedBytes: number;
  /** The cost of the storage for a month, at most: ECR charges layers that images share once. */
  readonly monthlyCost?: number;
}

/** What the caches of a registry hold. */
export interface Usage extends Unread {
  /** Each cache of the registry, in the order of the prefixes. */
  readonly caches: readonly CacheUsage[];
}

const GIGABYTE = 1e9;

/**
 * Adds up what the caches of a registry hold. It changes nothing.
 *
 * @throws OtherAccountError if the credentials are of another account
 * @throws ClockError if the clock of this machine is wrong
 */
export async function usage(
  port: EcrPort,
  registry: Registry,
  { days, price, archivePrice }: UsageRequest,
  progress: Progress = () => undefined,
): Promise<Usage> {
  await refuseOtherAccount(port, registry.accountId);
  const now = await timeOfAws(port);
  const { rules } = expectedRegistry(registry);
  const caches = new PrefixIndex(rules);
  const repositories = (await port.repositories()).flatMap(({ name }) => {
    const cache = caches.covering(name)?.prefix;
    return cache === undefined ? [] : [{ name, cache }];
  });
  const read = await readEach(
    repositories,
    async ({ name, cache }) => ({ cache, images: await port.images(name) }),
    progress,
  );
  const summed = rules.map(({ prefix, upstreamRegistryUrl }): CacheUsage => {
    const found = read.found.filter(({ cache }) => cache === prefix);
    const images = found.flatMap((one) => one.images);
    const unused = images.filter((image) => isOlderThan(image, days, now));
    const archived = images.filter(({ status }) => status === "ARCHIVED");
    const bytes = bytesOf(images);
    const archivedBytes = bytesOf(archived);
    return {
      cache: prefix,
      upstream: upstreamRegistryUrl,
      repositories: found.length,
      images: images.length,
      bytes,
      unusedImages: unused.length,
      unusedBytes: bytesOf(unused),
      archivedImages: archived.length,
      archivedBytes,
      ...(price !== undefined && {
        monthlyCost: ((bytes - archivedBytes) * price + archivedBytes * (archivePrice ?? 0)) / GIGABYTE,
      }),
    };
  });
  return {
    caches: summed.sort((one, other) => (one.cache < other.cache ? -1 : 1)),
    unread: read.unread,
    untried: read.untried,
  };
}

/**
 * The size of images. That of a list is the size of its largest image, which counts already.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export function bytesOf(images: readonly Pick<LiveImage, "bytes" | "isList">[]): number {
  return images.reduce((sum, { bytes, isList }) => sum + (isList ? 0 : bytes), 0);
}
