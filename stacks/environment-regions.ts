import { Diagnostic } from "../modules/domain/basics/diagnostic";
import { layOver, pathInOverrides, settle } from "../modules/domain/basics/merge";
import { remember } from "../modules/domain/basics/remember";
import { Environment } from "./environment";

/** An environment in one of its regions, under the name of the stack that it becomes. */
export type RegionalEnvironment = Omit<Environment, "additionalRegions">;

/** The stacks that an environment becomes: one for its own region, and one for each further one. */
export const regionalEnvironments: (environment: Environment) => readonly RegionalEnvironment[] = remember(
  (environment) => {
    const { additionalRegions = {}, ...home } = environment;
    const others = Object.entries(additionalRegions).map(([region, differences]) => {
      return {
        ...withLists(layOver(home, differences) as RegionalEnvironment),
        name: `${home.name}-${region}`,
        region,
      };
    });
    return [withLists(home), ...others];
  },
);

/** An environment without additions, but for those that are laid over its own settings later. */
export function withLists<T extends Partial<Environment>>(environment: T): T {
  const { repositories, additionalRegions, ...rest } = environment;
  return {
    ...(settle(rest) as T),
    ...(repositories !== undefined && { repositories }),
    ...(additionalRegions !== undefined && { additionalRegions }),
  };
}

/** A problem with what a further region says is where it says it; one with what it inherits names the region. */
export function inRegion<D extends Diagnostic>(one: D, environment: Environment, region: string): D {
  const { additionalRegions = {}, ...home } = environment;
  const differences = additionalRegions[region]!;
  if (one.path[0] === "region") return { ...one, path: ["additionalRegions", region] };
  const place = pathInOverrides(one.path, home, differences);
  if (place?.[0] === undefined || !(place[0] in differences))
    return { ...one, message: `${one.message} (in ${region})` };
  return { ...one, path: ["additionalRegions", region, ...place] };
}
