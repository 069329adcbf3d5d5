import {
  cacheOfImage,
  Diagnostic,
  isRegistryHost,
  otherName,
  parseImageReference,
  prefixCovers,
  PullThroughCache,
  Registry,
  resolveImage,
  resolveRegistry,
} from "../../modules/domain";
import { FoundImage } from "./found-image";
import { ReadImages, SourceFile } from "./read-images";

/** Where a file names an image. */
export interface ImagePlace {
  /** The file's path. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The character in the line, from 1. */
  readonly column: number;
}

/**
 * What is known of an image: a cache serves it under another name (`served`), it is named by the cache already
 * (`cached`), it is in the registry and no cache's (`own`), nothing serves it (`not-served`), or its name cannot be told
 * (`unreadable`). Without an environment, ECR can cache it (`cacheable`) or cannot (`not-served`).
 */
export type ImageStatus = "served" | "cached" | "own" | "cacheable" | "not-served" | "unreadable";

/** An image that files name, and where it is to be pulled from. */
export interface CheckedImage {
  /** Its name, as it is written. */
  readonly image: string;
  readonly status: ImageStatus;
  /** The prefix of the cache that serves it. */
  readonly cache?: string;
  /** What to write instead. */
  readonly uri?: string;
  /** Why it is not served, or cannot be told. */
  readonly reason?: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Where it is named. */
  readonly places: readonly ImagePlace[];
}

/** A file with the images that it names. */
export interface FileImages extends ReadImages {
  readonly file: SourceFile;
}

/**
 * Tells of each image once whether a registry serves it, with every place that names it.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with; without one, whether ECR can cache them
 */
export function checkImages(files: readonly FileImages[], registry: Registry | undefined): CheckedImage[] {
  const byName = new Map<string, { readonly image: FoundImage; readonly places: ImagePlace[] }>();
  for (const { file, images } of files) {
    const placeOf = places(file);
    for (const image of images) {
      const known = byName.get(image.name) ?? { image, places: [] };
      known.places.push(placeOf(image.offset));
      byName.set(image.name, known);
    }
  }
  return [...byName.values()].map((one) => {
    return { image: one.image.name, ...statusOf(one.image, registry), places: one.places };
  });
}

function places({ path, text }: SourceFile): (offset: number) => ImagePlace {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let line = starts.length;
    // Images are few and lines are many.
    for (let low = 1; low < line;) {
      const middle = (low + line) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else line = middle;
    }
    return { file: path, line, column: offset - starts[line - 1]! + 1 };
  };
}

function statusOf(
  { name, unreadable }: FoundImage,
  registry: Registry | undefined,
): Omit<CheckedImage, "image" | "places"> {
  if (unreadable !== undefined) return { status: "unreadable", reason: unreadable };
  return registry === undefined ? canBeCached(name) : isServed(name, registry);
}

function isServed(name: string, registry: Registry): Omit<CheckedImage, "image" | "places"> {
  const found = resolveImage(name, registry);
  if ("diagnostics" in found) {
    if (isOwn(name, registry)) return { status: "own" };
    return notServed(found.diagnostics);
  }
  const [{ uri, cache }] = found.images as [(typeof found.images)[number]];
  return { status: uri === name ? "cached" : "served", cache: cache.prefix, uri };
}

/** An image of the registry itself, which was pushed there. */
function isOwn(name: string, registry: Registry): boolean {
  const parsed = parseImageReference(name);
  if ("diagnostics" in parsed || !isRegistryHost(parsed.reference.domain, registry)) return false;
  return !resolveRegistry(registry).caches.some(({ prefix }) => prefixCovers(prefix, parsed.reference.path));
}

function canBeCached(name: string): Omit<CheckedImage, "image" | "places"> {
  const parsed = parseImageReference(otherName(name)?.name ?? name);
  if ("diagnostics" in parsed) return notServed(parsed.diagnostics);
  const cache = cacheOfImage(parsed.reference);
  if (cache !== undefined) return { status: "cacheable", cache: cache.upstream };
  const reason = `comes from ${parsed.reference.domain}, which ECR cannot cache`;
  return { status: "not-served", reason, fix: "push a copy into a repository of your own" };
}

function notServed(problems: readonly Diagnostic[]): Omit<CheckedImage, "image" | "places"> {
  const [{ message, fix }] = problems as [Diagnostic];
  return { status: "not-served", reason: message, fix };
}

/**
 * The caches that would serve images, each under a prefix of its own. Images that ECR cannot cache, or whose names cannot
 * be told, have none; neither have those that are served already.
 */
export function suggestCaches(images: readonly CheckedImage[]): PullThroughCache[] {
  const caches = new Map<string, PullThroughCache>();
  for (const { image, status } of images) {
    if (status !== "cacheable" && status !== "not-served") continue;
    const parsed = parseImageReference(otherName(image)?.name ?? image);
    const cache = "diagnostics" in parsed ? undefined : cacheOfImage(parsed.reference);
    if (cache !== undefined) caches.set(JSON.stringify(cache), cache);
  }
  const upstreams = new Map<string, number>();
  return [...caches.values()].map((cache) => {
    const number = (upstreams.get(cache.upstream) ?? 0) + 1;
    upstreams.set(cache.upstream, number);
    return number === 1 ? cache : { ...cache, prefix: `${cache.upstream.split("-")[0]!}-${number}` };
  });
}
