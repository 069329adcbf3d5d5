import { hideCredentials } from "./credential-text";
import { excerpt, formatValue, isPartOfCredential, shorten } from "./format-value";
import { printable } from "./printable";
import { CHECKS, DiagnosticCode, Severity } from "./diagnostic-code";

/** A place in a description: field names and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a description, or probably not meant, said so that it can be fixed without reading our code. */
export interface Diagnostic {
  /** An error is refused, a warning is reported. */
  readonly severity: Severity;
  /**
   * The stable name of the check, where it looks at several parts of a registry or at what AWS would find later.
   *
   * @default - a check of one value, which has no name
   */
  readonly code?: DiagnosticCode;
  /** The place in the object that was checked. */
  readonly path: Path;
  /** What is wrong: a phrase such as `must be 12 digits`, lower case and without a final full stop. */
  readonly message: string;
  /**
   * The value that was given. Never a secret.
   *
   * @default - the diagnostic is about something that is absent, or about more than one value
   */
  readonly value?: unknown;
  /**
   * What will happen: a sentence without its full stop.
   *
   * @default - the description is refused
   */
  readonly effect?: string;
  /** What to write instead: an imperative such as `write the account id, e.g. "111122223333"`. */
  readonly fix: string;
  /**
   * The constructs that it is about, below the registry's own: `templates/docker-hub`.
   *
   * @default - only the registry as a whole
   */
  readonly constructs?: readonly string[];
  /**
   * The reason for which it is acknowledged.
   *
   * @default - it is open
   */
  readonly acknowledged?: string;
}

/** A diagnostic in JSON, in which the path is text: `caches[0].prefix`. */
export type DiagnosticJson = Omit<Diagnostic, "path"> & {
  /** The place in the object that was checked, as text. */
  readonly path: string;
};

/** What is answered instead of a result where there can be none. */
export interface Refused {
  /** Everything that is wrong. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A diagnostic, whose severity is that of its check; what has no check of its own is an error. */
export function diagnostic(parts: Omit<Diagnostic, "severity">): Diagnostic {
  return { severity: parts.code === undefined ? "error" : CHECKS[parts.code].severity, ...parts };
}

/** Whether a description with this diagnostic is refused. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** Whether it is a warning that nobody has acknowledged. */
export function isOpenWarning({ severity, acknowledged }: Diagnostic): boolean {
  return severity === "warning" && acknowledged === undefined;
}

/** `caches[0].prefix` for `["caches", 0, "prefix"]`; keys that are no plain names are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${text}[${JSON.stringify(shorten(part))}]`;
    return text === "" ? shorten(part) : `${text}.${shorten(part)}`;
  }, "");
}

/** One line for one diagnostic: `caches[0].prefix must be …, got "…": <effect>; write … [code]`. A credential is never shown. */
export function formatDiagnostic({ path, message, value, effect, fix, code }: Diagnostic): string {
  const where = formatPath(path);
  const got = value === undefined ? "" : `, got ${isPartOfCredential(path) ? "…" : formatValue(value)}`;
  const then = effect === undefined ? "" : `: ${effect}`;
  const check = code === undefined ? "" : ` [${code}]`;
  return printable(`${where === "" ? "" : `${where} `}${message}${got}${then}; ${fix}${check}`);
}

/** A diagnostic as programs read it. */
export function diagnosticToJson({ path, value, message, fix, ...rest }: Diagnostic): DiagnosticJson {
  const shown = value === undefined ? {} : { value: isPartOfCredential(path) ? "…" : excerpt(value) };
  return { ...rest, path: formatPath(path), message: hideCredentials(message), ...shown, fix: hideCredentials(fix) };
}

/** The same diagnostics, seen from an object that holds the checked one at `prefix`. */
export function diagnosticsAt(prefix: Path, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.map((one) => ({ ...one, path: [...prefix, ...one.path] }));
}
