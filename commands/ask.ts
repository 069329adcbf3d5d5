import { createInterface } from "node:readline/promises";
import { UserMistake } from "./command-line";

/**
 * Asks whether to go on. Only `yes` is yes.
 *
 * @throws UserMistake where there is nobody to ask
 */
export async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserMistake("nothing was changed: say --yes where there is no terminal to ask at");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  return answer.trim() === "yes";
}
