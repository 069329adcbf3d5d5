import { Path } from "../basics";

/** A copy in which nothing stands at the path; in a list it leaves a gap, so that positions stay what they are. */
export function without(value: unknown, [head, ...rest]: Path): unknown {
  if (typeof value !== "object" || value === null || head === undefined) return value;
  const copy = (Array.isArray(value) ? value.slice() : { ...value }) as Record<string | number, unknown>;
  if (rest.length > 0) copy[head] = without(copy[head], rest);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it is a copy, and a gap is what is wanted
  else delete copy[head];
  return copy;
}
