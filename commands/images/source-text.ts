/** A text from a file, with the place of each of its characters in the file. */
export interface SourceText {
  readonly text: string;
  /** The offset of each character in the file; one less where it is not written there letter by letter. */
  readonly offsets: readonly number[];
}

/** What replaces a stretch of a file. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The offset of a character that is not in the file. */
const NOWHERE = -1;

/** A text that begins at an offset of its file. */
export function sourceText(text: string, start: number): SourceText {
  return { text, offsets: Array.from(text, (_, index) => start + index) };
}

/** A part of a text. */
export function sliceSource({ text, offsets }: SourceText, start: number, end?: number): SourceText {
  return { text: text.slice(start, end), offsets: offsets.slice(start, end) };
}

/** Where a file holds a text, letter by letter; nowhere if it is put together from several places. */
export function rangeOf({ offsets }: SourceText): { readonly start: number; readonly end: number } | undefined {
  const [start = NOWHERE] = offsets;
  const isWhole = start !== NOWHERE && offsets.every((offset, index) => offset === start + index);
  return isWhole ? { start, end: start + offsets.length } : undefined;
}

/** What a variable stands for. */
export type Lookup = (name: string) => SourceText | undefined;

/** `${NAME}`, `${NAME:-default}`, `$NAME`, or `$$` for the sign itself. */
const VARIABLE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-+?=])([^{}]*))?\}|([A-Za-z_]\w*))/g;

/**
 * A text with its variables replaced, in the syntax that Dockerfiles, Compose and GitLab share, or the name of a variable
 * of which nothing is known.
 */
export function expandVariables(source: SourceText, lookup: Lookup): SourceText | { readonly unknown: string } {
  const parts: SourceText[] = [];
  let from = 0;
  for (const match of source.text.matchAll(VARIABLE)) {
    const [whole, braced, operator, alternative = "", plain] = match;
    parts.push(sliceSource(source, from, match.index));
    from = match.index + whole.length;
    const name = braced ?? plain;
    if (name === undefined) {
      parts.push(sliceSource(source, from - 1, from));
      continue;
    }
    const written = sliceSource(source, from - 1 - alternative.length, from - 1);
    const value = chooseValue(lookup(name), operator, written);
    if (value === undefined) return { unknown: name };
    parts.push(value);
  }
  parts.push(sliceSource(source, from));
  return { text: parts.map(({ text }) => text).join(""), offsets: parts.flatMap(({ offsets }) => offsets) };
}

/** `-` and `=` stand for a default, `+` for what replaces a value, `:` for an empty value being none. */
function chooseValue(value: SourceText | undefined, operator: string | undefined, alternative: SourceText) {
  const isSet = value !== undefined && (value.text !== "" || operator?.startsWith(":") !== true);
  if (operator?.endsWith("+")) return isSet ? alternative : { text: "", offsets: [] };
  const hasDefault = operator?.endsWith("-") === true || operator?.endsWith("=") === true;
  return isSet || !hasDefault ? value : alternative;
}
