import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Environment } from "../stacks/environment";
import { loadEnvironmentsFolder } from "../stacks/environments-folder";

/** Where `new` writes environments, and where files of them are read. */
export const ENVIRONMENTS_FOLDER = "stacks/environments";

/**
 * The environments of the project in the working directory: those that its module `stacks/environments` lists, or, where
 * there is no such module, those of the YAML and JSON files in the folder `stacks/environments`.
 *
 * @throws EnvironmentFileError with all problems of all files
 */
export function allEnvironments(): readonly Environment[] {
  const places = [resolve("stacks", "environments"), join(__dirname, "..", "stacks", "environments")];
  const module = places.flatMap((place) => [`${place}.ts`, `${place}.js`]).find(existsSync);
  if (module === undefined) return loadEnvironmentsFolder(ENVIRONMENTS_FOLDER);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which module it is depends on the project
  return (require(module) as { allEnvironments: () => readonly Environment[] }).allEnvironments();
}
