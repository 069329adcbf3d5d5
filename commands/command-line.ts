import { Command, CommanderError } from "commander";
import { explainAwsError } from "./explain-aws-error";
import { EnvironmentError } from "../stacks/environment-error";
import { EnvironmentFileError } from "../stacks/environments-file";
import { OutputError } from "../stacks/write-output";
import { colorsFor, printError, safe } from "./print";

export { colorsFor } from "./print";

/** What a command tells the shell: all is well, something failed or was asked wrongly, something is not as it should be. */
export const EXIT = { fine: 0, failed: 1, off: 2 } as const;

/** What the user asked for cannot be done as it was asked. Its message is all that they see. */
export class UserMistake extends Error {}

/** Ends quietly when whoever reads the output has read enough, as `head` does. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

/**
 * Runs a command with the arguments of the process and sets its exit code. A mistake of the user's is told in a
 * sentence; anything else is a fault of the program, whose stack trace shows where.
 *
 * @param page the page about the command, relative to the project
 */
export async function runCommand(command: Command, page: string): Promise<void> {
  endWithReader();
  command.exitOverride().showHelpAfterError("(--help lists the options)");
  command.configureOutput({
    writeOut: (text) => process.stdout.write(safe(text, process.stdout)),
    writeErr: (text) => process.stderr.write(safe(text, process.stderr)),
  });
  try {
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    const ofAws = error instanceof Error ? explainAwsError(error) : undefined;
    if (!isMistake(error) && ofAws === undefined) throw error;
    printError(`${colorsFor(process.stderr).red("error:")} ${ofAws ?? (error as Error).message}`);
    if (!hasPage(error)) printError(`${page} is about this command`);
    process.exitCode = EXIT.failed;
  }
}

/** Mistakes by their names: to know the classes all commands would have to load the operations. */
const MISTAKES = ["ClockError", "ForeignPrefixError", "KeepListError", "MissingPrincipalError", "OtherAccountError"];

/** These name a page themselves. */
function hasPage(error: unknown): boolean {
  return error instanceof EnvironmentError || error instanceof EnvironmentFileError;
}

function isMistake(error: unknown): error is Error {
  return (
    error instanceof UserMistake ||
    error instanceof OutputError ||
    hasPage(error) ||
    (error instanceof Error && MISTAKES.includes(error.name))
  );
}
