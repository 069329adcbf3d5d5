import { FailureGroup } from "../operations";
import { colorsFor, EXIT } from "./command-line";
import { count } from "./table";
import { printError } from "./print";

/** The failures of a run over many repositories. */
interface Failed {
  readonly groups: readonly FailureGroup[];
  readonly untried: number;
}

/**
 * Prints each reason once, with an example, and sets the exit code if something failed.
 *
 * @param what what could not be done: `could not be read`
 */
export function showFailures({ groups, untried }: Failed, what: string): void {
  if (groups.length === 0 && untried === 0) return;
  const { red } = colorsFor(process.stderr);
  for (const { reason, count: repositories, example } of groups) {
    const which = repositories === 1 ? `${example} ${what}` : `${repositories} repositories ${what}, e.g. ${example}`;
    printError(`${red(which)}: ${reason}`);
  }
  if (untried > 0) {
    const rest = `${count(untried, "repository was", "repositories were")} not tried`;
    printError(`${rest}, because ${untried === 1 ? "it" : "they"} would fail for the same reason`);
  }
  process.exitCode = EXIT.failed;
}
