import { createHash } from "node:crypto";
import { EcrError } from "./ecr-error";
import { pageOf, refusePaging } from "./page";
import { optionalList, optionalStructure, optionalText, RequestInput, required, text } from "./request-input";

/** An image, as far as the server keeps it. */
export interface Image {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly sizeInBytes: number;
  /** `undefined`: ECR does not say. */
  readonly pushedAt: number | undefined;
  readonly lastPulledAt?: number;
  readonly mediaType: string;
  /** The digests that it names, if it is a manifest list. */
  readonly members?: readonly string[];
  /** Whether it is in archive storage. */
  readonly archived?: boolean;
  /** Whether it is being restored from there. */
  readonly isActivating?: boolean;
  /** When it was restored from there. */
  readonly lastActivatedAt?: number;
  /** The digest of the image that it refers to. */
  readonly subject?: string;
}

/** An image's name in requests: a tag, a digest or both. */
export interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** An image that was not found or dealt with. */
export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
const LIST_TYPE = "application/vnd.oci.image.index.v1+json";
const MOST_IMAGE_IDS = 100;

/** A digest that a text always gives. */
export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The images of one repository. */
export class RepositoryImages {
  private readonly byDigest = new Map<string, Image>();

  public get all(): readonly Image[] {
    return [...this.byDigest.values()];
  }

  /** Adds an image, or gives one that is there a tag more; the tag leaves the image that had it. */
  public put(image: Pick<Image, "digest" | "pushedAt"> & Partial<Image>, tag?: string): Image {
    const former = tag === undefined ? undefined : this.find({ imageTag: tag });
    if (former) this.byDigest.set(former.digest, { ...former, tags: former.tags.filter((other) => other !== tag) });
    const mediaType = image.members === undefined ? MEDIA_TYPE : LIST_TYPE;
    const known = this.byDigest.get(image.digest) ?? { tags: [], sizeInBytes: 1000, mediaType, ...image };
    const put: Image = { ...known, tags: tag === undefined ? known.tags : [...known.tags, tag] };
    this.byDigest.set(put.digest, put);
    return put;
  }

  public recordPull(digest: string, lastPulledAt: number): void {
    this.byDigest.set(digest, { ...this.byDigest.get(digest)!, lastPulledAt });
  }

  public find({ imageTag, imageDigest }: ImageId): Image | undefined {
    const image = this.all.find(({ digest, tags }) => {
      return imageDigest === undefined ? tags.includes(imageTag!) : digest === imageDigest;
    });
    return image && (imageTag === undefined || image.tags.includes(imageTag)) ? image : undefined;
  }

  public describe(input: RequestInput) {
    const ids = readImageIds(input);
    if (ids === undefined) return pageOf(this.selected(input), input);
    refusePaging(input, "imageIds");
    const items = ids.map((id) => {
      const image = this.find(id);
      if (image !== undefined) return image;
      throw new EcrError("ImageNotFoundException", `The image with imageId ${JSON.stringify(id)} does not exist`);
    });
    return { items, nextToken: undefined };
  }

  /** One entry for each tag, and one for each image without any. */
  public list(input: RequestInput) {
    const ids = this.selected(input).flatMap(({ digest, tags }): ImageId[] => {
      return tags.length === 0
        ? [{ imageDigest: digest }]
        : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
    });
    return pageOf(ids, input);
  }

  /**
   * By its digest an image goes; by a tag only the tag does, and the image with its last one. None goes that a manifest
   * list names.
   */
  public delete(input: RequestInput): { imageIds: ImageId[]; failures: ImageFailure[] } {
    const imageIds: ImageId[] = [];
    const failures: ImageFailure[] = [];
    for (const imageId of required(readImageIds(input), "imageIds")) {
      const image = this.find(imageId);
      if (image === undefined) failures.push(notFound(imageId));
      else if (imageId.imageTag === undefined || image.tags.length === 1) {
        const list = this.all.find(({ members = [] }) => members.includes(image.digest));
        if (list !== undefined) {
          failures.push(referenced(imageId, list));
          continue;
        }
        this.byDigest.delete(image.digest);
        imageIds.push(...namesOf(image, imageId));
      } else {
        const tags = image.tags.filter((tag) => tag !== imageId.imageTag);
        this.byDigest.set(image.digest, { ...image, tags });
        imageIds.push({ imageDigest: image.digest, imageTag: imageId.imageTag });
      }
    }
    return { imageIds, failures };
  }

  private selected(input: RequestInput): Image[] {
    const filter = optionalStructure(input, "filter") ?? {};
    const status = optionalText(filter, "tagStatus", { values: ["TAGGED", "UNTAGGED", "ANY"] }) ?? "ANY";
    const storages = { values: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] };
    const storage = optionalText(filter, "imageStatus", storages) ?? "ACTIVE";
    return this.all.filter(({ tags, archived = false }) => {
      const isOfTags = status === "ANY" || (status === "TAGGED") === tags.length > 0;
      return isOfTags && (storage === "ANY" || (storage === "ARCHIVED") === archived);
    });
  }
}

/** The images that a request names, if it does. */
export function readImageIds(input: RequestInput): ImageId[] | undefined {
  const readId = (id: RequestInput): ImageId => {
    const imageTag = optionalText(id, "imageTag", { min: 1, max: 300 });
    const imageDigest = optionalText(id, "imageDigest");
    return imageTag === undefined && imageDigest === undefined
      ? { imageTag: text(id, "imageTag") }
      : clean({ imageTag, imageDigest });
  };
  return optionalList(input, "imageIds", readId, { min: 1, max: MOST_IMAGE_IDS });
}

/** What ECR says of an image that is not there. */
export function notFound(imageId: ImageId): ImageFailure {
  return { imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" };
}

function referenced(imageId: ImageId, { digest }: Image): ImageFailure {
  const failureReason = `Requested image referenced by manifest list: [${digest}]`;
  return { imageId, failureCode: "ImageReferencedByManifestList", failureReason };
}

function namesOf({ digest, tags }: Image, { imageTag }: ImageId): ImageId[] {
  if (imageTag !== undefined) return [{ imageDigest: digest, imageTag }];
  return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((tag) => ({ imageDigest: digest, imageTag: tag }));
}

function clean(id: ImageId): ImageId {
  return Object.fromEntries(Object.entries(id).filter(([, value]) => value !== undefined));
}
