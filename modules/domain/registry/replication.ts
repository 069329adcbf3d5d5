import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";
import { checkAccountId, checkRegion, partitionOf, RegistryScope } from "../naming";

/** A registry that receives copies. */
export interface ReplicationDestination {
  /**
   * The id of the account. Its registry policy must allow the replication; the description of that registry lists this
   * account among its `replicationSources`.
   *
   * @default - the registry's own account
   */
  readonly accountId?: string;
  /** The Region. */
  readonly region: string;
}

/** Copies of images that are pushed or imported from now on. */
export interface ReplicationRule {
  /** The registries that receive copies. */
  readonly destinations: readonly ReplicationDestination[];
  /**
   * The beginnings of the names of the repositories that are copied. `prod` also matches `production`: end it with a
   * slash to name a prefix.
   *
   * @default - every repository
   */
  readonly prefixes?: readonly string[];
}

/** An account whose registry copies images into this one. */
export interface ReplicationSource {
  /** The id of the account. */
  readonly accountId: string;
  /**
   * The prefixes under which it creates repositories and copies images, `ROOT` for every repository.
   *
   * @default ["ROOT"]
   */
  readonly prefixes?: readonly string[];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 25;
const MOST_DESTINATIONS = 25;
const MOST_FILTERS = 100;
/** From ECR's API model, without what only looks like the beginning of a name. */
const FILTER = /^(?=.{2,256}$)[a-z0-9]+(?:[._/-]+[a-z0-9]+)*[._/-]*$/;

/**
 * Checks replication rules.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html
 */
export function checkReplication(rules: readonly ReplicationRule[], scope: RegistryScope, path: Path): Diagnostic[] {
  const problems = rules.flatMap((rule, index) => checkRule(rule, scope, [...path, index]));
  if (rules.length === 0 || rules.length > MOST_RULES) {
    const message = `must be 1 to ${MOST_RULES} rules, but are ${rules.length}`;
    problems.push(diagnostic({ path, message, fix: rules.length === 0 ? "leave it out" : "join rules" }));
  }
  const all = rules
    .flatMap(({ destinations = [] }: Partial<ReplicationRule>) => destinations)
    .map(({ accountId, region }) => `${accountId} ${region}`);
  const count = new Set(all).size;
  if (count > MOST_DESTINATIONS) {
    const message = `must name at most ${MOST_DESTINATIONS} different destinations, but names ${count}`;
    problems.push(diagnostic({ path, message, fix: "remove some" }));
  }
  return problems;
}

function checkRule(rule: Partial<ReplicationRule>, scope: RegistryScope, path: Path): Diagnostic[] {
  // A part that could not be read at all is missing here.
  const { destinations = [], prefixes = [] } = rule;
  const at = [...path, "destinations"];
  const problems = destinations.flatMap((destination, index) => checkDestination(destination, scope, [...at, index]));
  if (destinations.length === 0) {
    const fix = 'write e.g. [{ region: "eu-west-1" }]';
    problems.push(diagnostic({ path: at, message: "must name at least one registry", value: destinations, fix }));
  }
  prefixes.forEach((prefix, index) => {
    if (isUnresolved(prefix) || (typeof prefix === "string" && FILTER.test(prefix))) return;
    const message = "must be 2 to 256 characters of a repository's name";
    const fix = 'write e.g. "prod/", or leave prefixes out for every repository';
    problems.push(diagnostic({ path: [...path, "prefixes", index], message, value: prefix, fix }));
  });
  if (prefixes.length > MOST_FILTERS) {
    const message = `must be at most ${MOST_FILTERS}, but are ${prefixes.length}`;
    problems.push(diagnostic({ path: [...path, "prefixes"], message, fix: "make a second rule" }));
  }
  return problems;
}

function checkDestination(destination: ReplicationDestination, scope: RegistryScope, path: Path): Diagnostic[] {
  const { accountId = scope.accountId, region } = destination;
  const problems = [...checkAccountId(accountId, [...path, "accountId"]), ...checkRegion(region, [...path, "region"])];
  if (problems.length > 0 || isUnresolved([region, scope.region])) return problems;
  if (accountId === scope.accountId && region === scope.region) {
    const fix = "name another Region or account";
    return [diagnostic({ path, message: "must not be this registry itself", value: destination, fix })];
  }
  if (partitionOf(region) === partitionOf(scope.region)) return [];
  const message = `must be in the registry's partition ${partitionOf(scope.region)}`;
  return [diagnostic({ path: [...path, "region"], message, value: region, fix: "name a Region of that partition" })];
}

/** Checks the accounts that copy images into a registry. Their prefixes are checked with the registry policy. */
export function checkReplicationSources(
  sources: readonly ReplicationSource[],
  scope: RegistryScope,
  path: Path,
): Diagnostic[] {
  return sources.flatMap(({ accountId }, index) => {
    const at = [...path, index, "accountId"];
    if (accountId === scope.accountId && !isUnresolved(accountId)) {
      const fix = "remove it: within an account no permission is needed";
      return [diagnostic({ path: at, message: "must not be the registry's own account", value: accountId, fix })];
    }
    if (sources.findIndex((other) => other.accountId === accountId) < index) {
      return [diagnostic({ path: at, message: "must not be listed twice", value: accountId, fix: "join the entries" })];
    }
    return checkAccountId(accountId, at);
  });
}
