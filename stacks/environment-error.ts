import { formatDiagnostic } from "../modules/domain";
import { EnvironmentDiagnostics } from "./check-environments";

/** Environments that cannot become stacks, with everything that is wrong with each. */
export class EnvironmentError extends Error {
  /** Tells all problems of all environments. */
  constructor(
    /** What is wrong, by environment. */
    public readonly environments: readonly EnvironmentDiagnostics[],
  ) {
    const count = environments.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
    const blocks = environments.map(({ environment, diagnostics, places }) => {
      const lines = diagnostics.map((problem, index) => [places?.[index], formatDiagnostic(problem)]);
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
