import { DiagnosticCode } from "./check-code";

/** Where in the user's data a problem lies: field names and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with what a user wrote, said so that it can be mended without reading our code. */
export interface Diagnostic {
  /** Where it is, from the object that was handed in. */
  readonly path: Path;
  /** What is wrong: a phrase such as `must be 12 digits`, lower case and without a final full stop. */
  readonly message: string;
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
  readonly code?: DiagnosticCode;
}

/** What is answered instead of a result where there can be none. */
export interface Refused {
  /** Everything that is wrong. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Long values are cut here, so that a list of problems stays a list. */
const LONGEST_VALUE = 120;

/** `caches[0].prefix` for `["caches", 0, "prefix"]`; keys that are no plain names are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** One line for one problem: `caches[0].prefix must be …, got "…"; write … [code]`. */
export function formatDiagnostic(problem: Diagnostic): string {
  const where = formatPath(problem.path);
  const got = problem.value === undefined ? "" : `, got ${formatValue(problem.value)}`;
  return `${where === "" ? "" : `${where} `}${problem.message}${got}; ${problem.fix}${problem.code === undefined ? "" : ` [${problem.code}]`}`;
}

/** The same problems, seen from an object that holds the checked one at `prefix`. */
export function diagnosticsAt(prefix: Path, problems: readonly Diagnostic[]): Diagnostic[] {
  return problems.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }));
}

/** A value as JSON on one line, cut if it is long. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
