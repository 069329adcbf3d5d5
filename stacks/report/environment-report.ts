import {
  CHECKS,
  describeCredential,
  describeLifecyclePolicy,
  describePolicy,
  describePrincipal,
  describeScanning,
  describeTags,
  describeTemplate,
  describeUpstream,
  describeReplication,
  describeRole,
  examplePull,
  Kinds,
  Diagnostic,
  registryWarnings,
  formatPath,
  planRegistry,
  PolicyDocument,
  pullersOf,
  pullPermissions,
  Reader,
  readPlan,
  registryHost,
  RegistryPlan,
  RegistryScope,
  RegistryView,
  repositoriesUnder,
  SECRET_NAME_PREFIX,
  TemplateView,
  viewRegistry,
  withKnownValues,
} from "../../modules/domain";
import { RegionalEnvironment } from "../environment-regions";
import { describeBackend } from "./environment-facts";
import { code, document, list, table, text } from "./markdown";
import { registryFlow, renderMermaid } from "./registry-flow";

/**
 * What a stack does, for whoever reviews it without reading JSON. The same environment always gives the same text.
 *
 * @param environment one in which `checkEnvironments` finds no error
 */
export function reportEnvironment(environment: RegionalEnvironment): string {
  const view = viewRegistry(environment);
  return document(
    `# ${text(environment.name)}`,
    aboutStack(environment),
    "## Findings",
    ...aboutFindings(registryWarnings(environment)),
    "## Caches",
    ...aboutCaches(environment, view),
    "## Templates",
    ...aboutTemplates(view),
    "## Permissions",
    ...aboutPermissions(environment, view),
    "## Other resources",
    list(aboutRest(environment, planRegistry(environment))),
  );
}

function aboutStack(environment: RegionalEnvironment): string {
  const { accountId, region, assumeRole } = environment;
  return list([
    `Registry: ${code(registryHost(environment))}, of account ${code(accountId)} in ${code(region)}`,
    `Terraform ${assumeRole ? `assumes the role ${code(assumeRole.roleArn)}` : "uses the caller's credentials"}. State: ${text(describeBackend(environment))}`,
  ]);
}

function aboutFindings(findings: readonly Diagnostic[]): string[] {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const accepted = findings.filter((finding) => finding.acknowledged !== undefined);
  return [
    open.length === 0 ? "No open findings." : "",
    ...open.map(({ code: name = "", path, constructs = [], message, effect = "", fix }) => {
      const where = [...constructs, formatPath(path)].map(code).join(", ");
      return list([`**${name}** (${where}): ${text(message)}. ${sentence(effect)} Fix: ${text(fix)}.`]);
    }),
    accepted.length === 0 ? "" : "Accepted:",
    list(
      accepted.map(({ code: name, constructs = [], acknowledged: reason, path }) => {
        const where = (constructs.length > 0 ? constructs : [formatPath(path)]).map(code).join(", ");
        return `**${name!}** (${where}), ${text(CHECKS[name!].finds)}: ${text(reason!)}`;
      }),
    ),
  ];
}

function aboutCaches(environment: RegionalEnvironment, view: RegistryView): string[] {
  const { caches } = view.resolved;
  if (caches.length === 0) return ["None."];
  const rows = caches.map((cache) => [
    text(describeUpstream(cache.cache)),
    code(cache.prefix),
    text(describeCredential(cache.cache)),
    code(`docker pull ${examplePull(environment, cache)}`),
  ]);
  return [
    table(["Upstream", "Prefix", "Credential", "Example"], rows),
    list(
      caches.flatMap(({ cache: { only }, prefix }) => {
        return only === undefined ? [] : [`${code(prefix)} imports only ${only.map(code).join(", ")}`];
      }),
    ),
    "```mermaid\n" + renderMermaid(registryFlow(view)) + "\n```",
  ];
}

/** Templates with equal settings are described once. */
function aboutTemplates(view: RegistryView): string[] {
  const equal = new Map<string, TemplateView[]>();
  for (const template of view.templates) {
    const key = JSON.stringify([template.description, describeTemplate(template)]);
    equal.set(key, [...(equal.get(key) ?? []), template]);
  }
  if (equal.size === 0) return ["None."];
  return [...equal.values()].flatMap((templates) => aboutTemplate(templates[0]!, templates, view));
}

function aboutTemplate(
  template: TemplateView,
  equals: readonly TemplateView[],
  { repositories }: RegistryView,
): string[] {
  const { lifecyclePolicy, description } = template;
  const served = repositories.filter((one) => equals.includes(one.template));
  const caches = [...new Set(served.map(({ cache }) => describeUpstream(cache.cache)))];
  const settings = describeTemplate(template).filter(({ name }) => name !== "lifecycle");
  const rules = describeLifecyclePolicy(lifecyclePolicy).map((rule, index) => `${index + 1}. ${sentence(rule)}`);
  return [
    `### ${equals.map(({ prefix }) => code(repositoriesUnder(prefix))).join(", ")}`,
    description === undefined ? "" : text(description),
    list([
      ...(caches.length > 0 ? [`caches: ${text(caches.join(", "))}`] : []),
      ...settings.map(({ name, value }) => `${name}: ${text(value)}`),
      rules.length === 0 ? "lifecycle: every image is kept" : "lifecycle:",
    ]) + rules.map((rule) => `\n  ${rule}`).join(""),
  ];
}

function aboutPermissions(environment: RegionalEnvironment, view: RegistryView): string[] {
  const rows = new Map<string, string[]>();
  for (const repositories of [
    ...view.repositories,
    ...view.uncovered.map((cache) => ({ cache, template: undefined })),
  ]) {
    for (const { principal } of pullersOf(environment, repositories)) {
      const { missing, unknown } = pullPermissions(view, repositories, principal);
      const may = (...actions: string[]) => {
        if (actions.some((action) => missing.includes(action as never))) return "no";
        return actions.some((action) => unknown.includes(action as never)) ? "not known here" : "yes";
      };
      const cells = [
        may("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"),
        may("ecr:BatchImportUpstreamImage"),
        may("ecr:CreateRepository"),
      ];
      const row = [text(describePrincipal(principal)), ...cells];
      const key = JSON.stringify(row);
      rows.set(key, [...(rows.get(key) ?? row), code((repositories.template ?? repositories.cache).prefix)]);
    }
  }
  const permissions = [...rows.values()].map(([who = "", pull = "", importing = "", create = "", ...prefixes]) => {
    return [who, [...new Set(prefixes)].join(", "), pull, importing, create];
  });
  const pushers = view.templates.filter(({ access }) => (access.push ?? []).length > 0);
  return [
    permissions.length === 0
      ? "The policies here allow nobody. Only identities of the account can pull, if their own IAM policies allow it."
      : table(["Principal", "Prefix", "Pull", "Import images", "Create repositories"], permissions),
    permissions.length === 0
      ? ""
      : "Every principal also needs `ecr:GetAuthorizationToken` in an IAM policy. Principals of other accounts need all of these actions there, too.",
    list(
      pushers.map(({ prefix, access }) => {
        return `push under ${code(prefix)}: ${text(access.push!.map(describePrincipal).join(", "))}`;
      }),
    ),
  ];
}

/** What a reviewer reads of each kind of resource. Templates and rules have sections of their own. */
const OTHER_RESOURCES: Reader<readonly string[]> = {
  aws_iam_role: ({ name, settings }, { scope }) => [
    `role ${code(name!)}: ${text(settings.description)}${text(describeRole(settings))}`,
    ...policyLines(`trust policy of the role ${code(name!)}`, scope, settings.trust),
  ],
  aws_iam_role_policy: ({ settings: { role, policy } }, { scope }) =>
    policyLines(`permissions of the role ${code(role)}`, scope, policy),
  aws_kms_key: (key, { scope }) => [
    `key for ${key.address === "key" ? "images" : "alerts"}${rotated(key.settings)}, which KMS deletes ${key.settings.deletionWindowInDays} days after Terraform destroys it${kept(key)}`,
    ...policyLines("key policy", scope, key.settings.policy),
  ],
  aws_kms_alias: ({ name }) => [`alias of that key: ${code(name!)}`],
  aws_secretsmanager_secret: (secret) => {
    const { recoveryWindowInDays, policy } = secret.settings;
    const own = policy === undefined ? "" : `, with the policy ${code(policy)}`;
    return [`secret ${code(secret.name!)}, restorable for ${recoveryWindowInDays} days${own}${kept(secret)}`];
  },
  aws_secretsmanager_secret_version: ({ settings: { secretName, version } }) => [
    `value of the secret ${code(`${SECRET_NAME_PREFIX}${secretName}`)}, version ${version}, from Terraform variables`,
  ],
  aws_ecr_repository_creation_template: () => [],
  aws_ecr_pull_through_cache_rule: () => [],
  aws_ecr_registry_policy: ({ settings: { policy } }, { scope }) => policyLines("registry policy", scope, policy),
  aws_ecr_registry_scanning_configuration: ({ settings }) => [`scanning: ${text(describeScanning(settings))}`],
  aws_ecr_account_setting: ({ name, settings: { value } }) => [`account setting ${code(name!)}: ${code(value)}`],
  aws_ecr_pull_time_update_exclusion: ({ settings: { principalArn } }) => [
    `pulls of ${code(principalArn)} do not change the time of an image's last pull`,
  ],
  aws_ecr_replication_configuration: ({ settings: { rules } }) =>
    rules.map((rule) => `replication: ${text(describeReplication(rule))}`),
  aws_sns_topic: ({ name }) => [`topic for alerts: ${code(name!)}`],
  aws_sns_topic_policy: ({ settings: { policy } }, { scope }) => policyLines("topic policy", scope, policy),
  aws_cloudwatch_event_rule: ({ name, settings: { description } }) => [
    `EventBridge rule ${code(name!)}: ${text(description)}`,
  ],
  aws_cloudwatch_event_target: ({ settings: { rule, topicArn } }) => [
    `messages of the EventBridge rule ${code(rule)} go to ${text(topicArn)}`,
  ],
};

function policyLines(title: string, scope: RegistryScope, policy: PolicyDocument): string[] {
  return describePolicy(scope, policy).map((one) => `${title}, ${text(one.sid)}: ${text(one.text)}`);
}

function rotated({ rotationPeriodInDays: days }: Kinds["aws_kms_key"]["settings"]): string {
  return days === undefined ? "" : `, which KMS rotates every ${days} days`;
}

function kept({ preventDestroy }: { readonly preventDestroy: boolean }): string {
  return preventDestroy ? "; Terraform refuses to destroy it" : "";
}

function aboutRest(
  { registryPolicy, scanning, downstreamAccounts = [], tags = {} }: RegionalEnvironment,
  plan: RegistryPlan,
): string[] {
  const imported = plan.resources.filter(({ importId }) => importId !== undefined);
  return [
    ...readPlan(
      withKnownValues(plan, ({ address }) => `the ${address} above`),
      OTHER_RESOURCES,
    ).flat(),
    ...(Object.keys(tags).length > 0 ? [`tags of the roles, keys and secrets: ${text(describeTags(tags))}`] : []),
    ...(registryPolicy === "unmanaged" ? ["registry policy: managed elsewhere"] : []),
    ...(scanning === "unmanaged" ? ["scanning: managed elsewhere"] : []),
    ...(downstreamAccounts.length > 0 ? [`cached in turn by ${downstreamAccounts.map(code).join(", ")}`] : []),
    ...(imported.length > 0
      ? [
          `imported instead of created; if one does not exist, the plan fails: ${imported.map(({ address }) => code(address)).join(", ")}`,
        ]
      : []),
  ];
}

function sentence(phrase: string): string {
  return `${text(phrase.charAt(0).toUpperCase() + phrase.slice(1))}.`;
}
