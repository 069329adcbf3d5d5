import { parseImageReference, Registry, registryHost, resolveImage } from "../modules/domain";
import { LiveImage } from "./ecr-port";

/** Images that a cleanup keeps whatever their age. */
export interface KeepList {
  /** Whether an image of a repository is kept. */
  in(repository: string): (image: LiveImage) => boolean;
  /** Whether the list names a repository as a whole. */
  keepsRepository(repository: string): boolean;
}

/** The list of a cleanup that keeps nothing for its name. */
export const NOTHING_KEPT: KeepList = { in: () => () => false, keepsRepository: () => false };

/** Lines of a keep list that name no image of the registry. */
export class KeepListError extends Error {
  /** Names the lines. */
  constructor(message: string) {
    super(message);
    this.name = "KeepListError";
  }
}

/**
 * Reads a list of images to keep: a line each, by their upstream names or their URIs in the registry, `#` begins a
 * comment. A name without a tag and a digest keeps the whole repository. The list may also be what
 * `kubectl get pods --all-namespaces --output json` prints: then images of other registries are ignored.
 *
 * @throws KeepListError if a line names no image of the registry, or the JSON is not a list of pods
 */
export function readKeepList(text: string, registry: Registry): KeepList {
  if (text.trimStart().startsWith("{")) return keepListOf(imagesOfPods(text), registry);
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim());
  const images = lines.filter((line) => line !== "");
  const unknown = images.filter((image) => placesOf(image, registry).length === 0);
  if (unknown.length > 0) {
    throw new KeepListError(
      `the keep list names images that no cache serves: ${unknown.join(", ")}; correct the lines`,
    );
  }
  return keepListOf(images, registry);
}

/** Whether an image's repository, and which of its images, are kept. */
interface Kept {
  readonly tags: Set<string>;
  readonly digests: Set<string>;
  isWhole: boolean;
}

function keepListOf(images: readonly string[], registry: Registry): KeepList {
  const byRepository = new Map<string, Kept>();
  for (const { repository, tag, digest } of images.flatMap((image) => placesOf(image, registry))) {
    const kept = byRepository.get(repository) ?? { tags: new Set(), digests: new Set(), isWhole: false };
    byRepository.set(repository, kept);
    if (tag !== undefined) kept.tags.add(tag);
    if (digest !== undefined) kept.digests.add(digest);
    if (tag === undefined && digest === undefined) kept.isWhole = true;
  }
  return {
    in(repository) {
      const kept = byRepository.get(repository);
      if (kept === undefined) return () => false;
      return ({ digest, tags }) => kept.isWhole || kept.digests.has(digest) || tags.some((tag) => kept.tags.has(tag));
    },
    keepsRepository: (repository) => byRepository.has(repository),
  };
}

interface Place {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** The repositories of an image in the registry; none if no cache serves it. */
function placesOf(image: string, registry: Registry): Place[] {
  const parsed = parseImageReference(image);
  if ("diagnostics" in parsed) return [];
  const { tag, digest, path, domain } = parsed.reference;
  const resolved = resolveImage(image, registry);
  if (!("diagnostics" in resolved)) return resolved.images.map(({ repository }) => ({ repository, tag, digest }));
  // Also an image that was pushed by hand under a cached prefix.
  return domain === registryHost(registry) ? [{ repository: path, tag, digest }] : [];
}

interface ContainerSpec {
  readonly image?: string;
}

interface ContainerStatus {
  readonly image?: string;
  readonly imageID?: string;
}

interface Pod {
  readonly kind?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const SPECS = ["containers", "initContainers", "ephemeralContainers"];
const STATUSES = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

/** The images of pods: those that they ask for, and those that run. */
function imagesOfPods(text: string): string[] {
  const parsed = parseJson(text);
  const pods: readonly Pod[] | undefined = parsed.items ?? (parsed.kind === "Pod" ? [parsed] : undefined);
  if (!Array.isArray(pods)) {
    throw new KeepListError("the keep list is JSON without pods; pass what kubectl get pods -A -o json prints");
  }
  const images = (pods as readonly Pod[]).flatMap(({ spec = {}, status = {} }) => [
    ...SPECS.flatMap((name) => ((spec[name] ?? []) as ContainerSpec[]).map(({ image }) => image)),
    ...STATUSES.flatMap((name) =>
      ((status[name] ?? []) as ContainerStatus[]).flatMap(({ image, imageID }) => [
        image,
        // Docker's runtime puts this before the name.
        imageID?.replace(/^docker-pullable:\/\//, ""),
      ]),
    ),
  ]);
  return [...new Set(images.filter((image): image is string => typeof image === "string" && image !== ""))];
}

function parseJson(text: string): Pod & { readonly items?: readonly Pod[] } {
  try {
    return JSON.parse(text) as Pod & { readonly items?: readonly Pod[] };
  } catch (error) {
    throw new KeepListError(`the keep list is not valid JSON: ${(error as Error).message}`);
  }
}
