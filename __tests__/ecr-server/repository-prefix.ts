import { TextConstraint } from "./request-input";

const PATTERN = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;

/** A prefix of a pull through cache rule, as ECR's API model has it. */
export const RULE_PREFIX: TextConstraint = { min: 2, max: 30, pattern: PATTERN };

/** A prefix of a repository creation template, as ECR's API model has it. */
export const TEMPLATE_PREFIX: TextConstraint = { min: 1, max: 256, pattern: PATTERN };

/** A repository's name, as ECR's API model has it. */
export const REPOSITORY_NAME: TextConstraint = {
  min: 2,
  max: 256,
  pattern: /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
};

/** What of a name stands after a prefix, or nothing if the prefix does not cover it. ECR adds a slash to a prefix. */
export function pathUnder(prefix: string, name: string): string | undefined {
  if (prefix === "ROOT") return name;
  const start = prefix.endsWith("/") ? prefix : `${prefix}/`;
  return name.startsWith(start) && name.length > start.length ? name.slice(start.length) : undefined;
}

/** The one of the longest prefix among those that cover a name; `ROOT` is shorter than any. */
export function mostSpecific<T>(all: readonly T[], prefixOf: (one: T) => string, name: string): T | undefined {
  const length = (one: T) => (prefixOf(one) === "ROOT" ? 0 : prefixOf(one).length);
  const covering = all.filter((one) => pathUnder(prefixOf(one), name) !== undefined);
  return covering.sort((one, other) => length(other) - length(one))[0];
}
