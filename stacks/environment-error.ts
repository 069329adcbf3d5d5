import { formatDiagnostic, isError, isOpenWarning } from "../modules/domain";
import { EnvironmentDiagnostics } from "./check-environments";

/** How strictly diagnostics are judged. */
export interface Strictness {
  /**
   * Whether warnings that nobody has acknowledged are refused like errors.
   *
   * @default false
   */
  readonly strict?: boolean;
}

/** Environments that cannot become stacks, with everything that is wrong with each. */
export class EnvironmentError extends Error {
  /** Lists all diagnostics of all environments. */
  constructor(
    /** What is wrong, by environment. */
    public readonly environments: readonly EnvironmentDiagnostics[],
  ) {
    const count = environments.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
    const blocks = environments.map(({ environment, diagnostics, places }) => {
      const lines = diagnostics.map((one, index) => [places?.[index], formatDiagnostic(one)]);
      return [`${environment}:`, ...lines.map((parts) => `  - ${parts.filter(Boolean).join(" ")}`)].join("\n");
    });
    const hasCode = environments.some(({ diagnostics }) => diagnostics.some(({ code }) => code !== undefined));
    const help = hasCode
      ? "help/checks.md explains the names in brackets."
      : "help/environments.md tells what an environment can say.";
    const head = `Nothing was written: ${count === 1 ? "1 problem" : `${count} problems`} to fix.`;
    super([head, ...blocks, help].join("\n\n"));
    this.name = "EnvironmentError";
  }
}

/**
 * Refuses environments with errors.
 *
 * @throws EnvironmentError with all errors, and where it is strict all open warnings, of all environments
 */
export function throwEnvironmentErrors(
  environments: readonly EnvironmentDiagnostics[],
  { strict = false }: Strictness = {},
): void {
  const refused = environments.flatMap(({ diagnostics, places, ...environment }) => {
    const which = diagnostics.flatMap((one, index) => (isError(one) || (strict && isOpenWarning(one)) ? [index] : []));
    if (which.length === 0) return [];
    return [
      {
        ...environment,
        diagnostics: which.map((index) => diagnostics[index]!),
        ...(places && { places: which.map((index) => places[index]!) }),
      },
    ];
  });
  if (refused.length > 0) throw new EnvironmentError(refused);
}
