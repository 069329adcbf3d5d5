import { Principal, RegistryPolicyGrants, RegistryPolicyStatement, UPSTREAM_ACTIONS } from "../policy";
import { Acknowledgement, merge, Overrides, Path, remember } from "../basics";
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
   * Templates for prefixes that are not cached, or that lie inside a cache or around several. The settings of one
   * cache's repositories stand at the cache.
   *
   * @default - each cache that no template covers gets one of its own, from `repositories`
   */
  readonly templates?: readonly RepositoryTemplate[];
  /**
   * The settings of every repository that ECR creates. What a cache or a template says is laid over them.
   * `ecr-defaults` leaves the caches without creation templates.
   *
   * @default - the safe default of each setting
   */
  readonly repositories?: "ecr-defaults" | Overrides<RepositorySettings>;
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
  const templates = describedTemplates(registry).map(({ prefix, id, own, pullers }) =>
    resolveTemplate({ ...own, prefix, id }, settingsOfAll(registry), { ...registry, pullers }),
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
    templates: describedTemplates(registry).map(({ id }) => id),
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

/** A template as the description has it: listed, or of a cache. */
export interface DescribedTemplate {
  /** The prefix of its repositories. */
  readonly prefix: string;
  /** Its part of the Terraform address. */
  readonly id: string;
  /** The part of the description that the template results from. */
  readonly path: Path;
  /** Where its own settings are written. */
  readonly settingsPath: Path;
  /** Its own settings. */
  readonly own: Overrides<RepositorySettings>;
  /** The principals that are allowed to pull unless its settings say otherwise. */
  readonly pullers: readonly Principal[] | undefined;
}

/** The templates that are listed, and those of caches that have settings of their own or lie in none that is listed. */
export const describedTemplates: (registry: Registry) => readonly DescribedTemplate[] = remember((registry) => {
  const listed = (registry.templates ?? []).map(({ prefix, id = prefix, ...own }, index): DescribedTemplate => {
    const path: Path = ["templates", index];
    return { prefix, id, path, settingsPath: path, own, pullers: registry.pullers };
  });
  const byPrefix = new PrefixIndex(listed);
  const ofCaches = resolveCaches(registry).flatMap(({ id, prefix, cache }, index): DescribedTemplate[] => {
    const { repositories = registry.repositories === "ecr-defaults" ? "ecr-defaults" : undefined, pullers } = cache;
    if (typeof repositories === "string") return [];
    if (repositories === undefined && pullers === undefined && byPrefix.around(prefix).length > 0) return [];
    const path: Path = ["caches", index];
    const settingsPath = [...path, "repositories"];
    return [{ prefix, id, path, settingsPath, own: repositories ?? {}, pullers: pullersOfCache(registry, cache) }];
  });
  return [...listed, ...ofCaches];
});

/** The settings that those of caches and templates are laid over. */
export function settingsOfAll({ repositories }: Registry): Overrides<RepositorySettings> | undefined {
  return typeof repositories === "string" ? undefined : repositories;
}

/** The principals that are allowed to pull through a cache. */
export function pullersOfCache(registry: Registry, cache: PullThroughCache): readonly Principal[] | undefined {
  return merge<readonly Principal[] | undefined>(registry.pullers, cache.pullers);
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
  const { caches, downstreamAccounts = [], registryPolicy: policy } = registry;
  const pullThrough = caches.map((cache) => {
    const prefix = cachePrefix(cache);
    const principals = pullersOfCache(registry, cache) ?? [];
    return { prefix, principals, repositories: allowedRepositories(cache, prefix) };
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
