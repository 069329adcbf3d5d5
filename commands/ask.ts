import { createInterface } from "node:readline/promises";
import { UserMistake } from "./command-line";
import { printError } from "./print";

/** Asks a question, and gives back what was typed. */
export type Ask = (question: string) => Promise<string>;

/**
 * Lets questions be asked at the terminal. They go to the error stream, which leaves the output to results.
 *
 * @throws UserMistake where the terminal is closed before all are answered
 */
export async function atTerminal<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) => {
    terminal.once("close", () => {
      reject(new UserMistake("nothing was done: not all was answered"));
    });
  });
  try {
    return await Promise.race([work((question) => terminal.question(question)), closed]);
  } finally {
    terminal.close();
  }
}

/**
 * Asks whether to go on. Only `yes` and `y` are yes; after anything else it says that nothing was changed.
 *
 * @throws UserMistake where there is nobody to ask
 */
export async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserMistake("nothing was changed: say --yes where there is no terminal to ask at");
  return atTerminal((put) => isConfirmed(put, question));
}

/** Puts the question, and says so where the answer is no. */
export async function isConfirmed(put: Ask, question: string): Promise<boolean> {
  const answer = (await put(`${question} (yes/no) `)).trim().toLowerCase();
  if (answer === "yes" || answer === "y") return true;
  printError("nothing was changed");
  return false;
}
