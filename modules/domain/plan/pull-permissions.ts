import {
  EcrAction,
  PolicyDecision,
  policyDecision,
  Principal,
  PULL_ACTIONS,
  RepositoryAccess,
  repositoryArn,
  namedArn,
  RepositoryPolicyStatement,
} from "../policy";
import { Path, remember } from "../basics";
import { allowedRepositories } from "../cache";
import { prefixCovers, RegistryScope } from "../naming";
import { pullersOfCache, Registry } from "../registry";
import { CachedRepositories, RegistryView } from "./registry-view";

/** Repositories of a cache; without a template, ECR creates them with no policy. */
export type PulledRepositories = Pick<CachedRepositories, "cache"> & Partial<Pick<CachedRepositories, "template">>;

/** What somebody lacks for a first pull. */
export interface PullPermissions {
  /** Who pulls. */
  readonly principal: Principal;
  /** The actions that no policy of the registry allows, or one denies. */
  readonly missing: readonly EcrAction[];
  /** Those of them that a policy denies, whatever the principal's own policies allow. */
  readonly denied: readonly EcrAction[];
  /** The actions about which nothing can be said: something else owns the policy, or a condition decides. */
  readonly unknown: readonly EcrAction[];
}

/** Somebody who is meant to pull. */
export interface MeantPuller {
  /** Who it is. */
  readonly principal: Principal;
  /** Where the description says so. */
  readonly path: Path;
}

/** Those who are meant to pull: the registry's pullers, and whoever the template's access names beside them. */
export function pullersOf(registry: Registry, { cache: { cache }, template }: PulledRepositories): MeantPuller[] {
  const { downstreamAccounts = [] } = registry;
  const pullers = pullersOfCache(registry, cache) ?? [];
  const path: Path = cache.pullers === undefined ? ["pullers"] : ["caches", registry.caches.indexOf(cache), "pullers"];
  const all = pullers.map((principal): MeantPuller => ({ principal, path }));
  const known = new Set(pullers.map(keyOf));
  for (const account of downstreamAccounts) known.add(keyOf({ account }));
  if (template === undefined) return all;
  const others = pullersByAccess(template.access).filter((principal) => !known.has(keyOf(principal)));
  return [...all, ...others.map((principal) => ({ principal, path: [...template.pathOf("access")] }))];
}

/** Whom a repository policy is to let pull. A service has no first pull to make. */
function pullersByAccess({ pull = [], statements = [] }: RepositoryAccess): Principal[] {
  const named = [...pull, ...statements.filter(letsPull).flatMap(({ principals }) => principals)];
  return [...new Map(named.map((principal) => [keyOf(principal), principal])).values()].filter(
    (principal) => !("service" in principal),
  );
}

/** Whether a statement is to let somebody pull. */
export function letsPull({ effect = "Allow", actions }: RepositoryPolicyStatement): boolean {
  return effect === "Allow" && actions.includes("ecr:BatchGetImage");
}

/** What the policies of a registry allow somebody of what a first pull needs. */
export function pullPermissions(
  view: RegistryView,
  { cache, template }: PulledRepositories,
  principal: Principal,
): PullPermissions {
  const known = permissionsOf(view);
  const key = JSON.stringify([cache.id, template?.id, principal]);
  const permissions = known.get(key) ?? decide(view, { cache, template }, principal);
  known.set(key, permissions);
  return permissions;
}

/** What was decided already: findings and reports ask the same. */
const permissionsOf = remember((_: RegistryView) => new Map<string, PullPermissions>());

function decide(
  { registry, registryPolicy }: RegistryView,
  { cache, template }: PulledRepositories,
  principal: Principal,
): PullPermissions {
  const resource = pulledArn(registry, { cache, template });
  const byRepository = (action: EcrAction) => policyDecision(registry, template?.policy, { principal, action });
  const byRegistry = (action: EcrAction) => {
    return policyDecision(registry, registryPolicy, { principal, action, resource });
  };
  const isManaged = registry.registryPolicy !== "unmanaged";
  const byBoth = (action: EcrAction) => strongest(byRepository(action), byRegistry(action));
  const decisions: [EcrAction, PolicyDecision][] = [
    ...PULL_ACTIONS.map((action): [EcrAction, PolicyDecision] => [action, byBoth(action)]),
    [IMPORT, isManaged ? byBoth(IMPORT) : strongest(byRepository(IMPORT), "unknown")],
    [CREATE, isManaged ? byRegistry(CREATE) : "unknown"],
  ];
  const which = (...wanted: PolicyDecision[]) =>
    decisions.flatMap(([action, decision]) => (wanted.includes(decision) ? [action] : []));
  return { principal, missing: which("not-allowed", "denied"), denied: which("denied"), unknown: which("unknown") };
}

/** The repositories that are pulled; of a cache with a list, the first of the list that the template covers. */
function pulledArn(scope: RegistryScope, { cache: { cache, prefix }, template }: PulledRepositories): string {
  const names = allowedRepositories(cache, prefix);
  if (names === undefined) return repositoryArn(scope, deeper(prefix, template?.prefix ?? prefix));
  const covered = names.find((name) => template === undefined || prefixCovers(template.prefix, name));
  return namedArn(scope, covered ?? names[0]!);
}

const IMPORT = "ecr:BatchImportUpstreamImage";
/** What only an identity policy or the registry policy can allow. */
const CREATE = "ecr:CreateRepository";

/** A denial in one policy wins over all; otherwise what one allows is allowed. */
function strongest(...decisions: readonly PolicyDecision[]): PolicyDecision {
  return (["denied", "allowed", "unknown"] as const).find((one) => decisions.includes(one)) ?? "not-allowed";
}

function deeper(one: string, other: string): string {
  if (one === "ROOT") return other;
  return other === "ROOT" || one.length > other.length ? one : other;
}

function keyOf(principal: Principal): string {
  return JSON.stringify(Object.entries(principal).sort());
}
