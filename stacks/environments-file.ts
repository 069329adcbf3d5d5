import { Environment } from "./environment";
import { readEnvironmentsFile, readEnvironmentsText, soundEnvironments } from "./environments-text";

export { EnvironmentFileError } from "./environment-file-error";
export * from "./environments-file-types";

/**
 * Reads environments from a YAML or JSON file of the form `EnvironmentsFile`, and checks them.
 *
 * @param file relative to the working directory
 * @throws EnvironmentFileError with all problems, each with its place in the file
 */
export function loadEnvironments(file: string): Environment[] {
  return soundEnvironments(file, [readEnvironmentsFile(file)]);
}

/**
 * The environments in a text, as `loadEnvironments` reads them.
 *
 * @throws EnvironmentFileError with all problems, each with its place in the text
 */
export function parseEnvironments(text: string, file: string): Environment[] {
  return soundEnvironments(file, [readEnvironmentsText(text, file)]);
}
