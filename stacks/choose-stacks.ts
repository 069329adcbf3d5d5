import { Environment } from "./environment";
import { RegionalEnvironment, regionalEnvironments } from "./environment-regions";

/** A name that no environment and no stack has. */
export class UnknownStackError extends Error {
  /**
   * Says which names there are instead.
   *
   * @param name what was asked for
   * @param environments those that there are
   */
  constructor(name: string, environments: readonly Environment[]) {
    const names = environments.map((environment) => environment.name);
    const known = names.length === 0 ? "no environments are described" : `there are ${names.join(", ")}`;
    super(`no environment is called ${name}; ${known}`);
    this.name = "UnknownStackError";
  }
}

/**
 * The environments of some names, in the order in which they are described.
 *
 * @param names of environments, which stand for all their Regions, and of single stacks, such as `prod-eu-west-1`
 * @throws UnknownStackError if nothing has one of the names
 */
export function chooseStacks(environments: readonly Environment[], names: readonly string[]): RegionalEnvironment[] {
  const known = environments.flatMap((environment) => {
    return regionalEnvironments(environment).map((stack) => ({ stack, names: [environment.name, stack.name] }));
  });
  const unknown = names.find((name) => !known.some((one) => one.names.includes(name)));
  if (unknown !== undefined) throw new UnknownStackError(unknown, environments);
  return known.filter((one) => one.names.some((name) => names.includes(name))).map(({ stack }) => stack);
}
