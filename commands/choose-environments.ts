import { Option } from "commander";
import { checkEnvironments } from "../stacks/check-environments";
import { Environment } from "../stacks/environment";
import { throwEnvironmentErrors } from "../stacks/environment-error";
import { RegionalEnvironment, regionalEnvironments } from "../stacks/environment-regions";
import { allEnvironments } from "./all-environments";
import { UserMistake } from "./command-line";

/** `--env`, for commands that are about one environment. */
export function envOption(): Option {
  return new Option("-e, --env <name>", "the environment").makeOptionMandatory();
}

/** `--region`, which chooses among an environment's stacks. */
export function regionOption(): Option {
  return new Option("-r, --region <region>", "one of the environment's regions (default: its own)");
}

/**
 * All environments, each of which is fine.
 *
 * @throws EnvironmentError with everything that is wrong with any of them
 * @throws EnvironmentFileError with everything that is wrong in a file of environments
 */
export function checkedEnvironments(): readonly Environment[] {
  const environments = allEnvironments();
  throwEnvironmentErrors(checkEnvironments(environments));
  return environments;
}

/**
 * The environment of a name, in a region.
 *
 * @param name the environment's, or its stack's in one of its further regions
 * @param region its own, if none is given
 * @throws UserMistake if there is none
 */
export function chooseEnvironment(name: string, region?: string): RegionalEnvironment {
  const all = checkedEnvironments();
  const environment = all.find((one) => one.name === name);
  if (environment === undefined) {
    const stack = all.flatMap(regionalEnvironments).find((one) => one.name === name);
    if (stack !== undefined && (region === undefined || region === stack.region)) return stack;
    throw new UserMistake(`no environment is called ${name}; there are ${all.map((one) => one.name).join(", ")}`);
  }
  const stacks = regionalEnvironments(environment);
  const chosen = region === undefined ? stacks[0] : stacks.find((one) => one.region === region);
  if (chosen === undefined) {
    throw new UserMistake(`${name} is not in ${region!}; it is in ${stacks.map((one) => one.region).join(", ")}`);
  }
  return chosen;
}

/** The environment of a name in each of its regions; none for the name of one of its stacks. */
export function environmentRegions(name: string): readonly RegionalEnvironment[] {
  const environment = checkedEnvironments().find((one) => one.name === name);
  return environment === undefined ? [] : regionalEnvironments(environment);
}
