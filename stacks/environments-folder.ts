import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Environment } from "./environment";
import { EnvironmentFileError } from "./environment-file-error";
import { cannotBeRead, readEnvironmentsFile, soundEnvironments } from "./environments-text";

/**
 * Reads the environments of all YAML and JSON files in a folder, in the order of the files' names, and checks them
 * together. There need be no such folder.
 *
 * @param folder relative to the working directory
 * @throws EnvironmentFileError with all problems of all files, each with its place
 */
export function loadEnvironmentsFolder(folder: string): Environment[] {
  if (!existsSync(folder)) return [];
  const files = filesIn(folder).filter((file) => /\.(?:ya?ml|json)$/.test(file));
  return soundEnvironments(
    folder,
    files.sort().map((file) => readEnvironmentsFile(join(folder, file))),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new EnvironmentFileError(folder, [cannotBeRead(folder, error)]);
  }
}
