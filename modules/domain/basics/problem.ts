import { ErrorCode } from "./check-code";
import { formatValue, isPartOfCredential, shorten } from "./format-value";
import { printable } from "./printable";

/** Where in the user's data a problem lies: field names and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with what a user wrote, said so that it can be mended without reading our code. */
export interface Problem {
  /** Where it is, from the object that was handed in. */
  readonly path: Path;
  /** What is wrong: a phrase such as `must be 12 digits`, lower case and without a final full stop. */
  readonly what: string;
  /**
   * The value that was given. Never a secret.
   *
   * @default - the problem is about something that is absent, so there is no value to show
   */
  readonly value?: unknown;
  /** What to write instead: a phrase such as `write the account id, e.g. "111122223333"`. */
  readonly fix: string;
  /**
   * The stable name of the check, where it looks at several parts of a registry or at what AWS would find later.
   *
   * @default - a check of one value, which has none
   */
  readonly code?: ErrorCode;
}

/** What is answered instead of a result where there can be none. */
export interface Refused {
  /** Everything that is wrong. */
  readonly problems: readonly Problem[];
}

/** `caches[0].prefix` for `["caches", 0, "prefix"]`; keys that are no plain names are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${text}[${JSON.stringify(shorten(part))}]`;
    return text === "" ? shorten(part) : `${text}.${shorten(part)}`;
  }, "");
}

/** One line for one problem: `caches[0].prefix must be …, got "…"; write … [code]`. A credential is never shown. */
export function formatProblem({ path, what, value, fix, code }: Problem): string {
  const where = formatPath(path);
  const got = value === undefined ? "" : `, got ${isPartOfCredential(path) ? "…" : formatValue(value)}`;
  return printable(`${where === "" ? "" : `${where} `}${what}${got}; ${fix}${code === undefined ? "" : ` [${code}]`}`);
}

/** The same problems, seen from an object that holds the checked one at `prefix`. */
export function problemsAt(prefix: Path, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }));
}
