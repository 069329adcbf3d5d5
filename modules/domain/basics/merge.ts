import { Path } from "./diagnostic";

/** A list that is appended to the inherited one instead of replacing it. */
export interface Addition<List extends readonly unknown[]> {
  /** What comes after the inherited entries. */
  readonly add: List;
}

/**
 * Settings that are laid over inherited ones, by the one rule that holds everywhere: objects merge field by field at
 * every depth, lists and single values replace, and `{ add: [...] }` appends to a list. An object whose `type` is
 * another than the inherited one's replaces it.
 */
export type Overrides<T> = T extends readonly unknown[]
  ? T | Addition<T>
  : T extends object
    ? { readonly [Field in keyof T]?: Overrides<T[Field]> }
    : T;

type Fields = Readonly<Record<string, unknown>>;

/** Settings with others laid over them. What is added to a list that is not known yet stays an addition. */
export function layOver(inherited: unknown, own: unknown): unknown {
  if (own === undefined) return inherited;
  if (isAddition(own)) {
    if (Array.isArray(inherited)) return [...(inherited as unknown[]), ...own.add];
    return isAddition(inherited) ? { add: [...inherited.add, ...own.add] } : own;
  }
  if (!isFields(own) || !merges(inherited, own)) return own;
  const fields = Object.entries(own).map(([field, value]) => [field, layOver(inherited[field], value)]);
  return { ...inherited, ...Object.fromEntries(fields) };
}

/** Settings in which every addition that is left has become a list of its own. */
export function settle(value: unknown): unknown {
  if (isAddition(value)) return value.add;
  if (!isFields(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([, inner]) => isFields(inner))) return value;
  return Object.fromEntries(entries.map(([field, inner]) => [field, settle(inner)]));
}

/** Settings with others laid over them, the last over all. */
export function merge<T>(base: T, ...overrides: readonly (Overrides<T> | undefined)[]): T {
  return settle(overrides.reduce<unknown>(layOver, base)) as T;
}

/**
 * Where the overrides say what stands at a path of the merged settings.
 *
 * @returns `undefined` where it is inherited
 */
export function pathInOverrides(path: Path, inherited: unknown, own: unknown): Path | undefined {
  const [head, ...rest] = path;
  if (own === undefined) return undefined;
  if (head === undefined) return [];
  if (isAddition(own)) {
    const before = listOf(inherited).length;
    if (typeof head !== "number") return path;
    return head < before ? undefined : ["add", head - before, ...rest];
  }
  if (!isFields(own)) return path;
  const outer = merges(inherited, own) ? inherited : {};
  const inner = pathInOverrides(rest, outer[head], own[head]);
  if (inner !== undefined) return [head, ...inner];
  return outer[head] === undefined ? path : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isAddition(value) ? value.add : [];
}

function merges(inherited: unknown, own: Fields): inherited is Fields {
  if (!isFields(inherited) || isAddition(inherited)) return false;
  return own.type === undefined || inherited.type === undefined || own.type === inherited.type;
}

function isAddition(value: unknown): value is Addition<readonly unknown[]> {
  return isFields(value) && Object.keys(value).join() === "add" && Array.isArray(value.add);
}

/** Whether a value is an object that somebody wrote: neither a list nor a token. */
function isFields(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !("resolve" in value);
}
