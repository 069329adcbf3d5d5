import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Environment } from "./environment";
import { loadEnvironments } from "./environments-file";

/**
 * Reads the environments of all YAML and JSON files in a folder, in the order of the files' names. There need be no such
 * folder.
 *
 * @param folder relative to the working directory
 * @throws EnvironmentFileError with all problems of the first file that has any, each with its place
 */
export function loadEnvironmentsFolder(folder: string): Environment[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => /\.(?:ya?ml|json)$/.test(file));
  return files.sort().flatMap((file) => loadEnvironments(join(folder, file)));
}
