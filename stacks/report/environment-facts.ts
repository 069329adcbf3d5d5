import {
  describeCredential,
  describePrincipal,
  describeScanning,
  describeStatement,
  describeTags,
  describeTemplate,
  describeUpstream,
  DescribedSetting,
  PrefixIndex,
  registryPolicyGrants,
  resolveRegistry,
  ResolvedRegistry,
  ResolvedSecret,
  ResolvedTemplate,
} from "../../modules/domain";
import { templatesOf } from "../../modules/domain/registry/registry-view";
import { Backend } from "../environment";
import { RegionalEnvironment } from "../environment-regions";

/** Something that is so in an environment, in words. */
export interface Fact {
  /** What it is about: `Docker Hub`. */
  readonly topic: string;
  /** Which property: `encryption`. */
  readonly name: string;
  readonly value: string;
}

/**
 * What an environment is like, in words, so that environments can be compared. The repositories of a cache go by the
 * name of its upstream: `prod/library/nginx` and `dev/library/nginx` are the same image.
 */
export function environmentFacts(environment: RegionalEnvironment): Fact[] {
  const resolved = resolveRegistry(environment);
  return [...registryFacts(environment, resolved), ...cacheFacts(resolved), ...templateFacts(resolved)];
}

function registryFacts(environment: RegionalEnvironment, resolved: ResolvedRegistry): Fact[] {
  const {
    accountId,
    region,
    assumeRole,
    pullers = [],
    downstreamAccounts = [],
    tags = {},
    preventDestroy,
    importExisting,
  } = environment;
  const fact = (name: string, value: string): Fact => ({ topic: "Registry", name, value });
  const { statements = [] } = registryPolicyGrants(environment);
  const isManaged = environment.registryPolicy !== "unmanaged";
  return [
    fact("account", accountId),
    fact("region", region),
    fact("Terraform's role", assumeRole?.roleArn ?? "none"),
    fact("Terraform's state", describeBackend(environment)),
    fact("tags", describeTags(tags)),
    fact("pullers", pullers.map(describePrincipal).join(", ") || "none"),
    fact("downstream accounts", downstreamAccounts.join(", ") || "none"),
    fact("registry policy", isManaged ? "lets the pullers in" : "owned elsewhere"),
    ...(isManaged ? statements : []).map((statement) =>
      fact(`registry policy, ${statement.sid}`, describeStatement(statement)),
    ),
    fact("scanning", resolved.scanning === undefined ? "owned elsewhere" : describeScanning(resolved.scanning)),
    fact("keys and secrets", preventDestroy === true ? "kept from being destroyed" : "destroyed with the stack"),
    ...resolved.secrets.map((secret) => fact(`secret ${secret.name}`, describeSecret(secret))),
    fact("taken over", importExisting === undefined ? "nothing" : JSON.stringify(importExisting)),
  ];
}

function describeSecret({ version = 1, recoveryWindowInDays = 30, policy }: ResolvedSecret): string {
  const own = policy === undefined ? "" : `, with the policy ${policy}`;
  return `version ${version}, restorable for ${recoveryWindowInDays} days after its deletion${own}`;
}

function cacheFacts({ caches }: ResolvedRegistry): Fact[] {
  return caches.flatMap(({ cache, prefix }) => [
    { topic: describeUpstream(cache), name: "prefix", value: prefix },
    { topic: describeUpstream(cache), name: "credential", value: describeCredential(cache) },
  ]);
}

function templateFacts({ caches, templates }: ResolvedRegistry): Fact[] {
  const byPrefix = new PrefixIndex(templates);
  const served = caches.flatMap(({ cache, prefix }) => {
    return templatesOf(prefix, byPrefix).flatMap((template) => {
      const isWhole =
        template.prefix === prefix || prefix.startsWith(`${template.prefix}/`) || template.prefix === "ROOT";
      const topic = isWhole ? describeUpstream(cache) : `${describeUpstream(cache)} under ${template.prefix}`;
      return settingsOf(template).map((setting) => ({ topic, ...setting }));
    });
  });
  const used = new Set(caches.flatMap(({ prefix }) => templatesOf(prefix, byPrefix)));
  const others = templates.filter((template) => !used.has(template));
  return [
    ...served,
    ...others.flatMap((template) =>
      settingsOf(template).map((setting) => ({ topic: `Repositories under ${template.prefix}`, ...setting })),
    ),
  ];
}

function settingsOf(template: ResolvedTemplate): DescribedSetting[] {
  return [...describeTemplate(template), { name: "description", value: template.description ?? "none" }];
}

/** Where Terraform keeps the state of an environment's stack, as a phrase. */
export function describeBackend({ name, backend }: { readonly name: string; readonly backend: Backend }): string {
  switch (backend.type) {
    case "local":
      return `the file ${backend.path ?? `terraform.${name}.tfstate`}`;
    case "s3":
      return `the bucket ${backend.bucket}, as ${backend.key ?? `ecr-pull-through-cache/${name}.tfstate`}`;
    case "cloud": {
      const { hostname = "HCP Terraform", organization, workspaceTags, workspace } = backend;
      const where = workspaceTags
        ? `a workspace tagged ${workspaceTags.join(", ")}`
        : `the workspace ${workspace ?? `ecr-pull-through-cache-${name}`}`;
      return `${where} of ${organization} in ${hostname}`;
    }
  }
}
