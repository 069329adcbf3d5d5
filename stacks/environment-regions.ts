import { remember } from "../modules/domain/basics/remember";
import { Environment, RegionDifferences } from "./environment";

/** An environment in one of its regions, under the name of the stack that it becomes. */
export type RegionalEnvironment = Omit<Environment, "additionalRegions">;

/** The stacks that an environment becomes: one for its own region, and one for each further one. */
export const regionalEnvironments: (environment: Environment) => readonly RegionalEnvironment[] = remember(
  (environment) => {
    const { additionalRegions = {}, ...home } = environment;
    const others = Object.entries(additionalRegions).map(([region, differences]) => {
      return { ...inherit(home, differences), name: `${home.name}-${region}`, region };
    });
    return [home, ...others];
  },
);

/** What `own` says replaces what `shared` says; only `tags` and `repositories` are joined, field by field. */
export function inherit<T extends RegionDifferences>(shared: T, own: RegionDifferences): T {
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const joined = { ...shared, ...said };
  return {
    ...joined,
    ...(joined.tags && { tags: { ...shared.tags, ...own.tags } }),
    ...(joined.repositories && { repositories: { ...shared.repositories, ...own.repositories } }),
  };
}
