import { invalidParameter } from "./ecr-error";
import { optionalList, optionalText, RequestInput, text } from "./request-input";

/** Whether tags can move, as ECR describes it. */
export interface TagMutability {
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filterType: string; readonly filter: string }[];
}

const MODES = ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"];
const FILTER = { min: 1, max: 128, pattern: /^[0-9a-zA-Z._*-]{1,128}$/ };

/** What a request says of mutability, if anything. */
export function readTagMutability(input: RequestInput): TagMutability | undefined {
  const imageTagMutability = optionalText(input, "imageTagMutability", { values: MODES });
  const readFilter = (one: RequestInput) => ({
    filterType: text(one, "filterType", { values: ["WILDCARD"] }),
    filter: text(one, "filter", FILTER),
  });
  const name = "imageTagMutabilityExclusionFilters";
  const filters = optionalList(input, name, readFilter, { max: 5 });
  const given = filters !== undefined && filters.length > 0;
  const wanted = imageTagMutability?.endsWith("_WITH_EXCLUSION") ?? false;
  if (given && !wanted) throw invalidParameter(name, "Member must be null unless mutability is with exclusion");
  if (!given && wanted) throw invalidParameter(name, "Member must not be null where mutability is with exclusion");
  if (imageTagMutability === undefined) return undefined;
  return { imageTagMutability, ...(given && { imageTagMutabilityExclusionFilters: filters }) };
}

/** Whether a tag can move to another image. */
export function canMove(tag: string, mutability: TagMutability): boolean {
  const { imageTagMutability, imageTagMutabilityExclusionFilters: filters = [] } = mutability;
  const excluded = filters.some(({ filter }) => {
    const pattern = filter.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
    return new RegExp(`^${pattern}$`).test(tag);
  });
  return imageTagMutability.startsWith("MUTABLE") !== excluded;
}
