import { UnreadRepository } from "../operations";
import { colorsFor, EXIT } from "./command-line";
import { count } from "./table";
import { printError } from "./print";

/** Tells which repositories could not be read, and that the command failed if there are any. */
export function showUnread(unread: readonly UnreadRepository[]): void {
  if (unread.length === 0) return;
  for (const { repository, failure } of unread) printError(`${repository}: ${failure}`);
  const what = count(unread.length, "repository", "repositories");
  printError(colorsFor(process.stderr).red(`${what} could not be read`));
  process.exitCode = EXIT.failed;
}
