import { shutOut } from "../operations/shut-out";
import { RegionalEnvironment } from "../stacks/environment-regions";
import { colorsFor } from "./command-line";
import { printError } from "./print";

/**
 * Warns where repositories let in their pullers only, and a role is none of them.
 *
 * @param roleArn the role that is taken on, if one is
 */
export function warnShutOut(environment: RegionalEnvironment, roleArn: string | undefined): void {
  const prefixes = shutOut(environment, roleArn);
  if (prefixes.length === 0) return;
  const whom = roleArn === undefined ? "these credentials must be of one of them" : `${roleArn} is none of them`;
  const fix = roleArn === undefined ? "" : ": say --no-assume-role, with the credentials of a puller";
  const warning = colorsFor(process.stderr).yellow("warning:");
  printError(`${warning} what is under ${prefixes.join(", ")} lets in its pullers only, and ${whom}${fix}`);
}
