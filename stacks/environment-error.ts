import { firstOf, formatProblem, printable } from "../modules/domain";
import { EnvironmentProblems } from "./check-environments";

/** Environments that cannot become stacks, with everything that is wrong with each. */
export class EnvironmentError extends Error {
  /** Tells the problems of all environments; of very many the first. */
  constructor(
    /** What is wrong, by environment. */
    public readonly environments: readonly EnvironmentProblems[],
  ) {
    const all = environments.flatMap(({ environment, problems, places }) => {
      return problems.map((problem, index) => ({ environment, problem, place: places?.[index], isFirst: index === 0 }));
    });
    const lines = firstOf(all, ({ environment, problem, place, isFirst }) => {
      const title = isFirst ? `\n${printable(environment)}:\n` : "";
      return `${title}  - ${place === undefined ? "" : `${printable(place)} `}${formatProblem(problem)}`;
    });
    const hasCode = all.some(({ problem }) => problem.code !== undefined);
    const help = hasCode
      ? "help/checks.md explains the names in brackets."
      : "help/environments.md tells what an environment can say.";
    const head = `Nothing was written: ${all.length === 1 ? "1 problem" : `${all.length} problems`} to fix.`;
    super([head, ...lines, "", help].join("\n"));
    this.name = "EnvironmentError";
  }
}
