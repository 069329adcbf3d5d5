import { Environment } from "./environment";
import { loadEnvironmentsFolder } from "./environments-folder";
import { samples } from "./samples";

/** Where `npm run new` writes environments. */
export const ENVIRONMENTS_FOLDER = "stacks/environments";

/**
 * Every environment becomes one stack: those listed here, and those of the files in the folder `stacks/environments`.
 * Take the samples out (here and above) and put your own in.
 *
 * @throws EnvironmentFileError with all problems of all files
 */
export function allEnvironments(): readonly Environment[] {
  return [...samples, ...loadEnvironmentsFolder(ENVIRONMENTS_FOLDER)];
}
