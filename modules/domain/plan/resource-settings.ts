import {
  cacheCredential,
  EcrUpstreamCache,
  PullThroughCache,
  SECRET_NAME_PREFIX,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
} from "../cache";
import { RegistryScope, ResourceTags, ROOT_PREFIX } from "../naming";
import {
  creationTemplateRolePermissions,
  CreationTemplateRoleNeeds,
  creationTemplateRoleTrust,
  ecrPullThroughRolePermissions,
  ecrPullThroughRoleTrust,
  kmsKeyPolicy,
  repositoryPolicy,
} from "../policy";
import { ResolvedScanning, ResolvedSecret, scanningFilters } from "../registry";
import { ResolvedTemplate } from "../template";
import { ResourceSettings } from "./planned-resource";

/** The role with which ECR creates repositories from templates. */
export function creationRole(
  name: string,
  more: { readonly permissionsBoundary?: string; readonly tags?: ResourceTags },
): ResourceSettings<"aws_iam_role"> {
  const description = "ECR creates repositories with it, from repository creation templates";
  return { name, settings: { description, trust: creationTemplateRoleTrust(), ...more } };
}

/** The permissions of that role. */
export function creationRolePolicy(
  scope: RegistryScope,
  role: string,
  needs: CreationTemplateRoleNeeds,
): ResourceSettings<"aws_iam_role_policy"> {
  const policy = creationTemplateRolePermissions(scope, needs);
  return { name: undefined, settings: { policyName: "create-repositories", role, policy } };
}

/** The key with which the images of a registry are encrypted. */
export function registryKey(
  scope: RegistryScope,
  needs: {
    readonly templateRoleArn: string | undefined;
    readonly deletionWindowInDays?: number;
    readonly tags: ResourceTags | undefined;
  },
): ResourceSettings<"aws_kms_key"> {
  const { templateRoleArn, deletionWindowInDays = 30, tags } = needs;
  const description = "Images that ECR caches from upstream registries";
  const policy = kmsKeyPolicy(scope, { templateRoleArn });
  return { name: undefined, settings: { description, policy, deletionWindowInDays, tags } };
}

/** The role with which ECR fills a cache of another account's registry. */
export function upstreamRole(name: string, tags: ResourceTags | undefined): ResourceSettings<"aws_iam_role"> {
  const description = "ECR fills a pull through cache of another account's registry with it";
  return { name, settings: { description, trust: ecrPullThroughRoleTrust(), tags } };
}

/** The permissions of such a role. */
export function upstreamRolePolicy(
  scope: RegistryScope,
  role: string,
  more: {
    readonly prefix: string;
    readonly cache: Pick<EcrUpstreamCache, "upstreamRegistry" | "upstreamRepositoryPrefix">;
  },
): ResourceSettings<"aws_iam_role_policy"> {
  const { prefix, cache } = more;
  const upstreamPrefixes = [cache.upstreamRepositoryPrefix ?? ROOT_PREFIX];
  const needs = { prefixes: [prefix], upstream: cache.upstreamRegistry, upstreamPrefixes };
  const policy = ecrPullThroughRolePermissions(scope, needs);
  return { name: undefined, settings: { policyName: "pull-through-cache", role, policy } };
}

/** A template in which every default is filled in, in ECR's terms. */
export function templateSettings(
  scope: RegistryScope,
  template: ResolvedTemplate,
): ResourceSettings<"aws_ecr_repository_creation_template"> {
  const { encryption, access, prefix, id: _id, ...settings } = template;
  return {
    name: prefix,
    settings: {
      ...settings,
      encryptionType: encryption.type,
      kmsKey: encryption.type === "KMS" ? encryption.keyArn : undefined,
      repositoryPolicy: repositoryPolicy(scope, access),
    },
  };
}

/** A secret, in the terms of Secrets Manager. */
export function secretSettings(
  { name, recoveryWindowInDays = 30, policy }: Pick<ResolvedSecret, "name" | "policy" | "recoveryWindowInDays">,
  more: { readonly upstreamTitle: string; readonly tags: ResourceTags | undefined },
): ResourceSettings<"aws_secretsmanager_secret"> {
  return { name: `${SECRET_NAME_PREFIX}${name}`, settings: { recoveryWindowInDays, policy, ...more } };
}

/** The value of a secret, unless it is written outside Terraform. */
export function secretVersion(
  { name, valueFrom = "variables", version = 1 }: Pick<ResolvedSecret, "name" | "valueFrom" | "version">,
  more: { readonly upstreamTitle: string; readonly secret: string },
): ResourceSettings<"aws_secretsmanager_secret_version"> | undefined {
  if (valueFrom !== "variables") return undefined;
  return { name: undefined, settings: { secretName: name, version, ...more } };
}

/** A cache rule, in ECR's terms. */
export function ruleSettings(
  cache: PullThroughCache,
  prefix: string,
  planned: { readonly credentialArn?: string; readonly customRoleArn?: string } = {},
): ResourceSettings<"aws_ecr_pull_through_cache_rule"> {
  const credential = cacheCredential(cache);
  return {
    name: prefix,
    settings: {
      upstreamRegistryUrl: upstreamRegistryUrl(cache),
      credentialArn: credential?.type === "existing-secret" ? credential.secretArn : planned.credentialArn,
      // The provider reads the prefix back from ECR: if it were left out, its `ROOT` would plan a replacement.
      ...(cache.upstream === "ecr" && {
        upstreamRepositoryPrefix: upstreamRepositoryPrefix(cache),
        customRoleArn: cache.customRoleArn ?? planned.customRoleArn,
      }),
    },
  };
}

/** A scanning configuration, in ECR's terms. */
export function scanningSettings(
  scanning: ResolvedScanning,
): ResourceSettings<"aws_ecr_registry_scanning_configuration"> {
  const { type, frequency, prefixes } = scanning;
  const rules = [{ scanFrequency: frequency, filters: scanningFilters(scanning, prefixes) }];
  return { name: "", settings: { scanType: type, rules } };
}
