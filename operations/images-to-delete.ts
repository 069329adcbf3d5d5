import { LiveImage } from "./ecr-port";
import { isOlderThan } from "./image-age";

/** Which images of a repository are deleted. */
export interface ImageChoice {
  /**
   * Only images that have not been used for so many days.
   *
   * @default - all images
   */
  readonly olderThanDays: number | undefined;
  /** The time according to AWS. */
  readonly now: Date;
  /** Whether an image is kept whatever its age. */
  readonly isKept: (image: LiveImage) => boolean;
}

/**
 * The images that can be deleted. A signature, an SBOM or an attestation is kept or deleted together with its subject. As
 * long as a list of images stays, images that it may name stay as well.
 */
export function imagesToDelete(images: readonly LiveImage[], { olderThanDays, now, isKept }: ImageChoice): LiveImage[] {
  const subjects = subjectsOf(images);
  const own = images.filter(({ digest }) => !subjects.has(digest));
  const isWanted = (image: LiveImage) => {
    return !isKept(image) && (olderThanDays === undefined || isOlderThan(image, olderThanDays, now));
  };
  // Which list names a part is not known here, so a part that is kept keeps all lists.
  const keepsLists = own.some((image) => isMaybePart(image) && isKept(image));
  const goes = (image: LiveImage) => isWanted(image) && !(keepsLists && image.isList);
  const listStays = own.some((image) => image.isList && !goes(image));
  const deleted = new Set(own.filter((image) => goes(image) && !(listStays && isMaybePart(image))).map(digestOf));
  // A subject that is kept keeps its referrers, and a referrer that is kept by name its subject.
  for (const image of images) {
    if (!subjects.has(image.digest) || !isKept(image)) continue;
    deleted.delete(rootOf(image.digest, subjects));
  }
  return images.filter(({ digest }) => deleted.has(rootOf(digest, subjects)));
}

function digestOf({ digest }: LiveImage): string {
  return digest;
}

/** The subject of each image that refers to another one of the repository. */
export function subjectsOf(images: readonly LiveImage[]): ReadonlyMap<string, string> {
  const there = new Set(images.map(digestOf));
  const subjects = new Map<string, string>();
  for (const { digest, tags, subject = subjectByTags(tags) } of images) {
    if (subject !== undefined && subject !== digest && there.has(subject)) subjects.set(digest, subject);
  }
  return subjects;
}

/**
 * Tools that do not know the field for it name the subject in a tag: `sha256-…`, `sha256-….sig`, `sha256-….att`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
const SUBJECT_TAG = /^(sha256|sha512)-([0-9a-f]{64,128})(?:\.[\w-]+)*$/;

function subjectByTags(tags: readonly string[]): string | undefined {
  const named = tags.map((tag) => SUBJECT_TAG.exec(tag));
  // An image that has another tag as well is pulled by itself.
  const [match] = named;
  return match && named.every((one) => one !== null) ? `${match[1]!}:${match[2]!}` : undefined;
}

/** The image at the end of a chain of subjects, such as that of an attestation about a signature. */
function rootOf(digest: string, subjects: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let root = digest;
  for (let next = subjects.get(root); next !== undefined && !seen.has(next); next = subjects.get(root)) {
    seen.add(root);
    root = next;
  }
  return root;
}

/**
 * Whether a list may name the image: nobody pulls most of these by themselves, so that they look old. Reading the list
 * would tell, but ECR may record that as a pull of it, and a list that is read each week never grows old.
 */
function isMaybePart({ isList, tags }: LiveImage): boolean {
  return !isList && tags.length === 0;
}
