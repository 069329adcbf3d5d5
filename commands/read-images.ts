import { readFileSync } from "node:fs";
import { UserMistake } from "./command-line";

/**
 * Reads a file with image names, one a line; `#` begins a comment.
 *
 * @throws UserMistake if the file cannot be read
 */
export function readImages(file: string): string[] {
  try {
    const lines = readFileSync(file, "utf8").split(/\r?\n/);
    return lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "");
  } catch (error) {
    throw new UserMistake(`cannot read ${file}: ${(error as Error).message}`);
  }
}
