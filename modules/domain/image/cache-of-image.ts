import { PullThroughCache, UPSTREAM_REGISTRY_NAMES, upstreamRegistry } from "../cache";
import { parseRegistryHost } from "../naming";
import { ImageReference } from "./image-reference";

/** The cache that would serve an image under its default prefix, if ECR can cache the image's registry. */
export function cacheOfImage({ domain }: ImageReference): PullThroughCache | undefined {
  const host = domain.toLowerCase();
  const credential = { type: "new-secret" } as const;
  const registryName = /^([a-z0-9]+)\.azurecr\.io$/.exec(host)?.[1];
  if (registryName !== undefined) return { upstream: "azure-container-registry", registryName, credential };
  const ecr = parseRegistryHost(host);
  if (ecr !== undefined) return { upstream: "ecr", upstreamRegistry: ecr };
  const upstream = UPSTREAM_REGISTRY_NAMES.find((one) => upstreamRegistry(one).imageHosts.includes(host));
  if (upstream === undefined) return undefined;
  const needsCredential = upstreamRegistry(upstream).credential === "required";
  return { upstream, ...(needsCredential && { credential }) } as PullThroughCache;
}

/** A cache as an environment has it, without its braces: `upstream: "quay"`. */
export function writeCache(cache: PullThroughCache): string {
  return Object.entries(cache)
    .map(([key, value]) => `${key}: ${writeValue(value)}`)
    .join(", ");
}

function writeValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${writeValue(inner)}`);
  return `{ ${entries.join(", ")} }`;
}
