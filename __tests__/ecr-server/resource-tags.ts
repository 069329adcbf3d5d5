import { EcrError } from "./ecr-error";
import { optionalList, RequestInput, text } from "./request-input";

/** One tag, with the capital letters that ECR's API gives it. */
export interface ResourceTag {
  readonly Key: string;
  readonly Value: string;
}

const MOST_TAGS = 50;

/** The tags that a request gives, if any. */
export function readResourceTags(input: RequestInput, name: string): ResourceTag[] | undefined {
  const tags = optionalList(input, name, (tag) => ({
    Key: text(tag, "Key", { min: 1, max: 128 }),
    Value: text(tag, "Value", { max: 256 }),
  }));
  if (tags === undefined) return undefined;
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) {
    throw new EcrError("InvalidTagParameterException", "A tag key is given twice");
  }
  if (keys.some((key) => /^aws:/i.test(key))) {
    throw new EcrError("InvalidTagParameterException", "aws: prefixed tag key names are not allowed");
  }
  if (tags.length > MOST_TAGS) throw new EcrError("TooManyTagsException", `There are more than ${MOST_TAGS} tags`);
  return tags;
}
