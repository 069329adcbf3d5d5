import { DiagnosticCode } from "./check-code";
import { formatPath, Path } from "./problem";

/** Something that works and is probably not what was meant, seen only when the parts of a registry are put together. */
export interface Diagnostic {
  /** The check's stable name. */
  readonly code: DiagnosticCode;
  /** What says it in the description, from the registry. */
  readonly path: Path;
  /** The constructs that it shows in, below the registry's own: `templates/docker-hub`. */
  readonly constructs: readonly string[];
  /** What was found: a phrase without its full stop. */
  readonly message: string;
  /** What will happen: a sentence without its full stop. */
  readonly effect: string;
  /** What to do instead: a phrase. */
  readonly fix: string;
  /**
   * Why it is accepted.
   *
   * @default - it is not
   */
  readonly acknowledged?: string;
}

/** One line for one finding: `defaults.lifecyclePolicy expires …: …; … [lifecycle-by-count]`. */
export function formatDiagnostic({ code, path, message, effect, fix }: Diagnostic): string {
  const where = formatPath(path);
  return `${where === "" ? "" : `${where} `}${message}: ${effect}; ${fix} [${code}]`;
}
