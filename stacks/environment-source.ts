import { Path, Diagnostic } from "../modules/domain";
import { Environment } from "./environment";
import { RegionalEnvironment } from "./environment-regions";

/** Where in its file a part of an environment is: `environments.yaml:3:5`. */
export type PlaceOf = (path: Path) => string;

const SOURCES = new WeakMap<Environment, PlaceOf>();

/** Keeps where an environment was read, so that whatever is found wrong with it later can be told with its place. */
export function keepSource(environment: Environment, placeOf: PlaceOf): void {
  SOURCES.set(environment, placeOf);
}

/** Where each of an environment's problems is, if it was read from a file. */
export function placesOf(environment: Environment, problems: readonly Diagnostic[]): { readonly places?: string[] } {
  const placeOf = SOURCES.get(environment);
  return placeOf === undefined ? {} : { places: problems.map(({ path }) => placeOf(path)) };
}

/** Where an environment says what one of its stacks is. */
export function pathOfStack({ name: home }: Environment, { name, region }: RegionalEnvironment): Path {
  return name === home ? [] : ["additionalRegions", region];
}
