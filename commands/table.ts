import { printable } from "../modules/domain/basics/printable";

/** Rows in columns that line up, without spaces at the ends of lines. */
export function alignColumns(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A number of things: `1 rule`, `2 rules`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A size for people: `12.5 MB`. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** As much of two texts as fits beside each other, from shortly before they differ. */
export function shortenBoth(one: string, other: string, most = 160): [string, string] {
  if (one.length <= most && other.length <= most) return [one, other];
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared++;
  const start = Math.max(0, shared - BEFORE);
  const cut = (text: string) => shorten(start === 0 ? text : `…${text.slice(start)}`, most);
  return [cut(one), cut(other)];
}

/** So many characters are shown before a difference, to find the place. */
const BEFORE = 40;

/** A text cut to so many characters. */
function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
