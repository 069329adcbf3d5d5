import { firstOf, formatDiagnostic, isError, isOpenWarning, printable } from "../modules/domain";
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
  /** Lists the diagnostics of all environments; of very many the first. */
  constructor(
    /** What is wrong, by environment. */
    public readonly environments: readonly EnvironmentDiagnostics[],
  ) {
    const all = environments.flatMap(({ environment, diagnostics, places }) => {
      return diagnostics.map((one, index) => ({ environment, one, place: places?.[index], isFirst: index === 0 }));
    });
    const lines = firstOf(all, ({ environment, one, place, isFirst }) => {
      const title = isFirst ? `\n${printable(environment)}:\n` : "";
      return `${title}  - ${place === undefined ? "" : `${printable(place)} `}${formatDiagnostic(one)}`;
    });
    const help = all.some(({ one }) => one.code !== undefined)
      ? "help/checks.md explains the names in brackets."
      : "help/environments.md tells what an environment can say.";
    const head = `Nothing was written: ${all.length === 1 ? "1 problem" : `${all.length} problems`} to fix.`;
    super([head, ...lines, "", help].join("\n"));
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
