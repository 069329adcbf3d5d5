import {
  describeCredential,
  describePrincipal,
  describeScanning,
  describeTags,
  describeTemplate,
  describeUpstream,
  PrefixIndex,
  registryPolicyGrants,
  resolveRegistry,
  ResolvedRegistry,
} from "../../modules/domain";
import { templatesOf } from "../../modules/domain/findings/registry-view";
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
  } = environment;
  const fact = (name: string, value: string): Fact => ({ topic: "Registry", name, value });
  const { statements = [] } = registryPolicyGrants(environment);
  return [
    fact("account", accountId),
    fact("region", region),
    fact("Terraform's role", assumeRole?.roleArn ?? "none"),
    fact("Terraform's state", describeBackend(environment)),
    fact("tags", describeTags(tags)),
    fact("pullers", pullers.map(describePrincipal).join(", ") || "none"),
    fact("downstream accounts", downstreamAccounts.join(", ") || "none"),
    fact("registry policy", environment.registryPolicy === "unmanaged" ? "owned elsewhere" : policyNames(statements)),
    fact("scanning", resolved.scanning === undefined ? "owned elsewhere" : describeScanning(resolved.scanning)),
    fact("keys and secrets", preventDestroy === true ? "kept from being destroyed" : "destroyed with the stack"),
  ];
}

function policyNames(statements: readonly { readonly sid: string }[]): string {
  return statements.length === 0
    ? "lets the pullers in"
    : `lets the pullers in, and ${statements.map(({ sid }) => sid).join(", ")}`;
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
      return describeTemplate(template).map((setting) => ({ topic, ...setting }));
    });
  });
  const used = new Set(caches.flatMap(({ prefix }) => templatesOf(prefix, byPrefix)));
  const others = templates.filter((template) => !used.has(template));
  return [
    ...served,
    ...others.flatMap((template) =>
      describeTemplate(template).map((setting) => ({ topic: `Repositories under ${template.prefix}`, ...setting })),
    ),
  ];
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
