import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule";
import { EcrRegistryPolicy } from "@cdktf/provider-aws/lib/ecr-registry-policy";
import { EcrRegistryScanningConfiguration } from "@cdktf/provider-aws/lib/ecr-registry-scanning-configuration";
import { EcrRepositoryCreationTemplate } from "@cdktf/provider-aws/lib/ecr-repository-creation-template";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Fn, TerraformMetaArguments, TerraformResource, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { renderLifecyclePolicy } from "./domain/lifecycle";
import { fillReferences, Kind, RegistryPlan, ResourceSettings } from "./domain/plan";
import { escapeForTerraform } from "./domain/policy";
import { ImageTagMutability } from "./domain/template";
import { secretVariableNames } from "./domain/cache";
import { ImportBlock } from "./import-block";
import { policyText } from "./policy-text";

type Meta = Pick<TerraformMetaArguments, "dependsOn" | "lifecycle">;
type Writers = {
  readonly [K in Kind]: (resource: ResourceSettings<K>, scope: Construct, id: string, meta: Meta) => TerraformResource;
};

/** All that is known here of the provider's arguments. */
const WRITERS: Writers = {
  aws_iam_role: ({ name, settings: { trust, ...rest } }, scope, id, meta) =>
    new IamRole(scope, id, { name, assumeRolePolicy: policyText(trust), ...rest, ...meta }),
  aws_iam_role_policy: ({ settings: { policyName, role, policy } }, scope, id, meta) =>
    new IamRolePolicy(scope, id, { name: policyName, role, policy: policyText(policy), ...meta }),
  aws_kms_key: ({ settings: { policy, ...rest } }, scope, id, meta) =>
    new KmsKey(scope, id, { enableKeyRotation: true, policy: policyText(policy), ...rest, ...meta }),
  aws_kms_alias: ({ name, settings }, scope, id, meta) =>
    new KmsAlias(scope, id, { name, targetKeyId: settings.key, ...meta }),
  aws_secretsmanager_secret: ({ name, settings: { upstreamTitle, policy, ...rest } }, scope, id, meta) => {
    const description = `User name and access token with which ECR reads ${upstreamTitle}`;
    const text = policy === undefined ? undefined : escapeForTerraform(policy);
    return new SecretsmanagerSecret(scope, id, { name, description, policy: text, ...rest, ...meta });
  },
  aws_secretsmanager_secret_version: ({ settings }, scope, id, meta) => {
    const { secret, secretName, upstreamTitle, version } = settings;
    const variables = secretVariableNames(secretName);
    return new SecretsmanagerSecretVersion(scope, id, {
      secretId: secret,
      secretStringWo: Fn.jsonencode({
        username: secretVariable(scope, variables.username, `User name for ${upstreamTitle}`),
        accessToken: secretVariable(scope, variables.accessToken, `Access token for ${upstreamTitle}`),
      }),
      secretStringWoVersion: version,
      ...meta,
    });
  },
  aws_ecr_repository_creation_template: ({ name, settings }, scope, id, meta) => {
    const { encryptionType, kmsKey, imageTagMutability, lifecyclePolicy, repositoryPolicy, resourceTags } = settings;
    return new EcrRepositoryCreationTemplate(scope, id, {
      prefix: name!,
      description: settings.description,
      appliedFor: [...settings.appliedFor],
      encryptionConfiguration: [{ encryptionType, kmsKey }],
      ...mutabilityArguments(imageTagMutability),
      lifecyclePolicy: lifecyclePolicy.rules.length === 0 ? undefined : renderLifecyclePolicy(lifecyclePolicy),
      repositoryPolicy: repositoryPolicy && policyText(repositoryPolicy),
      resourceTags: Object.keys(resourceTags).length === 0 ? undefined : { ...resourceTags },
      customRoleArn: settings.customRoleArn,
      ...meta,
    });
  },
  aws_ecr_pull_through_cache_rule: ({ name, settings }, scope, id, meta) =>
    new EcrPullThroughCacheRule(scope, id, { ecrRepositoryPrefix: name!, ...settings, ...meta }),
  aws_ecr_registry_policy: ({ settings }, scope, id, meta) =>
    new EcrRegistryPolicy(scope, id, { policy: policyText(settings.policy), ...meta }),
  aws_ecr_registry_scanning_configuration: ({ settings: { scanType, rules } }, scope, id, meta) =>
    new EcrRegistryScanningConfiguration(scope, id, {
      scanType,
      rule: rules.map(({ scanFrequency, filters }) => ({
        scanFrequency,
        repositoryFilter: filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
      })),
      ...meta,
    }),
};

/** How a resource is written, in addition to its settings. */
export interface WriteOptions extends Pick<TerraformMetaArguments, "dependsOn"> {
  /**
   * The id by which Terraform imports the resource.
   *
   * @default - it is created
   */
  readonly importId?: string;
  /**
   * Whether Terraform refuses to destroy the resource.
   *
   * @default false
   */
  readonly preventDestroy?: boolean;
}

/** Writes one resource, with its import block if it exists already. */
export function writeResource<K extends Kind>(
  scope: Construct,
  id: string,
  kind: K,
  resource: ResourceSettings<K>,
  { dependsOn, importId, preventDestroy }: WriteOptions = {},
): TerraformResource {
  const lifecycle = preventDestroy ? { preventDestroy: true } : undefined;
  const written = WRITERS[kind](resource, scope, id, { dependsOn, lifecycle });
  if (importId !== undefined) new ImportBlock(scope, "Import", written, importId);
  return written;
}

/**
 * Writes every resource of a plan below a construct, each at its address, and turns references into tokens.
 *
 * @returns the resources by address
 */
export function writePlan(registry: Construct, plan: RegistryPlan): ReadonlyMap<string, TerraformResource> {
  const written = new Map<string, TerraformResource>();
  const attribute = (address: string, name: string) => written.get(address)!.getStringAttribute(name);
  for (const { kind, address, name, settings, waitsFor, importId, preventDestroy } of plan.resources) {
    const path = address.split("/");
    // `key/Alias` stands next to the resource of `key`, which is `key/Resource`.
    const id = written.has(path.slice(0, -1).join("/")) ? path.pop()! : "Resource";
    const scope = path.reduce(childOf, registry);
    const resource = { name, settings: fillReferences(settings, attribute) } as ResourceSettings<Kind>;
    const dependsOn = waitsFor.length === 0 ? undefined : waitsFor.map((other) => written.get(other)!);
    written.set(address, writeResource(scope, id, kind, resource, { dependsOn, importId, preventDestroy }));
  }
  return written;
}

/** The construct of an id inside another, which is added if it is missing. */
function childOf(parent: Construct, id: string): Construct {
  return parent.node.children.find((child): child is Construct => child.node.id === id) ?? new Construct(parent, id);
}

function secretVariable(scope: Construct, name: string, description: string): string {
  const variable = new TerraformVariable(scope, name, {
    type: "string",
    description,
    sensitive: true,
    nullable: false,
  });
  // People set it by this name: it must be the bare one, without the path and hash of the construct.
  variable.overrideLogicalId(name);
  variable.addOverride("ephemeral", true);
  return variable.stringValue;
}

function mutabilityArguments(mutability: ImageTagMutability) {
  if (typeof mutability === "string") return { imageTagMutability: mutability };
  return {
    imageTagMutability: mutability.type,
    imageTagMutabilityExclusionFilter: mutability.exclusionFilters.map((filter) => ({
      filter,
      filterType: "WILDCARD",
    })),
  };
}
