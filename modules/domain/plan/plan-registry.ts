import { Path, remember } from "../basics";
import { cacheCredential, needsUpstreamRole, PullThroughCache, upstreamRegistry } from "../cache";
import { creationRoleName, KEY_ALIAS, prefixesOverlap, RegistryScope, upstreamRoleName } from "../naming";
import { Principal, registryPolicy } from "../policy";
import {
  describedTemplates,
  managedSecretName,
  Registry,
  registryPolicyGrants,
  ResolvedCache,
  ResolvedRegistry,
  resolveRegistry,
} from "../registry";
import { ResolvedTemplate, usesOwnKey, usesOwnRole } from "../template";
import { Address, AnyResource, Kind, PlannedResource, RegistryPlan, ResourceSettings } from "./planned-resource";
import { refer } from "./reference";
import {
  creationRole,
  creationRolePolicy,
  registryKey,
  ruleSettings,
  scanningSettings,
  secretSettings,
  secretVersion,
  templateSettings,
  upstreamRole,
  upstreamRolePolicy,
} from "./resource-settings";

/**
 * Lists every AWS resource that results from a description, with every default filled in.
 *
 * @param registry a description in which `checkRegistry` found no errors
 */
export const planRegistry: (registry: Registry) => RegistryPlan = remember((registry) => {
  const scope: RegistryScope = { accountId: registry.accountId, region: registry.region };
  const resources: AnyResource[] = [];
  const plan: Planner = {
    registry,
    resolved: resolveRegistry(registry),
    scope,
    add: (resource) => {
      resources.push(resource);
      return resource;
    },
  };
  const role = addCreationRole(plan);
  const key = addKey(plan, role);
  const upstreamRoles = addUpstreamRoles(plan);
  addTemplates(plan, { role, key, upstreamRoles });
  const secrets = addSecrets(plan);
  addRules(plan, { upstreamRoles, secrets });
  addRegistryPolicy(plan);
  addScanning(plan);
  return { scope, resources };
});

interface Planner {
  readonly registry: Registry;
  readonly resolved: ResolvedRegistry;
  readonly scope: RegistryScope;
  readonly add: <R extends AnyResource>(resource: R) => R;
}

type Role = PlannedResource<"aws_iam_role">;
type Key = PlannedResource<"aws_kms_key">;
/** A role with its permissions, by the id of its cache. */
type UpstreamRoles = ReadonlyMap<string, { readonly role: Role; readonly permissions: Address }>;
/** A secret with its value, unless another tool writes that, by the secret's name. */
type Secrets = ReadonlyMap<string, readonly [PlannedResource<"aws_secretsmanager_secret">, ...Address[]]>;

/** Puts a resource together, with the values that most resources have. */
export function planned<K extends Kind>(
  kind: K,
  address: Address,
  { name, settings }: ResourceSettings<K>,
  rest: Partial<Pick<PlannedResource<K>, "importId" | "path" | "preventDestroy" | "waitsFor">> = {},
): PlannedResource<K> {
  return { kind, address, name, settings, waitsFor: [], path: [], preventDestroy: false, ...rest };
}

/** The address of what is listed under an id: in the construct tree, a slash in an id is written as `--`. */
export function listedAddress(list: "caches" | "secrets" | "templates" | "upstream-roles", id: string): Address {
  return `${list}/${id.replaceAll("/", "--")}`;
}

function addCreationRole({ registry, resolved, scope, add }: Planner): Role | undefined {
  if (!resolved.templates.some(usesOwnRole)) return undefined;
  const role = creationRole(creationRoleName(scope.region), { tags: registry.tags });
  return add(planned("aws_iam_role", "template-role", role, { path: ["repositories", "customRoleArn"] }));
}

function addKey({ registry, resolved, scope, add }: Planner, role: Role | undefined): Key | undefined {
  if (!resolved.templates.some(usesOwnKey)) return undefined;
  const { tags, preventDestroy = false } = registry;
  const path: Path = ["repositories", "encryption"];
  const key = registryKey(scope, { templateRoleArn: role && refer(role, "arn"), tags });
  const added = add(planned("aws_kms_key", "key", key, { path, preventDestroy }));
  const settings = { key: refer(added, "key_id") };
  add(planned("aws_kms_alias", "key/Alias", { name: KEY_ALIAS, settings }, { path }));
  return added;
}

/** ECR reads the registry of another account only with a role: each such cache gets one, unless it names one. */
function addUpstreamRoles({ registry, resolved, scope, add }: Planner): UpstreamRoles {
  const roles = new Map<string, { role: Role; permissions: Address }>();
  resolved.caches.forEach(({ id, prefix, cache }, index) => {
    if (!needsUpstreamRole(cache, scope) || cache.customRoleArn !== undefined) return;
    const address = listedAddress("upstream-roles", id);
    const path: Path = ["caches", index];
    const settings = upstreamRole(upstreamRoleName(scope.region, id), registry.tags);
    const role = add(planned("aws_iam_role", address, settings, { path }));
    const policy = upstreamRolePolicy(scope, refer(role, "name"), { prefix, cache });
    const permissions = add(planned("aws_iam_role_policy", `${address}/Policy`, policy, { path }));
    roles.set(id, { role, permissions: permissions.address });
  });
  return roles;
}

function addTemplates(
  planner: Planner,
  { role, key, upstreamRoles }: { role: Role | undefined; key: Key | undefined; upstreamRoles: UpstreamRoles },
): void {
  const { registry, resolved, scope, add } = planner;
  const templates = resolved.templates.map((template): ResolvedTemplate => {
    const { encryption, customRoleArn } = template;
    return {
      ...template,
      ...(usesOwnKey(template) && { encryption: { ...encryption, type: "KMS", keyArn: refer(key!, "arn") } }),
      customRoleArn: usesOwnRole(template) ? refer(role!, "arn") : customRoleArn,
    };
  });
  const permissions = role && addCreationRolePolicy(planner, role, templates);
  const described = describedTemplates(registry);
  templates.forEach((template, index) => {
    const { access, prefix, id } = template;
    // The role that fills a cache is not a service-linked role, so a repository that denies others must list it.
    const push = access.denyOthers ? [...(access.push ?? []), ...fillers(resolved.caches, upstreamRoles, prefix)] : [];
    const settings = templateSettings(
      scope,
      access.denyOthers ? { ...template, access: { ...access, push } } : template,
    );
    const address = listedAddress("templates", id);
    add(
      planned("aws_ecr_repository_creation_template", address, settings, {
        path: described[index]!.path,
        importId: resolved.importExisting.templates.has(id) ? prefix : undefined,
        waitsFor: permissions && usesOwnRole(resolved.templates[index]!) ? [permissions.address] : [],
      }),
    );
  });
}

function addCreationRolePolicy(
  { scope, resolved, add }: Planner,
  role: Role,
  templates: readonly ResolvedTemplate[],
): PlannedResource<"aws_iam_role_policy"> {
  const own = templates.filter((_, index) => usesOwnRole(resolved.templates[index]!));
  const policy = creationRolePolicy(scope, refer(role, "name"), {
    prefixes: own.map(({ prefix }) => prefix),
    kmsKeyArns: own.flatMap(({ encryption }) => (encryption.type === "KMS" ? [encryption.keyArn!] : [])),
    tags: own.some(({ resourceTags }) => Object.keys(resourceTags).length > 0),
    replication: own.some(({ appliedFor }) => appliedFor.includes("REPLICATION")),
  });
  return add(planned("aws_iam_role_policy", "template-role/Policy", policy, { path: role.path }));
}

function fillers(caches: readonly ResolvedCache[], roles: UpstreamRoles, templatePrefix: string): Principal[] {
  return caches.flatMap(({ cache, prefix, id }) => {
    const arn = upstreamRoleArn(cache, roles.get(id)?.role);
    return arn !== undefined && prefixesOverlap(prefix, templatePrefix) ? [{ arn }] : [];
  });
}

function upstreamRoleArn(cache: PullThroughCache, role: Role | undefined): string | undefined {
  if (role !== undefined) return refer(role, "arn");
  return cache.upstream === "ecr" ? cache.customRoleArn : undefined;
}

function addSecrets({ registry, resolved, add }: Planner): Secrets {
  const { preventDestroy = false, tags } = registry;
  const secrets = new Map<string, readonly [PlannedResource<"aws_secretsmanager_secret">, ...Address[]]>();
  for (const secret of resolved.secrets) {
    const address = listedAddress("secrets", secret.name);
    const path: Path = ["caches", resolved.caches.findIndex((one) => secretNameOf(one) === secret.name), "credential"];
    const importId = resolved.importExisting.secrets.get(secret.name);
    const upstreamTitle = upstreamRegistry(secret.upstream).title;
    const settings = secretSettings(secret, { upstreamTitle, tags });
    const added = add(planned("aws_secretsmanager_secret", address, settings, { path, importId, preventDestroy }));
    const value = secretVersion(secret, { upstreamTitle, secret: refer(added, "id") });
    if (value !== undefined) {
      add(planned("aws_secretsmanager_secret_version", `${address}/Value`, value, { path }));
      secrets.set(secret.name, [added, `${address}/Value`]);
    } else secrets.set(secret.name, [added]);
  }
  return secrets;
}

function secretNameOf({ cache }: ResolvedCache): string | undefined {
  const credential = cacheCredential(cache);
  return credential?.type === "new-secret" ? managedSecretName(cache, credential) : undefined;
}

/**
 * Adds the cache rules. A rule depends on its credential and on its templates; otherwise ECR could create repositories
 * before the templates exist.
 */
function addRules(
  { resolved, add }: Planner,
  { upstreamRoles, secrets }: { upstreamRoles: UpstreamRoles; secrets: Secrets },
): void {
  resolved.caches.forEach((one, index) => {
    const { id, prefix, cache } = one;
    const near = resolved.templates.filter((template) => prefixesOverlap(template.prefix, prefix));
    const [secret, ...value] = secrets.get(secretNameOf(one) ?? "") ?? [];
    const upstream = upstreamRoles.get(id);
    const settings = ruleSettings(cache, prefix, {
      credentialArn: secret && refer(secret, "arn"),
      customRoleArn: upstream && refer(upstream.role, "arn"),
    });
    add(
      planned("aws_ecr_pull_through_cache_rule", listedAddress("caches", id), settings, {
        path: ["caches", index],
        importId: resolved.importExisting.caches.has(id) ? prefix : undefined,
        waitsFor: [
          ...near.map((template) => listedAddress("templates", template.id)),
          ...value,
          ...(upstream ? [upstream.permissions] : []),
        ],
      }),
    );
  });
}

function addRegistryPolicy({ registry, resolved, scope, add }: Planner): void {
  if (registry.registryPolicy === "unmanaged") return;
  const policy = registryPolicy(scope, registryPolicyGrants(registry));
  if (policy === undefined) return;
  const importId = resolved.importExisting.registryPolicy ? scope.accountId : undefined;
  const settings = { name: "", settings: { policy } };
  add(planned("aws_ecr_registry_policy", "policy", settings, { path: ["registryPolicy"], importId }));
}

function addScanning({ resolved, scope, add }: Planner): void {
  if (resolved.scanning === undefined) return;
  const importId = resolved.importExisting.scanning ? scope.accountId : undefined;
  const settings = scanningSettings(resolved.scanning);
  add(planned("aws_ecr_registry_scanning_configuration", "scanning", settings, { path: ["scanning"], importId }));
}
