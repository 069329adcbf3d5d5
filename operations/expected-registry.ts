import {
  cacheCredential,
  creationRoleName,
  identityArn,
  managedSecretName,
  needsUpstreamRole,
  PullThroughCache,
  Registry,
  RegistryScope,
  renderLifecyclePolicy,
  renderPolicyDocument,
  repositoryPolicy,
  ResolvedCache,
  ResolvedTemplate,
  resolveRegistry,
  scanningFilters,
  SECRET_NAME_PREFIX,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
  upstreamRoleName,
  usesOwnRole,
  withFillers,
} from "../modules/domain";
import { LiveRule, LiveScanning, LiveTemplate, RepositoryDescription } from "./ecr-port";

/** How repositories should be. */
export interface ExpectedDescription extends RepositoryDescription {
  /** Whether the key is the registry's own, whose ARN only AWS and Terraform know. */
  readonly ownKey: boolean;
}

/** A rule as it should be. */
export interface ExpectedRule extends LiveRule {
  /** The name of its secret, where the secret's ARN is known to AWS and Terraform only. */
  readonly ownSecret?: string;
}

/** A template as it should be. */
export type ExpectedTemplate = LiveTemplate & ExpectedDescription;

/** What an environment says should be in its registry. `undefined` is what something else owns. */
export interface ExpectedRegistry {
  /** The rules. */
  readonly rules: readonly ExpectedRule[];
  /** The templates. */
  readonly templates: readonly ExpectedTemplate[];
  /** The registry policy. */
  readonly registryPolicy:
    | {
        /** Its text; `undefined` for none. */
        readonly text: string | undefined;
      }
    | undefined;
  /** The scanning configuration. */
  readonly scanning: LiveScanning | undefined;
}

/**
 * What should be in AWS once a description is deployed, from the same code that writes the stack.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with
 */
export function expectedRegistry(registry: Registry): ExpectedRegistry {
  const { caches: described, templates, registryPolicy, scanning } = resolveRegistry(registry);
  const caches = described.map((cache) => withRole(cache, registry));
  return {
    rules: caches.map((cache) => expectedRule(cache)),
    templates: templates.map((template) => expectedTemplate(withFillers(template, caches), registry)),
    registryPolicy:
      registry.registryPolicy === "unmanaged"
        ? undefined
        : { text: registryPolicy && renderPolicyDocument(registryPolicy) },
    scanning: scanning && {
      scanType: scanning.type,
      rules: [{ scanFrequency: scanning.frequency, filters: scanningFilters(scanning, scanning.prefixes) }],
    },
  };
}

/** A cache with the role that is created for it, by the name that it gets. */
function withRole(resolved: ResolvedCache, scope: RegistryScope): ResolvedCache {
  const { cache, id } = resolved;
  if (!needsUpstreamRole(cache, scope) || cache.customRoleArn !== undefined) return resolved;
  const customRoleArn = identityArn(scope, "role", upstreamRoleName(scope.region, id));
  return { ...resolved, cache: { ...cache, customRoleArn } };
}

function expectedRule({ cache, prefix }: ResolvedCache): ExpectedRule {
  const credential = cacheCredential(cache);
  return {
    prefix,
    upstreamRegistryUrl: upstreamRegistryUrl(cache),
    upstreamRepositoryPrefix: upstreamRepositoryPrefix(cache),
    credentialArn: credential?.type === "existing-secret" ? credential.secretArn : undefined,
    ...(credential?.type === "new-secret" && { ownSecret: secretName(cache, credential) }),
    customRoleArn: cache.upstream === "ecr" ? cache.customRoleArn : undefined,
  };
}

function secretName(cache: PullThroughCache, credential: Parameters<typeof managedSecretName>[1]): string {
  return `${SECRET_NAME_PREFIX}${managedSecretName(cache, credential)}`;
}

function expectedTemplate(template: ResolvedTemplate, scope: RegistryScope): ExpectedTemplate {
  const { imageTagMutability: mutability, encryption, lifecyclePolicy, customRoleArn } = template;
  const policy = repositoryPolicy(scope, template.access);
  const keyArn = encryption.type === "KMS" ? encryption.keyArn : undefined;
  return {
    prefix: template.prefix,
    appliedFor: template.appliedFor,
    imageTagMutability: typeof mutability === "string" ? mutability : mutability.type,
    exclusionFilters: typeof mutability === "string" ? [] : mutability.exclusionFilters,
    encryptionType: encryption.type,
    kmsKey: keyArn,
    ownKey: encryption.type === "KMS" && keyArn === undefined,
    lifecyclePolicy: lifecyclePolicy.rules.length === 0 ? undefined : renderLifecyclePolicy(lifecyclePolicy),
    repositoryPolicy: policy && renderPolicyDocument(policy),
    tags: template.resourceTags,
    customRoleArn:
      customRoleArn ?? (usesOwnRole(template) ? identityArn(scope, "role", creationRoleName(scope.region)) : undefined),
  };
}
