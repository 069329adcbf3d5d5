import { splitTemplate } from "./template";
import { JsonObject, JsonValue } from "./terraform-json";

/** What a resource is for, where it has no description of its own. */
const PURPOSES: Readonly<Record<string, (resource: JsonObject) => string>> = {
  aws_ecr_pull_through_cache_rule: ({ ecr_repository_prefix: prefix, upstream_registry_url: url }) =>
    `Caches ${text(url)} under ${text(prefix)}`,
  aws_ecr_repository_creation_template: ({ prefix }) =>
    `The settings of repositories that ECR creates under ${text(prefix)}`,
  aws_ecr_registry_policy: () => "Permissions for all repositories of the registry",
  aws_ecr_registry_scanning_configuration: () => "Which images ECR scans, and when",
};

/** A sentence above a resource: its description, or what it is for. */
export function commentOf(kind: string, labels: readonly string[], body: JsonObject): string | undefined {
  if (kind !== "resource") return undefined;
  const { description } = body;
  if (typeof description === "string" && isPlain(description)) return description;
  return PURPOSES[labels[0]!]?.(body);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" && isPlain(value) ? value : "what Terraform knows";
}

/** Whether a template has nothing to evaluate. */
function isPlain(template: string): boolean {
  return splitTemplate(template).every(({ kind }) => kind === "text");
}
