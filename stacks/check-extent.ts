import { Path, Diagnostic, diagnostic } from "../modules/domain";

/** No registry has so many caches, templates or principals: ECR's own limits are lower. */
const MOST_ITEMS = 1000;
/** What runs is not limited by ECR. */
const MOST_IMAGES = 20_000;
const DEEPEST = 40;

/**
 * Checks how large an environment is before anything looks at what is in it, so that the time for that stays short and
 * the list of problems can be read.
 */
export function checkExtent(value: unknown, path: Path = []): Diagnostic[] {
  if (typeof value !== "object" || value === null) return [];
  if (path.length >= DEEPEST) {
    const message = `must not hold more than ${DEEPEST} levels of values in values`;
    return [diagnostic({ path: path.slice(0, 4), message, fix: "remove what nobody reads" })];
  }
  if (!Array.isArray(value)) {
    for (const [key, item] of Object.entries(value)) {
      const found = checkExtent(item, [...path, key]);
      if (found.length > 0) return found;
    }
    return [];
  }
  const most = path.includes("workloads") ? MOST_IMAGES : MOST_ITEMS;
  if (value.length > most) {
    const message = `must have at most ${most} entries, but has ${value.length}`;
    return [diagnostic({ path, message, fix: "describe the rest in another environment" })];
  }
  for (const [index, item] of value.entries()) {
    const found = checkExtent(item, [...path, index]);
    if (found.length > 0) return found;
  }
  return [];
}

/** A file of environments is read by people. */
const LONGEST_TEXT = 5_000_000;
/** Far more levels than an environment has, and few enough for every parser. */
const MOST_LEVELS = 100;

/** Why a text is not parsed: it is too long, or nests its values too deep. */
export function whyNotParsed(text: string): { readonly offset: number; readonly what: string } | undefined {
  if (text.length > LONGEST_TEXT) return { offset: 0, what: `must have at most ${LONGEST_TEXT} characters` };
  const what = `must not hold more than ${MOST_LEVELS} levels of values in values`;
  let open = 0;
  let isLineStart = true;
  let indentation = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset]!;
    if (character === "[" || character === "{") open++;
    else if ((character === "]" || character === "}") && open > 0) open--;
    if (character === "\n") [isLineStart, indentation] = [true, 0];
    else if (isLineStart && " \t-?:".includes(character)) indentation++;
    else isLineStart = false;
    // A level of a block has at least one character before it in each of its lines, and people use two or more.
    if (open > MOST_LEVELS || indentation > MOST_LEVELS * 4) return { offset, what };
  }
  return undefined;
}
