import { Path } from "./diagnostic";

/** A text somewhere in a description. */
export interface PlacedText {
  /** Where it is. The path of a key ends in the key. */
  readonly path: Path;
  /** The text itself. */
  readonly text: string;
}

/** Descriptions are flat; whatever is deeper than this is a mistake. */
export const DEEPEST_DESCRIPTION = 40;

/** Every text in plain data, keys included, down to `DEEPEST_DESCRIPTION`. */
export function eachText(value: unknown, path: Path = []): PlacedText[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (path.length >= DEEPEST_DESCRIPTION) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => eachText(item, [...path, index]));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    return [{ path: at, text: key }, ...eachText(item, at)];
  });
}

/** Whether a value is data, and neither a construct nor a token of CDKTF. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !("resolve" in value);
}
