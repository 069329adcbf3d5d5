import { Principal, RegistryPolicyGrants, RegistryPolicyStatement, UPSTREAM_ACTIONS } from "../policy";
import { Acknowledgement, Path, remember } from "../basics";
import { accountSettingNames, AccountSettings } from "./account-settings";
import { Alerts } from "./alerts";
import { ReplicationRule, ReplicationSource } from "./replication";
import { CreatedKey } from "./created-key";
import { CreatedRoles } from "./created-roles";
import { Adoptable, Adoption, ResolvedAdoption, resolveAdoption } from "./adoption";
import { PrefixIndex, RegistryEndpoint, RegistryScope, ResourceTags, ROOT_PREFIX } from "../naming";
import {
  allowedRepositories,
  cacheCredential,
  cachePrefix,
  ManagedSecret,
  PullThroughCache,
  UpstreamRegistryName,
} from "../cache";
import { RegistryScanning } from "./registry-scanning";
import { RepositorySettings, RepositoryTemplate, ResolvedTemplate, resolveTemplate } from "../template";
import { Workload } from "./workload";

/** What a registry policy says beside letting pullers in. */
export interface RegistryPolicyAdditions {
  /** The statements. */
  readonly statements: readonly RegistryPolicyStatement[];
}

/** A private registry as its owners describe it: what it caches, and what repositories come of that. */
export interface Registry extends RegistryScope {
  /** The upstream registries to cache. */
  readonly caches: readonly PullThroughCache[];
  /**
   * Templates for prefixes that need settings of their own, or that are not cached. A template also covers the
   * caches whose prefix is its own or lies under it.
   *
   * @default - each cache that no template covers gets one of its own, from `repositories`
   */
  readonly templates?: readonly RepositoryTemplate[];
  /**
   * Settings for every template that does not say otherwise.
   *
   * @default - the safe default of each setting
   */
  readonly repositories?: RepositorySettings;
  /**
   * Who may pull through the caches. They are let in by the registry policy, which allows a first pull to import an
   * image and to create its repository, and by the repository policies.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly pullers?: readonly Principal[];
  /**
   * The ids of other accounts whose registries cache this one. They are let in by the registry policy under the
   * caches' and templates' prefixes, and by the repository policies of repositories that ECR creates from now on.
   *
   * Whether ECR imports an image here when a downstream registry asks for one that is not cached yet is not
   * established; what it would need is allowed.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
   */
  readonly downstreamAccounts?: readonly string[];
  /**
   * What the registry policy says beside letting the pullers in, or `unmanaged` where something else owns it: a
   * registry has only one, and writing it replaces all of it.
   *
   * @default - nothing else
   */
  readonly registryPolicy?: "unmanaged" | RegistryPolicyAdditions;
  /**
   * How the registry scans images, or `unmanaged` where something else owns the configuration: a registry has only
   * one, and writing it replaces all of it.
   *
   * @default - basic scanning on push of every repository under the caches' and templates' prefixes
   */
  readonly scanning?: "unmanaged" | RegistryScanning;
  /**
   * Tags of everything that is created here, and of every repository that ECR creates.
   *
   * @default - none
   */
  readonly tags?: ResourceTags;
  /**
   * What every IAM role that is created here has: a permissions boundary, a path, a prefix of its name, tags.
   *
   * @default - none of these
   */
  readonly roles?: CreatedRoles;
  /**
   * The KMS key that is created with the registry if a template uses it.
   *
   * @default - the default of each setting
   */
  readonly key?: CreatedKey;
  /**
   * The host name that outputs, reports, explanations and the configuration of clients name. FIPS endpoints do not import
   * images: the first pull of an image must name another endpoint.
   *
   * @default "ipv4"
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
   */
  readonly endpoint?: RegistryEndpoint;
  /**
   * Messages about failed imports and critical findings.
   *
   * @default - none
   */
  readonly alerts?: Alerts;
  /**
   * Settings that ECR keeps once for each account and Region.
   *
   * @default - not managed
   */
  readonly accountSettings?: AccountSettings;
  /**
   * The ARNs of IAM roles whose pulls do not change the time of an image's last pull, such as those of scanners. Needs
   * AWS provider 6.28 or newer.
   *
   * @default - not managed
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
   */
  readonly pullTimeExclusions?: readonly string[];
  /**
   * The registries that receive copies of images. A registry has only one replication configuration: writing it replaces
   * all of it.
   *
   * @default - not managed
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
   */
  readonly replication?: readonly ReplicationRule[];
  /**
   * Other accounts whose registries copy images into this one. The registry policy allows it. A template with
   * `REPLICATION` among its occasions gives the repositories that ECR creates for copies their settings.
   *
   * @default - none
   */
  readonly replicationSources?: readonly ReplicationSource[];
  /**
   * What exists in AWS already and is taken over instead of created, by Terraform's `import` blocks: `true` for all
   * rules, all templates, the registry policy and the scanning configuration, or a choice of these. What is taken over
   * but does not exist fails the plan; once it is applied, the option has no effect and can go.
   *
   * @default false
   * @see https://developer.hashicorp.com/terraform/language/import
   */
  readonly importExisting?: boolean | Adoption;
  /**
   * Whether Terraform refuses to destroy what cannot be made again as it was: the registry's key, without which no
   * image can be read, and the secrets that are created here.
   *
   * @default false
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
   */
  readonly preventDestroy?: boolean;
  /**
   * What runs from the cached images, for findings about what it needs.
   *
   * @default - not known: findings are about all images
   */
  readonly workloads?: readonly Workload[];
  /**
   * Findings that are known and meant to be as they are. They show in the report, each with its reason.
   *
   * @default - none: each finding is a warning
   */
  readonly acknowledged?: readonly Acknowledgement[];
}

/** A cache with its names settled. */
export interface ResolvedCache {
  /** Its part of the Terraform address. */
  readonly id: string;
  /** What its repositories start with, without the slash. */
  readonly prefix: string;
  /** The cache as it was described. */
  readonly cache: PullThroughCache;
}

/** A secret to create, under the name that its caches share. */
export interface ResolvedSecret extends ManagedSecret {
  readonly name: string;
  /** The upstream that the first of its caches is of. */
  readonly upstream: UpstreamRegistryName;
}

/** How the registry scans, and under which prefixes. */
export interface ResolvedScanning extends Required<RegistryScanning> {
  /** The prefixes of the repositories that are scanned. */
  readonly prefixes: readonly string[];
}

/** Everything that follows from a description, with no default left open. */
export interface ResolvedRegistry {
  /** The caches, in the order of the description. */
  readonly caches: readonly ResolvedCache[];
  /** The secrets to create, one for each name. */
  readonly secrets: readonly ResolvedSecret[];
  /** The templates: the described ones, then those that caches make necessary. */
  readonly templates: readonly ResolvedTemplate[];
  /** `undefined` where something else owns it. */
  readonly scanning: ResolvedScanning | undefined;
  /** What is taken over instead of created. */
  readonly importExisting: ResolvedAdoption;
}

/**
 * The most rules that ECR keeps in one registry. It cannot be raised.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
export const MOST_CACHES = 50;

/** Settles every default of a description in which `checkRegistry` finds no error. */
export const resolveRegistry: (registry: Registry) => ResolvedRegistry = remember((registry) => {
  const caches = resolveCaches(registry);
  const templates = allTemplates(registry).map((template) =>
    resolveTemplate(template, registry.repositories, registry),
  );
  return {
    caches,
    secrets: managedSecrets(registry.caches),
    templates,
    scanning: resolveScanning(registry),
    importExisting: resolveAdoption(registry.importExisting, adoptable(registry)),
  };
});

/** What a registry has that can exist in AWS already. */
export function adoptable(registry: Registry): Adoptable {
  return {
    caches: resolveCaches(registry).map(({ id }) => id),
    templates: allTemplates(registry).map(({ id, prefix }) => id ?? prefix),
    secrets: managedSecrets(registry.caches).map(({ name }) => name),
    registryPolicy: hasRegistryPolicy(registry),
    scanning: resolveScanning(registry) !== undefined,
    replication: registry.replication !== undefined,
    accountSettings: accountSettingNames(registry.accountSettings ?? {}).length > 0,
    pullTimeExclusions: (registry.pullTimeExclusions ?? []).length > 0,
  };
}

function resolveCaches(registry: Registry): ResolvedCache[] {
  return registry.caches.map((cache) => {
    const prefix = cachePrefix(cache);
    return { id: cache.id ?? prefix, prefix, cache };
  });
}

/** The templates that are listed, and those of the caches that none of them covers. */
function allTemplates(registry: Registry): readonly RepositoryTemplate[] {
  const listed = registry.templates ?? [];
  const byPrefix = new PrefixIndex(listed);
  const uncovered = resolveCaches(registry).filter(({ prefix }) => byPrefix.around(prefix).length === 0);
  return [...listed, ...uncovered.map(({ id, prefix }) => ({ id, prefix }))];
}

/** The part of the description that a resolved template results from: a template, or the cache that it was added for. */
export function templatePath(registry: Registry, { caches, templates }: ResolvedRegistry, index: number): Path {
  if (index < (registry.templates ?? []).length) return ["templates", index];
  return ["caches", caches.findIndex(({ prefix }) => prefix === templates[index]!.prefix)];
}

function hasRegistryPolicy(registry: Registry): boolean {
  const { pullThrough = [], statements = [] } = registryPolicyGrants(registry);
  const allows = pullThrough.some(({ principals }) => principals.length > 0) || statements.length > 0;
  return allows && registry.registryPolicy !== "unmanaged";
}

/** The name that a managed secret has or, if it names none, gets from its cache's upstream. */
export function managedSecretName(cache: PullThroughCache, secret: ManagedSecret): string {
  return secret.name ?? cache.upstream;
}

/** The prefixes under which there are caches or templates. */
export function registryPrefixes(registry: Registry): string[] {
  const prefixes = [...registry.caches.map(cachePrefix), ...(registry.templates ?? []).map(({ prefix }) => prefix)];
  return [...new Set(prefixes)];
}

/** What the registry policy says: who may pull through the caches, who may cache them in turn, and what is added. */
export function registryPolicyGrants(registry: Registry): RegistryPolicyGrants {
  const { caches, pullers = [], downstreamAccounts = [], registryPolicy: policy } = registry;
  const pullThrough = caches.map((cache) => {
    const prefix = cachePrefix(cache);
    return { prefix, principals: pullers, repositories: allowedRepositories(cache, prefix) };
  });
  const additions = [...replicationStatements(registry), ...(policy === "unmanaged" ? [] : (policy?.statements ?? []))];
  if (downstreamAccounts.length === 0) return { pullThrough, statements: additions };
  const downstream: RegistryPolicyStatement = {
    sid: "AllowDownstream",
    principals: downstreamAccounts.map((account) => ({ account })),
    actions: [...UPSTREAM_ACTIONS, "ecr:CreateRepository"],
    prefixes: registryPrefixes(registry),
  };
  return { pullThrough, statements: [downstream, ...additions] };
}

/** One statement for all accounts that copy into the same prefixes. */
function replicationStatements({ replicationSources = [] }: Registry): RegistryPolicyStatement[] {
  const byPrefixes = new Map<string, RegistryPolicyStatement>();
  for (const { accountId, prefixes = [ROOT_PREFIX] } of replicationSources) {
    const key = [...prefixes].sort().join();
    const { principals = [], sid } = byPrefixes.get(key) ?? {};
    byPrefixes.set(key, {
      sid: sid ?? `AllowReplication${byPrefixes.size === 0 ? "" : byPrefixes.size + 1}`,
      principals: [...principals, { account: accountId }],
      actions: ["ecr:CreateRepository", "ecr:ReplicateImage"],
      prefixes,
    });
  }
  return [...byPrefixes.values()];
}

function managedSecrets(caches: readonly PullThroughCache[]): ResolvedSecret[] {
  const byName = new Map<string, ResolvedSecret>();
  for (const cache of caches) {
    const credential = cacheCredential(cache);
    if (credential?.type !== "new-secret") continue;
    const name = managedSecretName(cache, credential);
    if (!byName.has(name)) byName.set(name, { ...credential, name, upstream: cache.upstream });
  }
  return [...byName.values()];
}

function resolveScanning(registry: Registry): ResolvedRegistry["scanning"] {
  const { scanning = {} } = registry;
  if (scanning === "unmanaged") return undefined;
  const { type = "BASIC", frequency = "SCAN_ON_PUSH", additionalFilters = [] } = scanning;
  const prefixes = registryPrefixes(registry);
  // A configuration without filters would scan nothing on push, and still replace what was there.
  if (prefixes.length + additionalFilters.length === 0) return undefined;
  return { type, frequency, additionalFilters, prefixes };
}
