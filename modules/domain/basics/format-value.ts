import { hideCredentials } from "./credential-text";
import { printable } from "./printable";

/** Long values are cut here, so that a list of problems stays a list. */
const LONGEST_VALUE = 120;
/** Values inside of others are shown to this depth. */
const DEEPEST_VALUE = 4;

/** A value as JSON on one line, cut if it is long or deep, without what is under the name of a credential. */
export function formatValue(value: unknown): string {
  return printable(shorten(JSON.stringify(excerpt(value)) ?? String(value)));
}

/** Fields whose values are credentials, or hold some where somebody has put them there. */
const CREDENTIAL_FIELD = /^(?:auth|credentials?|pass(?:word|wd)?|secrets?|secretarn|.*token)$/i;

/** Whether a path leads to a credential, or into one. */
export function isPartOfCredential(path: readonly (string | number)[]): boolean {
  return path.some((part) => typeof part === "string" && CREDENTIAL_FIELD.test(part));
}

/** As much of a value as is shown of it: it may be of any depth, hold itself, or be what JSON does not know. */
export function excerpt(value: unknown, depth = DEEPEST_VALUE): unknown {
  if (typeof value === "string") return hideCredentials(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, LONGEST_VALUE).map((item) => excerpt(item, depth - 1));
  const entries = Object.entries(value).slice(0, LONGEST_VALUE);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, CREDENTIAL_FIELD.test(key) ? "…" : excerpt(item, depth - 1)]),
  );
}

/** Longer than any credential that begins in what is shown. */
const LONGEST_SEARCHED = 10_000;

/** A text cut to the length of a value. Credentials are hidden before, while they can be recognized. */
export function shorten(text: string): string {
  const safe = hideCredentials(text.slice(0, LONGEST_SEARCHED));
  return safe.length <= LONGEST_VALUE ? safe : `${safe.slice(0, LONGEST_VALUE)}…`;
}
