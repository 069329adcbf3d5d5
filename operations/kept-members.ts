import { EcrPort, LiveImage } from "./ecr-port";
import { inHundreds } from "./in-hundreds";

/**
 * The digests that lists of images name which are to stay. Nobody pulls most of these images by themselves, so that they
 * look old, and ECR deletes none of them while its list is there.
 *
 * @param images all of a repository
 */
export async function keptMembers(
  port: EcrPort,
  repository: string,
  images: readonly LiveImage[],
  isOld: (image: LiveImage) => boolean,
): Promise<ReadonlySet<string>> {
  const members = new Set<string>();
  // Only images without a tag can be there for a list alone.
  if (!images.some((image) => isOld(image) && image.tags.length === 0)) return members;
  const read = new Set<string>();
  const unread = () =>
    images.filter((one) => one.isList && !read.has(one.digest) && (!isOld(one) || members.has(one.digest)));
  for (let lists = unread(); lists.length > 0; lists = unread()) {
    const digests = lists.map(({ digest }) => digest);
    for (const digest of digests) read.add(digest);
    for (const some of inHundreds(digests)) {
      for (const member of await port.members(repository, some).catch(noneIfDenied)) members.add(member);
    }
  }
  return members;
}

/** A repository that lets in its pullers only does not let everybody read. ECR keeps what lists name all the same. */
function noneIfDenied(error: unknown): string[] {
  if ((error as Error).name === "AccessDeniedException") return [];
  throw error;
}
