import { firstOf, printable } from "../modules/domain";

/** A file, or a folder of them, that holds no usable environments. Its message lists every problem with its place. */
export class EnvironmentFileError extends Error {
  /**
   * @param where the file or the folder that was to be read
   */
  /** Tells the problems of the files; of very many the first. */
  constructor(
    where: string,
    /** One line a problem: `environments.yaml:3:5 region must be …`. */
    public readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const help = "help/environments.md tells what an environment can say.";
    const lines = firstOf(problems, printable);
    super([`Nothing was read from ${printable(where)}: ${count} to fix.`, "", ...lines, "", help].join("\n"));
    this.name = "EnvironmentFileError";
  }
}
