import { Edit, rangeOf, sliceSource, SourceText } from "./source-text";

/** An image that a file names. */
export interface FoundImage {
  /** Its name, with the values of variables that are known. */
  readonly name: string;
  /** Where it is named in the file. */
  readonly offset: number;
  /** Why its name cannot be told, e.g. since it has a variable without a value. */
  readonly unreadable?: string;
  /** Puts another repository in its place, and leaves tag and digest as they are; undefined where that is not possible. */
  readonly rename: (repository: string) => Edit | undefined;
}

/** An image whose name stands in a file. */
export function foundAt(source: SourceText): FoundImage {
  return {
    name: source.text,
    offset: source.offsets.find((offset) => offset >= 0) ?? 0,
    rename: (repository) => {
      const range = rangeOf(sliceSource(source, 0, repositoryLength(source.text)));
      return range && { ...range, text: repository };
    },
  };
}

/** An image whose name cannot be told. */
export function unreadableAt(name: string, offset: number, unreadable: string): FoundImage {
  return { name, offset, unreadable, rename: () => undefined };
}

/** How much of a name is before its tag and its digest. */
export function repositoryLength(name: string): number {
  const withoutDigest = name.split("@")[0]!;
  const tag = withoutDigest.indexOf(":", withoutDigest.lastIndexOf("/") + 1);
  return tag < 0 ? withoutDigest.length : tag;
}
