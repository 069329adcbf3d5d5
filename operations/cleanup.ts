import {
  isForPulls,
  isRepositoryPath,
  prefixContains,
  prefixCovers,
  PrefixIndex,
  Registry,
  resolveRegistry,
  ROOT_PREFIX,
} from "../modules/domain";
import { tagsOfMany } from "./bulk-tags";
import { timeOfAws } from "./check-clock";
import { EcrPort, LiveImage, LiveRepository, UndeletedImage } from "./ecr-port";
import { FailureGroup, Failures } from "./failures";
import { imagesToDelete, subjectsOf } from "./images-to-delete";
import { inHundreds } from "./in-hundreds";
import { inParallel } from "./in-parallel";
import { KeepList, NOTHING_KEPT } from "./keep-list";
import { isGone, Progress, readEach, Unread } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";
import { bytesOf } from "./usage";

/** What to delete. */
export interface CleanupRequest {
  /** Prefixes or names of repositories, each a cache's own or under one. */
  readonly prefixes: readonly string[];
  /**
   * Only images that were not pulled, pushed or restored from the archive for so many days.
   *
   * @default - all images
   */
  readonly olderThanDays?: number;
  /**
   * The images that are kept whatever their age.
   *
   * @default - none
   */
  readonly keep?: KeepList;
}

/** An image that would be deleted. */
export interface PlannedImage {
  /** Its digest. */
  readonly digest: string;
  /** Its tags at the time of the plan. */
  readonly tags: readonly string[];
}

/** What would be deleted of a repository. */
export interface CleanupItem {
  /** The repository's name. */
  readonly repository: string;
  /** How many images the repository has, also in the archive. */
  readonly images: number;
  /** How many of the images that would be deleted are in the archive. */
  readonly archived: number;
  /** The images that would be deleted. */
  readonly toDelete: readonly PlannedImage[];
  /** The size of the images that would be deleted, as ECR counts it. */
  readonly bytes: number;
  /** The latest pull of any image of the repository, also of those that stay, as far as ECR recorded it. */
  readonly lastPulledAt: Date | undefined;
  /** Whether the repository would be deleted as well. */
  readonly wholeRepository: boolean;
}

/** What would be deleted, and what else there is to know. */
export interface CleanupPlan extends Unread {
  /** The repositories of which something would be deleted. */
  readonly items: readonly CleanupItem[];
  /** The age that the plan is about, and the time according to AWS. */
  readonly age: CleanupAge;
  /** The repositories that are kept because they were probably not created by a pull, by their names. */
  readonly notCreatedByPull: readonly string[];
  /** The prefixes that contain no repository. */
  readonly unmatched: readonly string[];
}

/** The age of the images that are deleted. */
export interface CleanupAge {
  /** In days; `undefined` for all images. */
  readonly olderThanDays: number | undefined;
  /** The time from which it counts. */
  readonly now: Date;
}

/** Prefixes under which a cleanup of the registry must not delete anything. */
export class ForeignPrefixError extends Error {
  /** Names the prefix, and those of the registry's caches. */
  constructor(message: string) {
    super(message);
    this.name = "ForeignPrefixError";
  }
}

/** An image that a manifest list names can be deleted only after the list, and lists can name lists. */
const ROUNDS = 3;

/**
 * Plans what a cleanup would delete. It changes nothing.
 *
 * @throws ForeignPrefixError if a prefix is not under a cache of the registry
 * @throws OtherAccountError if the credentials are of another account
 * @throws ClockError if the clock of this machine is wrong
 */
export async function planCleanup(
  port: EcrPort,
  registry: Registry,
  { prefixes, olderThanDays, keep = NOTHING_KEPT }: CleanupRequest,
  progress: Progress = () => undefined,
): Promise<CleanupPlan> {
  refuseForeignPrefixes(registry, prefixes);
  await refuseOtherAccount(port, registry.accountId);
  const age = { olderThanDays, now: await timeOfAws(port) };
  const repositories = await port.repositories();
  const isCached = (name: string) => cachePrefixes(registry).some((prefix) => prefixCovers(prefix, name));
  const meant = repositories.filter(({ name }) => {
    return isCached(name) && prefixes.some((prefix) => prefixContains(prefix, name));
  });
  const unnamed = meant.filter(({ name }) => !prefixes.includes(name));
  const pushed = new Set(await notCreatedByPull(port, registry, unnamed));
  const planned = meant.filter(({ name }) => !pushed.has(name));
  const { found, ...unread } = await readEach(planned, ({ name }) => planOne(port, name, age, keep), progress);
  return {
    items: found.filter(({ toDelete, wholeRepository }) => wholeRepository || toDelete.length > 0),
    age,
    notCreatedByPull: [...pushed],
    ...unread,
    unmatched: prefixes.filter((prefix) => !meant.some(({ name }) => prefixContains(prefix, name))),
  };
}

/** The prefixes of a registry's caches. Under a cache without a prefix is everything, also what nobody cached. */
function cachePrefixes(registry: Registry): string[] {
  const prefixes = resolveRegistry(registry).caches.map(({ prefix }) => prefix);
  return prefixes.filter((prefix) => prefix !== ROOT_PREFIX);
}

function refuseForeignPrefixes(registry: Registry, prefixes: readonly string[]): void {
  const owned = cachePrefixes(registry);
  for (const prefix of prefixes) {
    if (!isRepositoryPath(prefix) && prefix !== ROOT_PREFIX) {
      throw new ForeignPrefixError(
        `${prefix} is not a prefix: write e.g. quay or quay/prometheus, without * or / at the end`,
      );
    }
    if (!owned.some((cached) => prefixContains(cached, prefix))) {
      const caches = owned.join(", ") || "none";
      throw new ForeignPrefixError(`${prefix} is under no cache of this environment; its caches are ${caches}`);
    }
  }
}

/**
 * The repositories that have none of the tags that the template gives to those that ECR creates: they were probably
 * created by hand. Where the template has no tags, nothing tells them apart.
 */
async function notCreatedByPull(
  port: EcrPort,
  registry: Registry,
  repositories: readonly LiveRepository[],
): Promise<string[]> {
  if (repositories.length === 0) return [];
  const described = new PrefixIndex(resolveRegistry(registry).templates.filter(isForPulls));
  const live = new PrefixIndex((await port.templates()).filter(isForPulls));
  const keysOf = (name: string) => [
    ...Object.keys(live.covering(name)?.tags ?? {}),
    ...Object.keys(described.covering(name)?.resourceTags ?? {}),
  ];
  const tagged = repositories.filter(({ name }) => keysOf(name).length > 0);
  const all = await tagsOfMany(port, tagged.length);
  const hasTag = (name: string, tags: Readonly<Record<string, string>> = {}) => keysOf(name).some((key) => key in tags);
  const found = await inParallel(tagged, async ({ name, arn }) => {
    if (hasTag(name, all.get(arn))) return [];
    try {
      return hasTag(name, await port.tags(arn)) ? [] : [name];
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  });
  return found.flat();
}

async function planOne(port: EcrPort, repository: string, age: CleanupAge, keep: KeepList): Promise<CleanupItem> {
  const images = await port.images(repository);
  const isKept = keep.in(repository);
  const chosen = imagesToDelete(images, { ...age, isKept });
  const pulls = images.flatMap(({ lastPulledAt }) => (lastPulledAt ? [lastPulledAt.getTime()] : []));
  const isAll = chosen.length === images.length;
  return {
    repository,
    images: images.length,
    archived: chosen.filter(({ status }) => status === "ARCHIVED").length,
    toDelete: chosen.map(({ digest, tags }) => ({ digest, tags })),
    bytes: bytesOf(chosen),
    lastPulledAt: pulls.length === 0 ? undefined : new Date(Math.max(...pulls)),
    // An empty repository may have been created a moment ago, for a pull that is still going on.
    wholeRepository:
      isAll && !keep.keepsRepository(repository) && (images.length > 0 || age.olderThanDays === undefined),
  };
}

/** The result for a repository that was to be cleaned up. */
export interface CleanedItem {
  /** The repository's name. */
  readonly repository: string;
  /** How many images were deleted. */
  readonly deleted: number;
  /** Whether the repository was deleted. */
  readonly wholeRepository: boolean;
  /** What is kept of what was planned, and why. */
  readonly kept?: string;
  /** Why not all was deleted. */
  readonly failure?: string;
}

/** The results for all repositories. */
export interface Cleaned {
  /** Each repository that was tried. */
  readonly repositories: readonly CleanedItem[];
  /** The failures by their reasons. */
  readonly failures: readonly FailureGroup[];
  /** How many repositories were not tried, because they would have failed for the same reason. */
  readonly untried: number;
}

/**
 * Deletes what was planned. Each repository is read again first, and only what is still old, not referenced and without a
 * new tag is deleted. Run again after it was stopped, it does the rest.
 *
 * @throws OtherAccountError before anything is deleted, if the credentials are of another account
 */
export async function cleanUp(
  port: EcrPort,
  registry: Registry,
  { items, age }: Pick<CleanupPlan, "items" | "age">,
  keep: KeepList = NOTHING_KEPT,
  report: (cleaned: CleanedItem) => void = () => undefined,
): Promise<Cleaned> {
  refuseForeignPrefixes(
    registry,
    items.map(({ repository }) => repository),
  );
  await refuseOtherAccount(port, registry.accountId);
  const failures = new Failures();
  const cleaned = await inParallel(items, async (item): Promise<CleanedItem[]> => {
    if (failures.isHopeless) return [];
    const one = await cleanOne(port, item, age, keep, failures);
    report(one);
    return [one];
  });
  const tried = cleaned.flat();
  return { repositories: tried, failures: failures.groups, untried: items.length - tried.length };
}

async function cleanOne(
  port: EcrPort,
  item: CleanupItem,
  age: CleanupAge,
  keep: KeepList,
  failures: Failures,
): Promise<CleanedItem> {
  const { repository, toDelete, wholeRepository } = item;
  const none = { repository, deleted: 0, wholeRepository: false };
  try {
    const images = await port.images(repository);
    const planned = new Map(toDelete.map(({ digest, tags }) => [digest, tags]));
    const isKept = keep.in(repository);
    const hasNewTag = ({ digest, tags }: LiveImage) => tags.some((tag) => planned.get(digest)?.includes(tag) === false);
    const goes = imagesToDelete(images, { ...age, isKept: (image) => isKept(image) || hasNewTag(image) });
    const still = goes.filter(({ digest }) => planned.has(digest));
    const isWhole = wholeRepository && still.length === images.length;
    // Without an age all is meant, also images that cannot be deleted one by one.
    if (isWhole && age.olderThanDays === undefined) {
      await port.deleteRepository(repository);
      failures.succeeded();
      return { repository, deleted: images.length, wholeRepository: true };
    }
    const digests = still.map(({ digest }) => digest);
    const subjects = subjectsOf(images);
    const { failed, referenced, deleted } = await deleteAll(port, repository, digests, subjects);
    failures.succeeded();
    const there = new Set(images.map(({ digest }) => digest));
    const changed = toDelete.filter(({ digest }) => there.has(digest) && !digests.includes(digest)).length;
    const whole = isWhole && referenced === 0 && failed.length === 0 && (await port.deleteEmptyRepository(repository));
    const kept = describeKept({ changed, referenced, isRepositoryKept: wholeRepository && !whole });
    return {
      ...none,
      deleted,
      wholeRepository: whole,
      ...(kept !== undefined && { kept }),
      ...(failed.length > 0 && { failure: failureOf(failed, repository, failures) }),
    };
  } catch (error) {
    // That it is gone already is the purpose.
    if (isGone(error)) return { ...none, wholeRepository };
    failures.add(repository, error);
    return { ...none, failure: (error as Error).message };
  }
}

interface Deleted {
  readonly failed: readonly UndeletedImage[];
  /** How many images are named by lists that stay. */
  readonly referenced: number;
  readonly deleted: number;
}

/** Deletes images, and what refers to them only after they are gone. */
async function deleteAll(
  port: EcrPort,
  repository: string,
  digests: readonly string[],
  subjects: ReadonlyMap<string, string>,
): Promise<Deleted> {
  const failed: UndeletedImage[] = [];
  let left: readonly string[] = digests.filter((digest) => !subjects.has(digest));
  let waiting: readonly string[] = digests.filter((digest) => subjects.has(digest));
  let referenced: string[] = [];
  const stays = new Set<string>();
  const removeOnce = async (some: readonly string[]) => {
    const refused: string[] = [];
    for (const hundred of inHundreds(some)) {
      for (const image of await port.deleteImages(repository, hundred)) {
        stays.add(image.digest);
        if (image.code === "ImageReferencedByManifestList") refused.push(image.digest);
        else failed.push(image);
      }
    }
    return refused;
  };
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    for (const digest of left) stays.delete(digest);
    left = await removeOnce(left);
  }
  referenced = [...left];
  while (waiting.length > 0) {
    const next = waiting.filter((digest) => !waiting.includes(subjects.get(digest)!));
    const ready = next.filter((digest) => !stays.has(subjects.get(digest)!));
    for (const digest of next) if (!ready.includes(digest)) stays.add(digest);
    referenced.push(...(await removeOnce(ready)));
    // Images that refer to each other wait for ever: they stay.
    if (next.length === 0) break;
    waiting = waiting.filter((digest) => !next.includes(digest));
  }
  const untouched = new Set([...stays, ...waiting]);
  return { failed, referenced: referenced.length, deleted: digests.filter((digest) => !untouched.has(digest)).length };
}

/** `1 image: KmsError (…)` for each reason. */
function failureOf(failed: readonly UndeletedImage[], repository: string, failures: Failures): string {
  const counts = new Map<string, number>();
  for (const { code, reason } of failed) {
    const text = `${code} (${reason})`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  for (const text of counts.keys()) failures.add(repository, new Error(text));
  return [...counts].map(([text, images]) => `${countImages(images)}: ${text}`).join("; ");
}

function describeKept(kept: { changed: number; referenced: number; isRepositoryKept: boolean }): string | undefined {
  const parts: string[] = [];
  if (kept.changed > 0) parts.push(`${countImages(kept.changed)} that changed since the plan`);
  if (kept.referenced === 1) parts.push("1 image, which is part of an image that is in use");
  if (kept.referenced > 1) parts.push(`${kept.referenced} images, which are parts of images that are in use`);
  if (kept.isRepositoryKept && parts.length === 0) parts.push("the repository, which has new images");
  return parts.length === 0 ? undefined : parts.join("; ");
}

function countImages(images: number): string {
  return images === 1 ? "1 image" : `${images} images`;
}
