import { ImageTagMutability, MOST_FILTERS, tagCanMove } from "../template";
import { Diagnostic, diagnostic, isUnresolved, matchesWildcard } from "../basics";
import { CachedRepositories, listedAddress, RegistryView } from "../plan";
import { PulledImage } from "./workload-images";

/** The tag that moves in every upstream. */
const ALWAYS_MOVING = "latest";
/** A whole version, a date or a commit: what is not made again. */
const FIXED_TAG = /\d+\.\d+\.\d+|\d{8}|^[0-9a-f]{7,40}$/;

/** Tags that move upstream, in repositories where they cannot move. */
export function findTagMutability({ repositories }: RegistryView, images: readonly PulledImage[]): Diagnostic[] {
  return repositories.flatMap(({ cache, template }): Diagnostic[] => {
    const { imageTagMutability } = template;
    if (isUnresolved(imageTagMutability)) return [];
    const frozen = [ALWAYS_MOVING, ...movingTags(images, { cache, template })].filter((tag) => {
      return !tagCanMove(tag, imageTagMutability);
    });
    if (frozen.length === 0) return [];
    const tags = [...new Set(frozen)].sort();
    return [
      diagnostic({
        code: "frozen-tags",
        path: template.pathOf("imageTagMutability"),
        constructs: [listedAddress("templates", template.id)],
        message: `keeps ${tags.map((tag) => `"${tag}"`).join(", ")} from moving in repositories that are cached`,
        effect: "such a tag stays the image of its first pull, whatever fixes its upstream publishes under it",
        fix: fixOf(tags, imageTagMutability),
      }),
    ];
  });
}

/** What lets the tags move, beside those that can already. */
function fixOf(tags: readonly string[], mutability: ImageTagMutability): string {
  const { type, exclusionFilters = [] } = typeof mutability === "string" ? { type: mutability } : mutability;
  if (type === "MUTABLE_WITH_EXCLUSION") {
    const frozen = exclusionFilters.filter((filter) => tags.some((tag) => matchesWildcard(tag, filter)));
    return `take ${frozen.map((filter) => `"${filter}"`).join(", ")} out of its exclusionFilters`;
  }
  const filters = [...exclusionFilters, ...tags];
  return filters.length > MOST_FILTERS
    ? `let every tag move with "MUTABLE", or name them by wildcards, e.g. "1.*": ECR takes ${MOST_FILTERS} filters`
    : `let it move, e.g. with { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ${JSON.stringify(filters)} }`;
}

function movingTags(images: readonly PulledImage[], { cache, template }: CachedRepositories): string[] {
  return images.flatMap(({ tag, resolved }) => {
    const isHere = resolved.cache.id === cache.id && resolved.template?.id === template.id;
    return isHere && tag !== undefined && !FIXED_TAG.test(tag) ? [tag] : [];
  });
}
