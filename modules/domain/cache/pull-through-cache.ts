import {
  checkAccountId,
  checkCustomRole,
  checkRegion,
  checkRulePrefix,
  partitionOf,
  registryHost,
  registryHosts,
  RegistryScope,
  ROOT_PREFIX,
} from "../naming";
import { isUnresolved, Overrides, Path, Diagnostic, diagnostic } from "../basics";
import { Principal } from "../policy";
import { RepositorySettings } from "../template";
import { checkAllowList } from "./allow-list";
import { checkCredential, Credential } from "./pull-through-cache-secret";
import { isUpstreamRegistryName, UPSTREAM_REGISTRY_NAMES, upstreamRegistry } from "./upstream-registry";

interface CacheOfAnyUpstream {
  /**
   * The only repositories of the upstream that the pullers are allowed to import, without host and tag: `*` stands for any
   * characters, e.g. `["library/nginx", "grafana/*"]`. The registry policy then allows the import of these only. It does
   * not limit identities whose own IAM policies allow `ecr:BatchImportUpstreamImage`: for these,
   * `npm run policy -- deny-imports` prints a statement that denies everything else.
   *
   * @default - every repository
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
   */
  readonly only?: readonly string[];
  /**
   * The namespace of the cached images in this registry: `prod` makes `docker.io/library/nginx` available as
   * `<registry host>/prod/library/nginx`. 2 to 30 characters, or `ROOT` for no prefix. ECR appends a slash, so
   * `prod` does not cover a repository that is itself called `prod`. Changing it replaces the rule. AWS documents
   * `ROOT` only for caches of another ECR registry: whether it works for other upstreams is not established.
   *
   * @minLength 2
   * @maxLength 30
   * @default - the prefix that AWS suggests for the upstream, e.g. `docker-hub`
   */
  readonly prefix?: string;
  /**
   * The construct id of the cache, which is part of its Terraform addresses. Needed only where the prefix is not
   * known at synth.
   *
   * @default - the prefix
   */
  readonly id?: string;
  /**
   * The settings of the repositories that ECR creates for the cache, laid over those of every repository.
   * `ecr-defaults` leaves the cache without a creation template: ECR then creates repositories in which tags can move,
   * with AES256, without a lifecycle and without a policy.
   *
   * @default - the settings of every repository
   */
  readonly repositories?: "ecr-defaults" | Overrides<RepositorySettings>;
  /**
   * The principals that are allowed to pull through this cache.
   *
   * @default - the registry's pullers
   */
  readonly pullers?: Overrides<readonly Principal[]>;
}

/** A cache of an upstream that anyone may read. ECR has no use for a credential here. */
export interface OpenUpstreamCache extends CacheOfAnyUpstream {
  /** The upstream registry, by the name that the ECR API gives it. */
  readonly upstream: "ecr-public" | "k8s" | "quay";
}

/** A cache of an upstream for which ECR refuses a rule without a credential. */
export interface AuthenticatedUpstreamCache<C extends Credential = Credential> extends CacheOfAnyUpstream {
  /** The upstream registry, by the name that the ECR API gives it. */
  readonly upstream: "docker-hub" | "github-container-registry" | "gitlab-container-registry" | "chainguard";
  /** Where ECR finds the user name and the access token. */
  readonly credential: C;
}

/** A cache of one Azure container registry. */
export interface AzureUpstreamCache<C extends Credential = Credential> extends CacheOfAnyUpstream {
  /** The upstream registry, by the name that the ECR API gives it. */
  readonly upstream: "azure-container-registry";
  /** The registry's own name, the `contoso` of `contoso.azurecr.io`: 5 to 50 lower-case letters and digits. */
  readonly registryName: string;
  /** Where ECR finds the user name and the access token. */
  readonly credential: C;
}

/** A cache of another private ECR registry: of another account, or of another region of the same account. */
export interface EcrUpstreamCache extends CacheOfAnyUpstream {
  /** The upstream registry, by the name that the ECR API gives it. */
  readonly upstream: "ecr";
  /** The registry to cache. If it is another account's, its owner must list this account as downstream. */
  readonly upstreamRegistry: RegistryScope;
  /**
   * The part of the upstream that is cached: with `prod`, this registry's `<prefix>/nginx` is the upstream's
   * `prod/nginx`. 2 to 30 characters, or `ROOT` for all of it. Changing it replaces the rule.
   *
   * @minLength 2
   * @maxLength 30
   * @default "ROOT"
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
   */
  readonly upstreamRepositoryPrefix?: string;
  /**
   * The ARN of the role with which ECR reads another account's registry and fills this one. It is in this registry's
   * account and trusts `pullthroughcache.ecr.amazonaws.com`.
   *
   * @default - a role that is created with the cache where the upstream is another account's, else none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
   */
  readonly customRoleArn?: string;
}

/**
 * One pull-through cache: an upstream registry under a prefix of this registry.
 *
 * @discriminator upstream
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export type PullThroughCache<C extends Credential = Credential> =
  OpenUpstreamCache | AuthenticatedUpstreamCache<C> | AzureUpstreamCache<C> | EcrUpstreamCache;

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry */
const AZURE_REGISTRY_NAME = /^[a-z0-9]{5,50}$/;

/** The prefix that a cache has or, if it names none, gets. */
export function cachePrefix(cache: PullThroughCache): string {
  return cache.prefix ?? upstreamRegistry(cache.upstream).suggestedPrefix;
}

/** The host that the rule names as its upstream. */
export function upstreamRegistryUrl(cache: PullThroughCache): string {
  if (cache.upstream === "azure-container-registry") return `${cache.registryName}.azurecr.io`;
  return cache.upstream === "ecr" ? registryHost(cache.upstreamRegistry) : upstreamRegistry(cache.upstream).url;
}

/** The part of the upstream that a cache is of: all of it, unless it is another ECR registry. */
export function upstreamRepositoryPrefix(cache: PullThroughCache): string {
  return (cache.upstream === "ecr" ? cache.upstreamRepositoryPrefix : undefined) ?? ROOT_PREFIX;
}

/** Whether ECR needs a role to read a cache's upstream, since it is another account's. */
export function needsUpstreamRole(cache: PullThroughCache, scope: RegistryScope): cache is EcrUpstreamCache {
  return cache.upstream === "ecr" && cache.upstreamRegistry.accountId !== scope.accountId;
}

/** The hosts by which people name the images of a cache's upstream, first the usual one. */
export function cacheImageHosts(cache: PullThroughCache): readonly string[] {
  if (cache.upstream === "ecr") return registryHosts(cache.upstreamRegistry);
  const { imageHosts } = upstreamRegistry(cache.upstream);
  return imageHosts.some((host) => host.includes("<")) ? [upstreamRegistryUrl(cache)] : imageHosts;
}

/** The credential of a cache whose upstream needs one. */
export function cacheCredential<C extends Credential>(cache: PullThroughCache<C>): C | undefined {
  return "credential" in cache ? cache.credential : undefined;
}

/** What is wrong with one cache, by itself. */
export function checkPullThroughCache(cache: PullThroughCache, scope: RegistryScope, path: Path): Diagnostic[] {
  if (!isUpstreamRegistryName(cache.upstream)) return [unknownUpstream(cache.upstream, [...path, "upstream"])];
  return [
    ...checkRulePrefix(cachePrefix(cache), [...path, "prefix"]),
    ...checkAllowList(cache, [...path, "only"]),
    ...checkCacheCredential(cache, scope, [...path, "credential"]),
    ...(cache.upstream === "azure-container-registry" ? checkAzureName(cache, [...path, "registryName"]) : []),
    ...(cache.upstream === "ecr" ? checkEcrUpstream(cache, scope, path) : []),
  ];
}

function unknownUpstream(value: unknown, path: Path): Diagnostic {
  const known = UPSTREAM_REGISTRY_NAMES.join(", ");
  return diagnostic({ path, message: "must be an upstream that ECR can cache", value, fix: `choose one of ${known}` });
}

function checkCacheCredential(cache: PullThroughCache, scope: RegistryScope, path: Path): Diagnostic[] {
  const { title, credential: need } = upstreamRegistry(cache.upstream);
  const credential = cacheCredential(cache);
  if (credential !== undefined && need === "unused") {
    return [
      diagnostic({
        path,
        message: `must be left out for ${title}`,
        fix: "remove it: ECR reads this upstream without one",
      }),
    ];
  }
  if (credential !== undefined) return checkCredential(credential, scope, path);
  if (need === "unused") return [];
  return [
    diagnostic({
      path,
      message: `is missing: ECR refuses a rule for ${title} without one`,
      fix: 'add { type: "new-secret" } to create a secret, or { type: "existing-secret", secretArn: "arn:…" }',
    }),
  ];
}

function checkAzureName(cache: AzureUpstreamCache, path: Path): Diagnostic[] {
  const name = cache.registryName;
  if (isUnresolved(name) || (typeof name === "string" && AZURE_REGISTRY_NAME.test(name))) return [];
  const fix = 'write the name alone, e.g. "contoso" for contoso.azurecr.io';
  return [diagnostic({ path, message: "must be 5 to 50 lower-case letters and digits", value: name, fix })];
}

function checkEcrUpstream(cache: EcrUpstreamCache, scope: RegistryScope, path: Path): Diagnostic[] {
  const at = [...path, "upstreamRegistry"];
  const upstream = cache.upstreamRegistry as RegistryScope | undefined;
  if (upstream === undefined) {
    const fix = 'write upstreamRegistry: { accountId: "111122223333", region: "us-east-1" }';
    return [diagnostic({ path: at, message: "is missing", fix })];
  }
  const problems = [
    ...checkAccountId(upstream.accountId, [...at, "accountId"]),
    ...checkRegion(upstream.region, [...at, "region"]),
  ];
  if (upstream.accountId === scope.accountId && upstream.region === scope.region) {
    const fix = "name a registry in another account or region";
    problems.push(diagnostic({ path: at, message: "must not be this registry itself", value: upstream, fix }));
  }
  if (problems.length === 0 && partitionOf(upstream.region) !== partitionOf(scope.region)) {
    const message = `must be in the registry's partition ${partitionOf(scope.region)}`;
    problems.push(
      diagnostic({ path: [...at, "region"], message, value: upstream.region, fix: "name a region of that partition" }),
    );
  }
  const { customRoleArn } = cache;
  if (customRoleArn) problems.push(...checkCustomRole(customRoleArn, scope, [...path, "customRoleArn"]));
  const prefix = upstreamRepositoryPrefix(cache);
  const prefixPath = [...path, "upstreamRepositoryPrefix"];
  problems.push(...checkRulePrefix(prefix, prefixPath));
  if (prefix !== ROOT_PREFIX && cachePrefix(cache) === ROOT_PREFIX) {
    const fix = "leave it out, or choose a prefix for this registry too";
    problems.push(
      diagnostic({ path: prefixPath, message: "must be ROOT where the cache's own prefix is", value: prefix, fix }),
    );
  }
  return problems;
}
