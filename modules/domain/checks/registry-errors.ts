import {
  adoptable,
  checkAccountSettings,
  checkAdoption,
  checkAlerts,
  checkCreatedKey,
  checkCreatedRoles,
  checkPullTimeExclusions,
  checkRegistryScanning,
  checkReplication,
  checkReplicationSources,
  managedSecretName,
  MOST_CACHES,
  pullersOfCache,
  Registry,
  registryPolicyGrants,
  registryPrefixes,
  settingsOfAll,
} from "../registry";
import {
  checkAcknowledgements,
  Diagnostic,
  diagnostic,
  isUnresolved,
  merge,
  Path,
  pathInOverrides,
  remember,
} from "../basics";
import { workloadImages } from "./workload-images";
import { checkPolicySizes, planRegistry } from "../plan";
import { checkPrincipals, checkRegistryPolicy } from "../policy";
import {
  checkAccountId,
  checkEndpoint,
  checkRegistryScope,
  checkResourceTags,
  checkTexts,
  creationRoleName,
  PrefixIndex,
  upstreamRoleName,
} from "../naming";
import {
  cacheCredential,
  cachePrefix,
  checkPullThroughCache,
  isUpstreamRegistryName,
  PullThroughCache,
  secretVariableNames,
  upstreamRegistryUrl,
} from "../cache";
import { checkOverrides, checkRepositoryTemplate, inheritedSettings, RepositorySettings } from "../template";
import { checkStatementPrefixes } from "./statement-prefixes";
import { checkWorkloads } from "./check-workloads";

/** A cache or a template with its place in the description. */
interface Entry<T> {
  readonly value: T;
  readonly prefix: string;
  readonly path: Path;
}

/** Stands for an account, a region or a puller that cannot be used, so that nothing else is measured against it. */
const UNKNOWN = "${var.unknown}";

/** Finds what is wrong with a registry's description, all of it at once. */
export const registryErrors: (registry: Registry) => readonly Diagnostic[] = remember((registry) => {
  const { acknowledged, importExisting, pullers = [], scanning, tags, workloads, roles, key } = registry;
  const { endpoint, alerts, accountSettings, pullTimeExclusions, replication, replicationSources } = registry;
  // A cache of an upstream that nobody knows has been reported by itself, and has no prefix to reckon with.
  const caches = registry.caches.filter(({ upstream }) => isUpstreamRegistryName(upstream));
  const pullerProblems = checkPrincipals(pullers, ["pullers"]);
  const usable: Registry = { ...registry, caches, pullers: pullerProblems.length > 0 ? [{ arn: UNKNOWN }] : pullers };
  const problems = [
    ...checkTexts(registry, registry.region, ([field]) => !NOT_WRITTEN_HERE.includes(field)),
    ...checkRegistryScope(registry),
    ...checkCaches(registry, ["caches"]),
    ...checkRepositories(usable),
    ...checkTemplates(usable, ["templates"]),
    ...pullerProblems,
    ...checkDownstream(registry, ["downstreamAccounts"]),
    ...checkPolicy(usable, ["registryPolicy"]),
    ...(scanning && scanning !== "unmanaged"
      ? checkRegistryScanning(scanning, registryPrefixes(usable), ["scanning"])
      : []),
    ...(tags ? checkResourceTags(tags, ["tags"]) : []),
    ...(importExisting
      ? checkAdoption(importExisting, adoptable(withoutGaps(usable)), registry, ["importExisting"])
      : []),
    ...(roles ? checkCreatedRoles(roles, createdRoleNames(usable), registry, ["roles"]) : []),
    ...(key ? checkCreatedKey(key, ["key"]) : []),
    ...(endpoint ? checkEndpoint(endpoint, ["endpoint"]) : []),
    ...(alerts ? checkAlerts(alerts, registry, ["alerts"]) : []),
    ...(accountSettings ? checkAccountSettings(accountSettings, ["accountSettings"]) : []),
    ...(pullTimeExclusions ? checkPullTimeExclusions(pullTimeExclusions, ["pullTimeExclusions"]) : []),
    ...(replication ? checkReplication(replication, registry, ["replication"]) : []),
    ...(replicationSources ? checkReplicationSources(replicationSources, registry, ["replicationSources"]) : []),
    ...(workloads ? checkWorkloads(workloads, ["workloads"]) : []),
    ...(acknowledged ? checkAcknowledgements(acknowledged, ["acknowledged"]) : []),
  ];
  if (problems.length > 0) return problems;
  const images = checkImageNames(registry);
  if (hasGaps(registry)) return images;
  return [...checkStatementPrefixes(registry), ...images, ...checkPolicySizes(planRegistry(registry))];
});

/** The names of the roles that could be created, by the prefixes of their caches. */
function createdRoleNames({ caches, region, roles }: Registry): string[] {
  const upstream = caches.filter(({ upstream: name }) => name === "ecr");
  return [
    creationRoleName(region, roles?.namePrefix),
    ...upstream.map((cache) => upstreamRoleName(region, cache.id ?? cachePrefix(cache), roles?.namePrefix)),
  ];
}
/** What Terraform gets elsewhere, or never: workloads, and the reasons for which findings are meant. */
const NOT_WRITTEN_HERE: readonly unknown[] = ["acknowledged", "additionalRegions", "backend", "workloads"];

/** Where an image would be can be told only in a registry that is right otherwise. */
function checkImageNames(registry: Registry): Diagnostic[] {
  return workloadImages(registry).problems.filter(({ code }) => code !== undefined);
}

/** What is left of a registry after what cannot be used was taken out, with something in the place of what must be there. */
export function partialRegistry<T extends Registry>(usable: T): T {
  const { accountId = UNKNOWN, region = UNKNOWN, caches = [] } = usable as Partial<Registry>;
  // Where images would be can be told only of a whole description.
  return { ...usable, accountId, region, caches, workloads: undefined };
}

/** What could not be read at all has left a gap in its list, so that positions stay what they are, or is null. */
function withoutGaps(registry: Registry): Registry {
  const { templates, scanning } = registry;
  return { ...registry, templates: templates?.flatMap((template) => [template]), scanning: scanning ?? undefined };
}

function hasGaps({ caches, templates = [], scanning }: Registry): boolean {
  if (scanning === null) return true;
  return caches.includes(undefined as never) || templates.includes(undefined as never);
}

function checkDownstream({ downstreamAccounts = [], accountId }: Registry, path: Path): Diagnostic[] {
  return downstreamAccounts.flatMap((account, index) => {
    const at = [...path, index];
    if (account === accountId) {
      const fix = "remove it: within an account no permission is needed";
      return [diagnostic({ path: at, message: "must not be the registry's own account", value: account, fix })];
    }
    if (downstreamAccounts.indexOf(account) < index) {
      return [diagnostic({ path: at, message: "must not be listed twice", value: account, fix: "remove one" })];
    }
    return checkAccountId(account, at);
  });
}

/** Prefixes and pullers are reported where they are written, not again as parts of the policy. */
function checkPolicy(registry: Registry, path: Path): Diagnostic[] {
  if (registry.registryPolicy === "unmanaged") return [];
  const problems = checkRegistryPolicy(registry, registryPolicyGrants(registry), path);
  return problems.filter((problem) => problem.path[path.length] !== "pullThrough");
}

function checkCaches(registry: Registry, path: Path): Diagnostic[] {
  const problems = registry.caches.flatMap((cache, index) => checkPullThroughCache(cache, registry, [...path, index]));
  const entries = registry.caches.flatMap((value, index) =>
    isUpstreamRegistryName(value.upstream) ? [{ value, prefix: cachePrefix(value), path: [...path, index] }] : [],
  );
  if (registry.caches.length > MOST_CACHES) {
    const message = `must be at most ${MOST_CACHES}, but are ${registry.caches.length}`;
    const fix = "ECR keeps no more rules in one registry; use another region or account";
    problems.push(diagnostic({ path, message, fix, code: "too-many-caches" }));
  }
  return [...problems, ...checkDistinct(entries, "cache"), ...checkOverlaps(entries), ...checkSharedSecrets(entries)];
}

/** Checks the settings of every repository, and those that caches lay over them. */
function checkRepositories(registry: Registry): Diagnostic[] {
  const all = settingsOfAll(registry);
  const inherited = inheritedSettings(registry);
  return [
    ...(all ? checkOverrides(all, inherited, registry, ["repositories"]) : []),
    ...registry.caches.flatMap((cache, index) => {
      const path: Path = ["caches", index];
      const pullers = pullersOfCache(registry, cache);
      const own = checkPrincipals(pullers ?? [], []).flatMap((one) => {
        const place = pathInOverrides(one.path, registry.pullers, cache.pullers);
        return place === undefined ? [] : [{ ...one, path: [...path, "pullers", ...place] }];
      });
      const { repositories } = cache;
      if (own.length > 0 || repositories === undefined || typeof repositories === "string") return own;
      const base = merge<RepositorySettings>(inheritedSettings({ ...registry, pullers }), all);
      return checkOverrides(repositories, base, registry, [...path, "repositories"]);
    }),
  ];
}

function checkTemplates(registry: Registry, path: Path): Diagnostic[] {
  const entries = (registry.templates ?? []).flatMap((value, index) => {
    return [{ value, prefix: value.prefix, path: [...path, index] }];
  });
  const inherited = merge<RepositorySettings>(inheritedSettings(registry), settingsOfAll(registry));
  return [
    ...entries.flatMap(({ value, path: at }) => checkRepositoryTemplate(value, registry, at, inherited)),
    ...checkDistinct(entries, "template"),
    ...entries.flatMap(({ prefix, path: at }) => checkNotCached(prefix, registry, at)),
  ];
}

/** The settings of a cache's repositories stand in one place. */
function checkNotCached(prefix: string, { caches }: Registry, path: Path): Diagnostic[] {
  if (isUnresolved(prefix) || !caches.some((cache) => cachePrefix(cache) === prefix)) return [];
  const message = "must not be the prefix of a cache";
  const fix = "write these settings at the cache, as its repositories";
  return [diagnostic({ path: [...path, "prefix"], message, value: prefix, fix })];
}

/** What can be part of an address in Terraform and of a role's name. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/;

/** What tells ids apart: constructs write a slash as two hyphens, and IAM compares the names of roles without their case. */
function identityOf(id: string): string {
  return id.replaceAll("/", "--").toLowerCase();
}

/** Every object of JavaScript has a property of such a name, so no construct can be kept under it. */
function isReserved(id: string): boolean {
  return id in {};
}

/** Prefixes are keys in ECR, ids are keys in Terraform: neither can be given twice. */
function checkDistinct(entries: readonly Entry<{ readonly id?: string }>[], kind: "cache" | "template"): Diagnostic[] {
  const prefixes = new Set<string>();
  const ids = new Map<string, string>();
  return entries.flatMap(({ value, prefix, path }) => {
    const id = value.id ?? prefix;
    const samePrefix = prefixes.has(prefix);
    const sameId = typeof id === "string" ? ids.get(identityOf(id)) : undefined;
    prefixes.add(prefix);
    if (typeof id === "string" && sameId === undefined) ids.set(identityOf(id), id);
    const problems: Diagnostic[] = [];
    if (value.id !== undefined && !ID.test(value.id)) {
      const message = "must be 1 to 30 letters, digits, '.', '_' and '-', and start with a letter or digit";
      problems.push(
        diagnostic({
          path: [...path, "id"],
          message,
          value: value.id,
          fix: 'write e.g. "docker-hub", or leave it out',
        }),
      );
    } else if (isReserved(id)) {
      const fix = `give the ${kind} an id of its own, e.g. id: "docker-hub"`;
      problems.push(
        diagnostic({ path: [...path, "id"], message: `must not be ${id}, which JavaScript keeps for itself`, fix }),
      );
    } else if (isUnresolved(id)) {
      const fix = `give the ${kind} an id of its own, e.g. id: "docker-hub"`;
      problems.push(
        diagnostic({ path: [...path, "id"], message: "is missing: the prefix is not known at synth", fix }),
      );
    }
    if (samePrefix) {
      const message = `must not repeat the prefix of another ${kind}`;
      problems.push(
        diagnostic({ path: [...path, "prefix"], message, value: prefix, fix: "give each its own, or remove one" }),
      );
    } else if (sameId !== undefined) {
      const message =
        sameId === id
          ? `must not repeat the id of another ${kind}`
          : `must differ from the id "${sameId}" of another ${kind} in more than its case, or '/' instead of '--'`;
      problems.push(diagnostic({ path: [...path, "id"], message, value: id, fix: "give each its own" }));
    }
    return problems;
  });
}

/** Which of two rules ECR takes where both cover a name is not documented, so no such pair gets through. */
function checkOverlaps(entries: readonly Entry<PullThroughCache>[]): Diagnostic[] {
  const byPrefix = new PrefixIndex(entries);
  return entries.flatMap(({ prefix, path }) => {
    const outer = byPrefix.around(prefix).find((other) => other.prefix !== prefix);
    if (!outer) return [];
    const message = `must not lie inside the prefix "${outer.prefix}" of another cache`;
    const fix = "choose prefixes side by side: AWS does not document which of the two rules would apply";
    return [diagnostic({ path: [...path, "prefix"], message, value: prefix, fix, code: "overlapping-caches" })];
  });
}

/**
 * Checks the secrets of all caches. A secret has one user name and one access token, so it serves one upstream only.
 * Caches that share a secret which is created here must describe the same one, and different ones need variables of
 * their own.
 */
function checkSharedSecrets(entries: readonly Entry<PullThroughCache>[]): Diagnostic[] {
  const upstreams = new Map<string, string>();
  const settings = new Map<string, string>();
  const names = new Map<string, string>();
  return entries.flatMap(({ value, path }): Diagnostic[] => {
    const credential = cacheCredential(value);
    if (typeof credential !== "object" || credential === null) return [];
    const at = [...path, "credential"];
    const secret = credential.type === "new-secret" ? managedSecretName(value, credential) : credential.secretArn;
    if (typeof secret !== "string") return [];
    const problems: Diagnostic[] = [];
    const upstream = upstreams.get(secret);
    upstreams.set(secret, upstream ?? upstreamRegistryUrl(value));
    if (upstream !== undefined && upstream !== upstreamRegistryUrl(value)) {
      const message = `must not be the secret that another cache reads ${upstream} with`;
      const fix = `use a secret of its own, ${credential.type === "new-secret" ? "under another name" : "with the credential of this upstream"}`;
      problems.push(diagnostic({ path: at, message, fix }));
    }
    if (credential.type !== "new-secret") return problems;
    const { valueFrom, version, recoveryWindowInDays, policy } = credential;
    const own = JSON.stringify([valueFrom, version, recoveryWindowInDays, policy]);
    const same = settings.get(secret);
    if (same !== undefined && same !== own) {
      const message = "must say the same of a secret that another cache shares";
      problems.push(
        diagnostic({ path: at, message, value: credential, fix: "give the same settings, or another name" }),
      );
    }
    settings.set(secret, same ?? own);
    const variable = secretVariableNames(secret).username;
    const other = names.get(variable);
    names.set(variable, other ?? secret);
    if (other !== undefined && other !== secret) {
      const message = "must not need the same Terraform variables as the secret of another cache";
      problems.push(
        diagnostic({
          path: [...at, "name"],
          message,
          value: secret,
          fix: "choose a name with other letters or digits",
        }),
      );
    }
    return problems;
  });
}
