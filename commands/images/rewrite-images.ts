import { parseImageReference, Registry, resolveImage } from "../../modules/domain";
import { FoundImage } from "./found-image";
import { readImages, SourceFile } from "./read-images";
import { Edit } from "./source-text";

/** A file in which images are named by the caches that serve them. */
export interface RewrittenFile {
  readonly path: string;
  /** The new text; the same as before where nothing is to be changed. */
  readonly text: string;
  /** What was changed, in its order in the file. */
  readonly edits: readonly Edit[];
  /** The images that a cache serves and whose names are put together from several places, so that they stay. */
  readonly left: readonly FoundImage[];
}

/**
 * Names the images of a file by the caches that serve them. Only the names of repositories change: tags, digests,
 * comments and spaces stay, and so does everything that no cache serves. Doing it twice changes nothing more.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with
 */
export function rewriteImages(file: SourceFile, registry: Registry): RewrittenFile {
  const { images } = readImages(file);
  const edits = new Map<number, Edit>();
  const left: FoundImage[] = [];
  for (const image of images) {
    const repository = cachedRepository(image, registry);
    if (repository === undefined) continue;
    const edit = image.rename(repository);
    const same = edit && edits.get(edit.start);
    // One place, such as the default of a build argument, can be a part of two names.
    if (edit === undefined || (same !== undefined && same.text !== edit.text)) left.push(image);
    else edits.set(edit.start, edit);
  }
  const ordered = [...edits.values()].sort((a, b) => a.start - b.start);
  const text = applyEdits(file.text, ordered);
  const wanted = images.map((image) => upstreamOf(image, registry));
  const reached = readImages({ ...file, text }).images.map((image) => upstreamOf(image, registry));
  // What would name other images than before is left as it was.
  const isSame = JSON.stringify(reached) === JSON.stringify(wanted);
  if (!isSame) return { path: file.path, text: file.text, edits: [], left: images };
  return { path: file.path, text, edits: ordered, left };
}

/** The repository to write, with its registry; undefined where it is written already, or no cache serves the image. */
function cachedRepository({ name, unreadable }: FoundImage, registry: Registry): string | undefined {
  if (unreadable !== undefined) return undefined;
  const found = resolveImage(name, registry);
  const uri = "diagnostics" in found ? undefined : found.images[0]?.uri;
  if (uri === undefined || uri === name) return undefined;
  const parsed = parseImageReference(uri);
  return "diagnostics" in parsed ? undefined : `${parsed.reference.domain}/${parsed.reference.path}`;
}

/** The image that is meant, whatever it is called. */
function upstreamOf({ name, unreadable }: FoundImage, registry: Registry): unknown {
  const found = unreadable === undefined ? resolveImage(name, registry) : { diagnostics: [] };
  return "diagnostics" in found ? name : found.images[0]?.upstream;
}

/** A text with edits that are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of edits) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return [...parts, text.slice(from)].join("");
}
