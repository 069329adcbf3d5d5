import {
  cacheCredential,
  PullThroughCache,
  SECRET_NAME_PREFIX,
  upstreamRegistry,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
} from "../cache";
import { managedSecretName, ResolvedCache } from "../registry";
import { registryHost, RegistryScope, ROOT_PREFIX } from "../naming";

/** The upstream of a cache by name: `Docker Hub`, `Azure Container Registry (contoso.azurecr.io)`. */
export function describeUpstream(cache: PullThroughCache): string {
  const { title, url } = upstreamRegistry(cache.upstream);
  if (!url.includes("<")) return title;
  const part = upstreamRepositoryPrefix(cache);
  return `${title} (${upstreamRegistryUrl(cache)}${part === ROOT_PREFIX ? "" : `/${part}`})`;
}

/** What ECR reads a cache's upstream with, as a phrase. */
export function describeCredential(cache: PullThroughCache): string {
  const credential = cacheCredential(cache);
  if (credential?.type === "existing-secret") return `the secret ${credential.secretArn}`;
  if (credential?.type === "new-secret") {
    const name = `${SECRET_NAME_PREFIX}${managedSecretName(cache, credential)}`;
    const value = credential.valueFrom === "outside-terraform" ? "filled elsewhere" : "filled from Terraform variables";
    return `the secret ${name}, created here and ${value}`;
  }
  if (cache.upstream !== "ecr") return "none: the upstream is public";
  return cache.customRoleArn === undefined
    ? "a role, created here where it is another account's"
    : `the role ${cache.customRoleArn}`;
}

/** What to pull to try a cache. */
export function examplePull(scope: RegistryScope, { cache, prefix }: ResolvedCache): string {
  const { exampleImage } = upstreamRegistry(cache.upstream);
  return [registryHost(scope), ...(prefix === ROOT_PREFIX ? [] : [prefix]), exampleImage].join("/");
}
