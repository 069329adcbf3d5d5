import { RegionalEnvironment } from "../environment-regions";
import { environmentFacts } from "./environment-facts";

/** Something that is not the same in all environments, with what it is in each; `undefined` where it is not at all. */
export interface Difference {
  /** What kind of thing it is about: `caches`. */
  readonly topic: string;
  /** Which of them, and what of it. */
  readonly name: string;
  /** In the order of the environments. */
  readonly values: readonly (string | undefined)[];
}

/**
 * What differs between environments, topic by topic. Of what is not in all of them the first property stands for the
 * whole; the others are compared among those that have it.
 */
export function compareEnvironments(environments: readonly RegionalEnvironment[]): Difference[] {
  return [...tabulate(environments)].flatMap(([topic, rows]) => {
    return [...rows].flatMap(([name, values], index): Difference[] => {
      const present = new Set(values.filter((value) => value !== undefined));
      const differs = present.size > 1 || (index === 0 && values.includes(undefined));
      return differs ? [{ topic, name, values }] : [];
    });
  });
}

/** The facts by topic and name. Two caches of one upstream, or two templates of one cache, are compared together. */
function tabulate(environments: readonly RegionalEnvironment[]): Map<string, Map<string, (string | undefined)[]>> {
  const topics = new Map<string, Map<string, (string | undefined)[]>>();
  environments.forEach((environment, index) => {
    for (const { topic, name, value } of environmentFacts(environment)) {
      const rows = topics.get(topic) ?? new Map<string, (string | undefined)[]>();
      const values = rows.get(name) ?? environments.map(() => undefined);
      const before = values[index];
      values[index] = before === undefined ? value : `${before}; ${value}`;
      topics.set(topic, rows.set(name, values));
    }
  });
  return topics;
}
