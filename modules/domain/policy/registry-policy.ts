import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { checkRulePrefix, RegistryScope } from "../naming";
import { PULL_THROUGH_ACTIONS } from "./ecr-action";
import { checkSize, PolicyDocument, policyDocument, PolicyLimit, PolicyStatement } from "./policy-document";
import { checkPrincipals, Principal, principalGroups } from "./principal";
import { checkPrefixes, checkRepositories, namedArn, repositoryArns } from "./repository-arns";
import { stableSet } from "./stable-set";
import { checkSids, checkStatement, policyStatements, RepositoryPolicyStatement } from "./statement";

/** Lets somebody pull images through a cache for the first time. */
export interface PullThroughGrant {
  /** The cache's prefix. */
  readonly prefix: string;
  /** Who may make ECR import images and create their repositories. That they may pull them is said elsewhere. */
  readonly principals: readonly Principal[];
}

/** A statement of the registry policy, for what the named grants do not say. */
export interface RegistryPolicyStatement extends RepositoryPolicyStatement {
  /**
   * The prefixes of the repositories that it is about, `ROOT` for every repository. `quay` stands for every repository
   * under `quay/`.
   *
   * @default - only the listed `repositories`
   */
  readonly prefixes?: readonly string[];
  /**
   * The repositories that it is about, by their full names, or by patterns in which `*` stands for any characters, also
   * slashes: `quay/prometheus/node-exporter`, `prod-*`.
   *
   * @default - only those under the `prefixes`
   */
  readonly repositories?: readonly string[];
}

/** What a registry policy says. */
export interface RegistryPolicyGrants {
  /**
   * Who may pull through which cache.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly pullThrough?: readonly PullThroughGrant[];
  /**
   * Further statements.
   *
   * @default - none
   */
  readonly statements?: readonly RegistryPolicyStatement[];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html */
export const REGISTRY_POLICY_LIMIT: PolicyLimit = {
  kind: "registry policy",
  characters: 10_240,
  fix: "name accounts or an organization instead of single identities, or allow the same to all caches",
};

const PULL_THROUGH_SID = "AllowPullThrough";

/**
 * The policy of a registry, or nothing if it would say nothing.
 *
 * Caches with the same pullers share a statement. As long as there is one such statement, its Sid is
 * `AllowPullThrough`. Where pullers differ, each Sid ends in the alphabetically first of its own prefixes, so that
 * another cache changes only the statement it joins.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export function registryPolicy(scope: RegistryScope, grants: RegistryPolicyGrants): PolicyDocument | undefined {
  const { pullThrough = [], statements = [] } = grants;
  const all = [
    ...pullThroughStatements(scope, pullThrough),
    ...statements.flatMap((one) => policyStatements(scope, one, statementArns(scope, one))),
  ];
  return all.length === 0 ? undefined : policyDocument(all);
}

function statementArns(scope: RegistryScope, { prefixes = [], repositories = [] }: RegistryPolicyStatement): string[] {
  return stableSet([...repositoryArns(scope, prefixes), ...repositories.map((name) => namedArn(scope, name))]);
}

function pullThroughStatements(scope: RegistryScope, grants: readonly PullThroughGrant[]): PolicyStatement[] {
  const shared = groupByPullers(scope, grants);
  const sids = new Set<string>();
  return shared.flatMap(({ prefixes, principals }) => {
    const sid = shared.length === 1 ? PULL_THROUGH_SID : freeSid(`${PULL_THROUGH_SID}${camelCase(prefixes[0]!)}`, sids);
    sids.add(sid);
    return policyStatements(scope, { sid, principals, actions: PULL_THROUGH_ACTIONS }, repositoryArns(scope, prefixes));
  });
}

/** Prefixes with equal pullers together, in alphabetical order of the first. */
function groupByPullers(scope: RegistryScope, grants: readonly PullThroughGrant[]) {
  const pullers = new Map<string, Principal[]>();
  for (const { prefix, principals } of grants) pullers.set(prefix, [...(pullers.get(prefix) ?? []), ...principals]);
  const groups = new Map<string, { prefixes: string[]; principals: readonly Principal[] }>();
  for (const prefix of stableSet([...pullers.keys()])) {
    const principals = pullers.get(prefix)!;
    const key = JSON.stringify(principalGroups(scope, principals));
    const group = groups.get(key) ?? { prefixes: [], principals };
    group.prefixes.push(prefix);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ principals }) => principals.length > 0);
}

/** `DockerHub` for `docker-hub`; nothing for a prefix that only Terraform knows. */
function camelCase(prefix: string): string {
  if (isUnresolved(prefix)) return "";
  return prefix
    .split(/[^0-9A-Za-z]+/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}

/** `docker-hub` and `docker/hub` read the same as a Sid: the second gets a number. */
function freeSid(sid: string, taken: ReadonlySet<string>): string {
  let free = sid;
  for (let number = 2; taken.has(free); number++) free = `${sid}${number}`;
  return free;
}

/** What is wrong with the repositories that a statement is about. */
function checkResources({ prefixes, repositories }: RegistryPolicyStatement, path: Path): Diagnostic[] {
  if (prefixes === undefined && repositories === undefined) {
    const fix = 'write e.g. prefixes: ["docker-hub"], or repositories: ["quay/prometheus/node-exporter", "prod-*"]';
    return [
      diagnostic({
        path: [...path, "prefixes"],
        message: "must be a list of prefixes, or repositories one of names",
        fix,
      }),
    ];
  }
  return [
    ...(prefixes === undefined ? [] : checkStatementPrefixes(prefixes, [...path, "prefixes"])),
    ...(repositories === undefined ? [] : checkRepositories(repositories, [...path, "repositories"])),
  ];
}

/** A pattern is not a prefix, and belongs into the other list. */
function checkStatementPrefixes(prefixes: readonly string[], path: Path): Diagnostic[] {
  return checkPrefixes(prefixes, path).map((problem) => {
    const { value } = problem;
    if (typeof value !== "string" || !value.includes("*")) return problem;
    const bare = /^([^*]+)\/\*$/.exec(value)?.[1];
    const message = "must be a prefix, which has no '*'";
    const pattern = `write repositories: [${JSON.stringify(value)}] for names that match`;
    return {
      ...problem,
      message,
      fix: bare === undefined ? pattern : `write "${bare}", which includes all that is under it`,
    };
  });
}

/** What is wrong with what a registry policy is to say. */
export function checkRegistryPolicy(scope: RegistryScope, grants: RegistryPolicyGrants, path: Path = []): Diagnostic[] {
  const { pullThrough = [], statements = [] } = grants;
  const problems = [
    ...pullThrough.flatMap(({ prefix, principals }, index) => [
      ...checkRulePrefix(prefix, [...path, "pullThrough", index, "prefix"]),
      ...checkPrincipals(principals, [...path, "pullThrough", index, "principals"]),
    ]),
    ...statements.flatMap((statement, index) => [
      ...checkStatement(statement, [...path, "statements", index]),
      ...checkResources(statement, [...path, "statements", index]),
    ]),
  ];
  if (problems.length > 0) return problems;
  const document = registryPolicy(scope, grants);
  if (document === undefined) return [];
  const taken = statements.length === 0 ? [] : pullThroughStatements(scope, pullThrough);
  return [
    ...checkSids(scope, statements, taken, [...path, "statements"]),
    ...checkSize(document, REGISTRY_POLICY_LIMIT, path),
  ];
}
