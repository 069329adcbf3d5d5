import { isRepositoryPath, prefixContains, Registry, resolveRegistry, ROOT_PREFIX } from "../modules/domain";
import { EcrPort, LiveImage, UndeletedImage } from "./ecr-port";
import { inHundreds } from "./in-hundreds";
import { inParallel } from "./in-parallel";
import { isGone, Progress, readEach, UnreadRepository } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";

/** What is to go. */
export interface CleanupRequest {
  /** Prefixes or names of repositories, each a cache's own or under one. */
  readonly prefixes: readonly string[];
  /**
   * Only images that were not pulled for so many days; one that was never pulled counts from its push.
   *
   * @default - all images
   */
  readonly olderThanDays?: number;
  /** The time, for the age of images. */
  readonly now: Date;
}

/** What would go of a repository. */
export interface CleanupItem {
  /** The repository's name. */
  readonly repository: string;
  /** How many images the repository has, also in the archive. */
  readonly images: number;
  /** How many of those that go are in the archive. */
  readonly archived: number;
  /** The digests that go. */
  readonly digests: readonly string[];
  /** The sum of what the images that go take, as ECR counts it. */
  readonly bytes: number;
  /** When any of the repository's images, also of those that stay, was pulled last, as far as ECR recorded it. */
  readonly lastPulledAt: Date | undefined;
  /** Whether the repository goes as well. */
  readonly wholeRepository: boolean;
  /** Whether it goes with whatever it holds by then: where no age was said, all is meant. */
  readonly force: boolean;
}

/** What would go, and what there is to say beside. */
export interface CleanupPlan {
  /** What would go. */
  readonly items: readonly CleanupItem[];
  /** The repositories that could not be read. */
  readonly unread: readonly UnreadRepository[];
  /** The prefixes that no repository is under. */
  readonly unmatched: readonly string[];
}

/** Prefixes that are none of the registry's to delete under. */
export class ForeignPrefixError extends Error {
  /** Tells the prefix, and which there are. */
  constructor(message: string) {
    super(message);
    this.name = "ForeignPrefixError";
  }
}

const DAY = 24 * 60 * 60 * 1000;
/** An image that a manifest list names can go only after the list, and lists can name lists. */
const ROUNDS = 3;

/**
 * What a cleanup would delete. It changes nothing.
 *
 * @throws ForeignPrefixError if a prefix is not under a cache of the registry
 * @throws OtherAccountError if the credentials are of another account
 */
export async function planCleanup(
  port: EcrPort,
  registry: Registry,
  request: CleanupRequest,
  progress: Progress = () => undefined,
): Promise<CleanupPlan> {
  refuseForeignPrefixes(registry, request.prefixes);
  await refuseOtherAccount(port, registry.accountId);
  const repositories = await port.repositories();
  const meant = repositories.filter(({ name }) => request.prefixes.some((prefix) => prefixContains(prefix, name)));
  const { found, unread } = await readEach(meant, ({ name }) => planOne(port, name, request), progress);
  return {
    items: found.filter(({ digests, wholeRepository }) => wholeRepository || digests.length > 0),
    unread,
    unmatched: request.prefixes.filter((prefix) => !meant.some(({ name }) => prefixContains(prefix, name))),
  };
}

function refuseForeignPrefixes(registry: Registry, prefixes: readonly string[]): void {
  const owned = resolveRegistry(registry).caches.map(({ prefix }) => prefix);
  for (const prefix of prefixes) {
    if (!isRepositoryPath(prefix) && prefix !== ROOT_PREFIX) {
      throw new ForeignPrefixError(
        `${prefix} is no prefix: write e.g. quay or quay/prometheus, without * or / at the end`,
      );
    }
    // Under a cache without prefix lies everything, also what nobody cached.
    const isOwned = owned.some((cached) => cached !== ROOT_PREFIX && prefixContains(cached, prefix));
    if (!isOwned) {
      const caches = owned.filter((cached) => cached !== ROOT_PREFIX).join(", ") || "none";
      throw new ForeignPrefixError(`${prefix} is under no cache of this environment; its caches are ${caches}`);
    }
  }
}

async function planOne(
  port: EcrPort,
  repository: string,
  { olderThanDays, now }: CleanupRequest,
): Promise<CleanupItem> {
  const images = await port.images(repository);
  const isOld = ({ lastPulledAt, pushedAt }: LiveImage) => {
    return olderThanDays === undefined || now.getTime() - (lastPulledAt ?? pushedAt).getTime() > olderThanDays * DAY;
  };
  const listStays = images.some((image) => image.isList && !isOld(image));
  const old = images.filter((image) => isOld(image) && !(listStays && isMaybePart(image)));
  const pulls = images.flatMap(({ lastPulledAt }) => (lastPulledAt ? [lastPulledAt.getTime()] : []));
  return {
    repository,
    images: images.length,
    archived: old.filter(({ archived }) => archived).length,
    digests: old.map(({ digest }) => digest),
    bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
    lastPulledAt: pulls.length === 0 ? undefined : new Date(Math.max(...pulls)),
    // An empty repository may have been created a moment ago, for a pull that is still going on.
    wholeRepository: olderThanDays === undefined || (images.length > 0 && old.length === images.length),
    force: olderThanDays === undefined,
  };
}

/**
 * Whether a list may name the image: nobody pulls most of these by themselves, so that they look old. To read the list
 * would tell, but ECR may record that as a pull of it, and a list that is read each week never grows old.
 */
function isMaybePart({ isList, tags }: LiveImage): boolean {
  return !isList && tags.length === 0;
}

/** What became of a repository that was to be cleaned up. */
export interface CleanedItem {
  /** The repository's name. */
  readonly repository: string;
  /** What stays of it for a good reason, and why. */
  readonly kept?: string;
  /** Why not all went. */
  readonly failure?: string;
}

/**
 * Deletes what was planned. Done again after it was stopped, it does what is left.
 *
 * @throws OtherAccountError before anything is deleted, if the credentials are of another account
 */
export async function cleanUp(
  port: EcrPort,
  registry: Registry,
  items: readonly CleanupItem[],
  report: (cleaned: CleanedItem) => void = () => undefined,
): Promise<CleanedItem[]> {
  refuseForeignPrefixes(
    registry,
    items.map(({ repository }) => repository),
  );
  await refuseOtherAccount(port, registry.accountId);
  return inParallel(items, async (item) => {
    const cleaned = await cleanOne(port, item);
    report(cleaned);
    return cleaned;
  });
}

async function cleanOne(port: EcrPort, item: CleanupItem): Promise<CleanedItem> {
  const { repository, digests, wholeRepository, force } = item;
  try {
    if (force) {
      await port.deleteRepository(repository);
      return { repository };
    }
    const { failed, referenced } = await deleteAll(port, repository, digests);
    const kept = referenced === 0 ? {} : { kept: partsOfUsed(referenced) };
    if (failed.length > 0) return { repository, ...kept, failure: reasonsOf(failed) };
    // Between plan and deletion somebody may have pulled a new image.
    const stays = wholeRepository && referenced === 0 && !(await port.deleteEmptyRepository(repository));
    return { repository, ...(stays ? { kept: "the repository, which has new images" } : kept) };
  } catch (error) {
    // That it is gone already is what was wanted.
    if (isGone(error)) return { repository };
    return { repository, failure: (error as Error).message };
  }
}

/** Deletes images; tells what could not be, and how many lists that stay name. */
async function deleteAll(port: EcrPort, repository: string, digests: readonly string[]) {
  const failed: UndeletedImage[] = [];
  let left: readonly string[] = digests;
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    const referenced: string[] = [];
    for (const some of inHundreds(left)) {
      for (const image of await port.deleteImages(repository, some)) {
        if (image.code === "ImageReferencedByManifestList") referenced.push(image.digest);
        else failed.push(image);
      }
    }
    left = referenced;
  }
  return { failed, referenced: left.length };
}

function partsOfUsed(images: number): string {
  return images === 1
    ? "1 image, which is part of an image that is in use"
    : `${images} images, which are parts of images that are in use`;
}

/** `1 image: KmsError (…)` for each reason. */
function reasonsOf(failed: readonly UndeletedImage[]): string {
  const counts = new Map<string, number>();
  for (const { code, reason } of failed) {
    const why = `${code} (${reason})`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].map(([why, images]) => `${images} ${images === 1 ? "image" : "images"}: ${why}`).join("; ");
}
