import {
  CHECKS,
  creationRoleName,
  describeCredential,
  describeLifecyclePolicy,
  describePrincipal,
  describeStatement,
  describeTemplate,
  describeUpstream,
  examplePull,
  Diagnostic,
  findRegistry,
  formatPath,
  registryHost,
  registryPolicyGrants,
  describeScanning,
  repositoriesUnder,
} from "../../modules/domain";
import { pullersOf, pullPermissions } from "../../modules/domain/registry/pull-permissions";
import { RegistryView, TemplateView, viewRegistry } from "../../modules/domain/registry/registry-view";
import { RegionalEnvironment } from "../environment-regions";
import { describeBackend } from "./environment-facts";
import { code, document, list, table, text } from "./markdown";
import { registryFlow, renderMermaid } from "./registry-flow";

/**
 * What a stack does, for whoever reviews it without reading JSON. The same environment always gives the same text.
 *
 * @param environment one that `checkEnvironments` found nothing wrong with
 */
export function reportEnvironment(environment: RegionalEnvironment): string {
  const view = viewRegistry(environment);
  return document(
    `# ${text(environment.name)}`,
    aboutStack(environment),
    "## Findings",
    ...aboutFindings(findRegistry(environment)),
    "## Caches",
    ...aboutCaches(environment, view),
    "## Templates",
    ...aboutTemplates(view),
    "## Who may",
    ...aboutPermissions(environment, view),
    "## Beside these",
    list(aboutRest(environment, view)),
  );
}

function aboutStack(environment: RegionalEnvironment): string {
  const { accountId, region, assumeRole } = environment;
  return list([
    `Registry: ${code(registryHost(environment))}, of account ${code(accountId)} in ${code(region)}`,
    `Terraform acts as ${assumeRole ? code(assumeRole.roleArn) : "whoever runs it"} and keeps its state in ${text(describeBackend(environment))}`,
  ]);
}

function aboutFindings(findings: readonly Diagnostic[]): string[] {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const accepted = findings.filter((finding) => finding.acknowledged !== undefined);
  return [
    open.length === 0 ? "None is open." : "",
    ...open.map(({ code: name, path, constructs, message, effect, fix }) => {
      const where = [...constructs, formatPath(path)].map(code).join(", ");
      return list([`**${name}** (${where}): ${text(message)}. ${sentence(effect)} Fix: ${text(fix)}.`]);
    }),
    accepted.length === 0 ? "" : "Accepted:",
    list(
      accepted.map(({ code: name, constructs, acknowledged: reason, path }) => {
        const where = (constructs.length > 0 ? constructs : [formatPath(path)]).map(code).join(", ");
        return `**${name}** (${where}), ${text(CHECKS[name])}: ${text(reason!)}`;
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
      ? "Nobody by the policies that are made here: only identities of the account that their own IAM policies allow it."
      : table(["Who", "Under", "Pull", "Import a new image", "Create its repository"], permissions),
    permissions.length === 0
      ? ""
      : "Everybody needs `ecr:GetAuthorizationToken` in an IAM policy, and identities of other accounts need the rest there, too.",
    list(
      pushers.map(({ prefix, access }) => {
        return `push under ${code(prefix)}: ${text(access.push!.map(describePrincipal).join(", "))}`;
      }),
    ),
  ];
}

function aboutRest(environment: RegionalEnvironment, { resolved }: RegistryView): string[] {
  const { registryPolicy, preventDestroy, downstreamAccounts = [], importExisting } = environment;
  const { statements = [] } = registryPolicyGrants(environment);
  const kept = preventDestroy === true ? ", which Terraform refuses to destroy" : "";
  return [
    `scanning: ${resolved.scanning ? text(describeScanning(resolved.scanning)) : "owned elsewhere"}`,
    registryPolicy === "unmanaged" ? "registry policy: owned elsewhere" : "",
    ...(registryPolicy === "unmanaged" ? [] : statements).map((statement) => {
      return text(`registry policy, ${statement.sid}: ${describeStatement(statement)}`);
    }),
    downstreamAccounts.length > 0 ? `cached in turn by ${downstreamAccounts.map(code).join(", ")}` : "",
    resolved.needsRole
      ? `a role with which ECR creates repositories: ${code(creationRoleName(environment.region))}`
      : "",
    resolved.needsKey ? `a key for images: ${code("alias/ecr-pull-through-cache")}${kept}` : "",
    ...resolved.secrets.map(({ name }) => `a secret: ${code(`ecr-pullthroughcache/${name}`)}${kept}`),
    !importExisting ? "" : `taken over instead of created, where it exists: ${code(JSON.stringify(importExisting))}`,
  ].filter((item) => item !== "");
}

function sentence(phrase: string): string {
  return `${text(phrase.charAt(0).toUpperCase() + phrase.slice(1))}.`;
}
