import { isUnresolved, Path, remember } from "../basics";
import { cacheCredential, needsUpstreamRole, PullThroughCache, upstreamRegistry } from "../cache";
import {
  alertName,
  creationRoleName,
  eventRuleArn,
  keyAlias,
  prefixesOverlap,
  RegistryScope,
  ResourceTags,
  upstreamRoleName,
} from "../naming";
import { alertsKeyPolicy, alertsTopicPolicy, Principal, registryPolicy } from "../policy";
import { AlertRule, alertRules, inputTemplate } from "./alert-rules";
import {
  ACCOUNT_SETTINGS,
  accountSettingNames,
  describedTemplates,
  managedSecretName,
  Registry,
  registryPolicyGrants,
  ResolvedCache,
  ResolvedRegistry,
  resolveRegistry,
} from "../registry";
import { KmsEncryption, namedKey, ResolvedTemplate, usesOwnKey, usesOwnRole } from "../template";
import { Address, AnyResource, Kind, PlannedResource, RegistryPlan, ResourceSettings } from "./planned-resource";
import { refer } from "./reference";
import {
  creationRole,
  creationRolePolicy,
  registryKey,
  RoleSettings,
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
  addAccountSettings(plan);
  addReplication(plan);
  addAlerts(plan);
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
  const role = creationRole(creationRoleName(scope.region, registry.roles?.namePrefix), roleSettings(registry));
  return add(planned("aws_iam_role", "template-role", role, { path: ["repositories", "customRoleArn"] }));
}

/** The settings of every role; tags are left out where there are none. */
function roleSettings({ roles = {}, tags }: Registry): RoleSettings {
  const { path, permissionsBoundaryArn: permissionsBoundary } = roles;
  return { path, permissionsBoundary, tags: (tags ?? roles.tags) && { ...tags, ...roles.tags } };
}

function addKey({ registry, resolved, scope, add }: Planner, role: Role | undefined): Key | undefined {
  if (!resolved.templates.some(usesOwnKey)) return undefined;
  const { tags, preventDestroy = false } = registry;
  const path: Path = ["repositories", "encryption"];
  const { alias, ...own } = registry.key ?? {};
  const key = registryKey(scope, { ...own, templateRoleArn: role && refer(role, "arn"), tags });
  const added = add(planned("aws_kms_key", "key", key, { path, preventDestroy }));
  const settings = { key: refer(added, "key_id") };
  add(planned("aws_kms_alias", "key/Alias", { name: keyAlias(alias), settings }, { path }));
  return added;
}

/** ECR reads the registry of another account only with a role: each such cache gets one, unless it names one. */
function addUpstreamRoles({ registry, resolved, scope, add }: Planner): UpstreamRoles {
  const roles = new Map<string, { role: Role; permissions: Address }>();
  resolved.caches.forEach(({ id, prefix, cache }, index) => {
    if (!needsUpstreamRole(cache, scope) || cache.customRoleArn !== undefined) return;
    const address = listedAddress("upstream-roles", id);
    const path: Path = ["caches", index];
    const settings = upstreamRole(
      upstreamRoleName(scope.region, id, registry.roles?.namePrefix),
      roleSettings(registry),
    );
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
      ...(usesOwnKey(template) && { encryption: { ...(encryption as KmsEncryption), keyArn: refer(key!, "arn") } }),
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
    kmsKeyArns: own.flatMap(({ encryption }) => namedKey(encryption) ?? []),
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

function addAccountSettings({ registry, resolved: { importExisting }, add }: Planner): void {
  const { accountSettings = {}, pullTimeExclusions = [] } = registry;
  for (const setting of accountSettingNames(accountSettings)) {
    const { name } = ACCOUNT_SETTINGS[setting];
    const settings = { name, settings: { value: accountSettings[setting]! } };
    const path: Path = ["accountSettings", setting];
    add(
      planned("aws_ecr_account_setting", `account-settings/${name}`, settings, {
        path,
        importId: importExisting.accountSettings ? name : undefined,
      }),
    );
  }
  pullTimeExclusions.forEach((principalArn, index) => {
    // The address of a role that only Terraform knows is its place in the list.
    const id = isUnresolved(principalArn) ? String(index) : principalArn.slice(principalArn.indexOf("/") + 1);
    const account = isUnresolved(principalArn) ? "" : `${principalArn.split(":")[4]!}--`;
    const address = `pull-time-exclusions/${account}${id.replaceAll("/", "--")}`;
    const settings = { name: principalArn, settings: { principalArn } };
    const path: Path = ["pullTimeExclusions", index];
    const importId = importExisting.pullTimeExclusions ? principalArn : undefined;
    add(planned("aws_ecr_pull_time_update_exclusion", address, settings, { path, importId }));
  });
}

function addReplication({ registry, resolved, scope, add }: Planner): void {
  if (registry.replication === undefined) return;
  const rules = registry.replication.map(({ destinations, prefixes = [] }) => ({
    destinations: destinations.map(({ accountId = scope.accountId, region }) => ({ region, registryId: accountId })),
    prefixes,
  }));
  const settings = { name: "", settings: { rules } };
  const importId = resolved.importExisting.replication ? scope.accountId : undefined;
  add(planned("aws_ecr_replication_configuration", "replication", settings, { path: ["replication"], importId }));
}

/** Adds the alerts: an EventBridge rule for each kind of event, and the topic unless it exists. */
function addAlerts({ registry, scope, add }: Planner): void {
  const { alerts, tags } = registry;
  if (alerts === undefined) return;
  const path: Path = ["alerts"];
  const rules = alertRules(registry);
  const topic = alerts.topicArn === undefined ? addTopic({ scope, add, rules, tags }) : undefined;
  for (const rule of rules) {
    const { id, description, pattern, inputPaths } = rule;
    const settings = { name: alertName(id), settings: { description, pattern, tags } };
    const added = add(planned("aws_cloudwatch_event_rule", `alerts/${id}`, settings, { path }));
    const target = {
      rule: refer(added, "name"),
      topicArn: topic === undefined ? alerts.topicArn! : refer(topic, "arn"),
      inputPaths,
      inputTemplate: inputTemplate(rule),
    };
    // The first message must not come before EventBridge is allowed to publish it.
    const waitsFor = topic === undefined ? [] : [`${topic.address}/Policy`];
    const named = { name: undefined, settings: target };
    add(planned("aws_cloudwatch_event_target", `alerts/${id}/Target`, named, { path, waitsFor }));
  }
}

function addTopic({
  scope,
  add,
  rules,
  tags,
}: Pick<Planner, "add" | "scope"> & {
  readonly rules: readonly AlertRule[];
  readonly tags: ResourceTags | undefined;
}): PlannedResource<"aws_sns_topic"> {
  const path: Path = ["alerts"];
  const description = "Messages about a registry of ECR";
  const key = { description, policy: alertsKeyPolicy(scope), deletionWindowInDays: 30, tags };
  const addedKey = add(planned("aws_kms_key", "alerts/key", { name: undefined, settings: key }, { path }));
  const alias = { name: keyAlias(alertName("alerts")), settings: { key: refer(addedKey, "key_id") } };
  add(planned("aws_kms_alias", "alerts/key/Alias", alias, { path }));
  const settings = { name: alertName("alerts"), settings: { kmsKey: refer(addedKey, "arn"), tags } };
  const topic = add(planned("aws_sns_topic", "alerts/topic", settings, { path }));
  const ruleArns = rules.map(({ id }) => eventRuleArn(scope, alertName(id)));
  const policy = { topic: refer(topic, "arn"), policy: alertsTopicPolicy(refer(topic, "arn"), ruleArns) };
  add(planned("aws_sns_topic_policy", "alerts/topic/Policy", { name: undefined, settings: policy }, { path }));
  return topic;
}
