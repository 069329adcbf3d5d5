import { Annotations, ITerraformDependable } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { ResolvedAdoption } from "./domain/registry/adoption";
import { upstreamRoleName, withFillers } from "./domain/registry/cache-fillers";
import { checkRegistry } from "./domain/checks/check-registry";
import { checkSameRegistry, OtherDescription } from "./domain/plan/check-same-registry";
import { Diagnostic, findRegistry, formatDiagnostic } from "./domain";
import { CreationTemplateRoleNeeds } from "./domain/policy";
import { Diagnostic, diagnosticsAt } from "./domain/basics/diagnostic";
import { cacheCredential, needsUpstreamRole, PullThroughCache } from "./domain/cache/pull-through-cache";
import { ExistingSecret, SECRET_NAME_PREFIX } from "./domain/cache/pull-through-cache-secret";
import {
  managedSecretName,
  Registry,
  ResolvedCache,
  ResolvedSecret,
  resolveRegistry,
} from "./domain/registry/registry";
import { registryHost, RegistryScope } from "./domain/naming/registry-scope";
import { prefixesOverlap, ROOT_PREFIX } from "./domain/naming/repository-prefix";
import { ResolvedTemplate, usesOwnRole } from "./domain/template/repository-template";
import { ResourceTags } from "./domain/naming/resource-tags";
import { isUnresolved } from "./domain/basics/unresolved";
import { upstreamRegistry } from "./domain/cache/upstream-registry";
import { PullThroughCacheRole } from "./pull-through-cache-role";
import { PullThroughCacheRule } from "./pull-through-cache-rule";
import { PullThroughCacheSecret } from "./pull-through-cache-secret";
import { RegistryKey } from "./registry-key";
import { RegistryPolicy } from "./registry-policy";
import { RegistryScanningConfiguration } from "./registry-scanning-configuration";
import { RepositoryCreationTemplate } from "./repository-creation-template";
import { RepositoryCreationTemplateRole } from "./repository-creation-template-role";
import { throwErrors, ValidationError } from "./validation-error";

/** A registry, as its owners describe it. */
export type EcrRegistryProps = Registry;

/**
 * A private registry that caches upstream registries: the rules and their credentials, the templates of the
 * repositories that ECR will create, with the key and the role they need, the registry's policy and its scanning.
 *
 * It owns what an account and region have only once (policy and scanning configuration), so there must be one of it
 * for each account and region, in whatever stack.
 *
 * @example
 * new EcrRegistry(this, "registry", {
 *   accountId: "111122223333",
 *   region: "us-east-1",
 *   caches: [{ upstream: "quay" }],
 * });
 *
 * @throws ValidationError with everything that is wrong with the description
 */
export class EcrRegistry extends Construct {
  /** The host that `docker login` and `docker pull` name. */
  public readonly host: string;
  /** What to put before an upstream image's path to pull it through a cache, by the cache's id. */
  public readonly pullPrefixes: Readonly<Record<string, string>>;
  /** What to put into the secrets whose value comes from elsewhere, by their names. */
  public readonly secretsToFill: Readonly<Record<string, string>>;
  /** The ARN of the registry's own key (token), if a template uses it. */
  public readonly keyArn: string | undefined;
  /** The ARN of the role with which ECR creates repositories (token), if a template needs it. */
  public readonly templateRoleArn: string | undefined;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: EcrRegistryProps) {
    super(scope, id);
    throwErrors(this, checkRegistry(props));
    throwErrors(this, checkSameRegistry(props, joinRegistries(this, props)));
    const registry: RegistryScope = { accountId: props.accountId, region: props.region };
    const { tags, preventDestroy } = props;
    const resolved = resolveRegistry(props);
    this.host = registryHost(registry);
    this.pullPrefixes = Object.fromEntries(
      resolved.caches.map(({ id: cache, prefix }) => [
        cache,
        prefix === ROOT_PREFIX ? this.host : `${this.host}/${prefix}`,
      ]),
    );

    this.secretsToFill = Object.fromEntries(
      resolved.secrets
        .filter(({ valueFrom }) => valueFrom === "outside-terraform")
        .map(({ name, upstream }) => [`${SECRET_NAME_PREFIX}${name}`, secretValue(upstreamRegistry(upstream).title)]),
    );

    const role = resolved.needsRole
      ? new RepositoryCreationTemplateRole(this, "template-role", { registry, tags })
      : undefined;
    const key = resolved.needsKey
      ? new RegistryKey(this, "key", { registry, templateRoleArn: role?.roleArn, preventDestroy, tags })
      : undefined;
    this.templateRoleArn = role?.roleArn;
    this.keyArn = key?.keyArn;
    const caches = this.addUpstreamRoles(registry, resolved.caches, tags);
    const settings = resolved.templates.map((template) => withFillers(withOwnKey(template, key?.keyArn), caches));
    const { importExisting } = resolved;
    const templates = this.addTemplates(registry, settings, role, importExisting);
    const secrets = this.addSecrets(resolved.secrets, { tags, preventDestroy }, importExisting);
    this.addCaches(registry, caches, secrets, templates, importExisting);
    if (resolved.registryPolicy) {
      const adoptFrom = importExisting.registryPolicy ? registry.accountId : undefined;
      new RegistryPolicy(this, "policy", { document: resolved.registryPolicy, registry, adoptFrom });
    }
    if (resolved.scanning) {
      const adoptFrom = importExisting.scanning ? registry.accountId : undefined;
      new RegistryScanningConfiguration(this, "scanning", { ...resolved.scanning, registry, adoptFrom });
    }
    this.warn(findRegistry(props));
  }

  /** Puts each finding that nobody has accepted at the first construct that it is about. */
  private warn(findings: readonly Diagnostic[]): void {
    for (const finding of findings.filter(({ acknowledged }) => acknowledged === undefined)) {
      const [nearest = ""] = finding.constructs;
      const at = nearest === "" ? this : descendant(this, nearest);
      Annotations.of(at).addWarning(formatDiagnostic(finding));
    }
  }

  /** Gives each cache of another account's registry a role, unless it brings one. */
  private addUpstreamRoles(
    registry: RegistryScope,
    caches: readonly ResolvedCache[],
    tags: ResourceTags | undefined,
  ): CacheWithRole[] {
    const parent = new Construct(this, "upstream-roles");
    return caches.map((resolved) => {
      const { cache, prefix, id } = resolved;
      if (!needsUpstreamRole(cache, registry) || cache.customRoleArn !== undefined) return resolved;
      const { upstreamRegistry } = cache;
      const name = upstreamRoleName(registry.region, id);
      const role = new PullThroughCacheRole(parent, id, { registry, upstreamRegistry, prefix, name, tags });
      return { ...resolved, cache: { ...cache, customRoleArn: role.roleArn }, permissions: role.permissions };
    });
  }

  private addTemplates(
    registry: RegistryScope,
    templates: readonly ResolvedTemplate[],
    role: RepositoryCreationTemplateRole | undefined,
    importExisting: ResolvedAdoption,
  ): ReadonlyMap<string, RepositoryCreationTemplate> {
    const parent = new Construct(this, "templates");
    const ownRole = role && {
      customRoleArn: role.roleArn,
      dependsOn: [role.allow(roleNeeds(templates.filter(usesOwnRole)))],
    };
    const refused: Diagnostic[] = [];
    const added = templates.flatMap((template, index): [string, RepositoryCreationTemplate][] => {
      const own = usesOwnRole(template) ? ownRole : {};
      const props = { ...template, ...own, registry, importExisting: importExisting.templates.has(template.id) };
      try {
        return [[template.prefix, new RepositoryCreationTemplate(parent, template.id, props)]];
      } catch (error) {
        // Only a template knows the provider. Those that are listed come first, so the position is the user's.
        if (!ValidationError.is(error)) throw error;
        refused.push(...diagnosticsAt(["templates", index], error.diagnostics));
        return [];
      }
    });
    throwErrors(this, refused);
    return new Map(added);
  }

  private addSecrets(
    secrets: readonly ResolvedSecret[],
    common: { readonly tags?: ResourceTags; readonly preventDestroy?: boolean },
    importExisting: ResolvedAdoption,
  ): ReadonlyMap<string, PullThroughCacheSecret> {
    const parent = new Construct(this, "secrets");
    return new Map(
      secrets.map((secret) => {
        const upstreamTitle = upstreamRegistry(secret.upstream).title;
        const props = { ...secret, ...common, upstreamTitle, adoptFrom: importExisting.secrets.get(secret.name) };
        return [secret.name, new PullThroughCacheSecret(parent, secret.name, props)];
      }),
    );
  }

  /** A rule waits for what it reads with, and for its templates: what it let in before them would stay unsafe. */
  private addCaches(
    registry: RegistryScope,
    caches: readonly CacheWithRole[],
    secrets: ReadonlyMap<string, PullThroughCacheSecret>,
    templates: ReadonlyMap<string, RepositoryCreationTemplate>,
    importExisting: ResolvedAdoption,
  ): void {
    const parent = new Construct(this, "caches");
    for (const { id, prefix, cache, permissions } of caches) {
      const credential = cacheCredential(cache);
      const secret = credential?.type === "new-secret" ? secrets.get(managedSecretName(cache, credential)) : undefined;
      const near = [...templates]
        .filter(([other]) => prefixesOverlap(other, prefix))
        .map(([, { template }]) => template);
      new PullThroughCacheRule(parent, id, {
        ...(cache as PullThroughCache<ExistingSecret>),
        ...(secret && { credential: secret.credential }),
        prefix,
        registry,
        importExisting: importExisting.caches.has(id),
        dependsOn: [...near, ...[secret?.value, permissions].filter((one) => one !== undefined)],
      });
    }
  }
}

/** The registries of each app, by account and region. */
const REGISTRIES = new WeakMap<IConstruct, Map<string, OtherDescription[]>>();

/** Adds a registry to those of its app, and tells which others there are of its account and region. */
function joinRegistries(construct: Construct, registry: Registry): readonly OtherDescription[] {
  const { accountId, region } = registry;
  if (isUnresolved(accountId) || isUnresolved(region)) return [];
  const { root } = construct.node;
  const all = REGISTRIES.get(root) ?? new Map<string, OtherDescription[]>();
  const others = all.get(`${accountId}/${region}`) ?? [];
  REGISTRIES.set(root, all.set(`${accountId}/${region}`, [...others, { name: construct.node.path, registry }]));
  return others;
}

/** A construct by its path below another, or what of it there is. */
function descendant(construct: IConstruct, path: string): IConstruct {
  const child = construct.node.children.find(({ node: { id } }) => path === id || path.startsWith(`${id}/`));
  if (child === undefined) return construct;
  return path === child.node.id ? child : descendant(child, path.slice(child.node.id.length + 1));
}

function secretValue(upstreamTitle: string): string {
  return `{"username":"…","accessToken":"…"} with a user name and an access token for ${upstreamTitle}`;
}

/** A cache, and what its role must be allowed before its rule can use it. */
interface CacheWithRole extends ResolvedCache {
  readonly permissions?: ITerraformDependable;
}

function withOwnKey(template: ResolvedTemplate, ownKeyArn: string | undefined): ResolvedTemplate {
  const { encryption } = template;
  if (encryption.type !== "KMS" || encryption.keyArn !== undefined) return template;
  return { ...template, encryption: { ...encryption, keyArn: ownKeyArn } };
}

function roleNeeds(templates: readonly ResolvedTemplate[]): CreationTemplateRoleNeeds {
  const keyArns = templates.flatMap(({ encryption }) => (encryption.type === "KMS" ? [encryption.keyArn!] : []));
  return {
    prefixes: templates.map(({ prefix }) => prefix),
    kmsKeyArns: [...new Set(keyArns)],
    tags: templates.some(({ resourceTags }) => Object.keys(resourceTags).length > 0),
    replication: templates.some(({ appliedFor }) => appliedFor.includes("REPLICATION")),
  };
}
