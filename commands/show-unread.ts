import { UnreadRepository } from "../operations";
import { colorsFor, EXIT } from "./command-line";
import { count } from "./table";

/** Tells which repositories could not be read, and that the command failed if there are any. */
export function showUnread(unread: readonly UnreadRepository[]): void {
  if (unread.length === 0) return;
  for (const { repository, failure } of unread) console.error(`${repository}: ${failure}`);
  const what = count(unread.length, "repository", "repositories");
  console.error(colorsFor(process.stderr).red(`${what} could not be read`));
  process.exitCode = EXIT.failed;
}
