import { formatImageReference, ImageReference, parseImageReference, sameDomain } from "./image-reference";
import { FIRST_PULL_ACTIONS } from "../policy";
import { prefixCovers, PrefixIndex, registryHost, ROOT_PREFIX } from "../naming";
import { Path, Diagnostic, diagnostic, Refused } from "../basics";
import {
  allowsRepository,
  cacheImageHosts,
  UPSTREAM_REGISTRY_NAMES,
  upstreamRegistry,
  upstreamRepositoryPrefix,
} from "../cache";
import { Registry, ResolvedCache, resolveRegistry } from "../registry";
import { isForPulls, ResolvedTemplate } from "../template";

/** Where an upstream image lives in the registry, and what happens when it is pulled from there first. */
export interface ResolvedImage {
  /** The image as its upstream knows it, with the host and, on Docker Hub, the namespace spelled out. */
  readonly upstream: ImageReference;
  /** What to pull instead. */
  readonly uri: string;
  /** The cache whose rule serves it. */
  readonly cache: ResolvedCache;
  /** The repository that ECR creates unless it is there. */
  readonly repository: string;
  /** The template from which ECR creates it; none where ECR's own defaults would apply. */
  readonly template: ResolvedTemplate | undefined;
  /** What the puller must be allowed on the repository, beside `ecr:GetAuthorizationToken` on everything. */
  readonly actions: readonly string[];
}

/** The places where an image can be pulled from, in the order of the caches, or why there is none. */
export type ImageResolution =
  | Refused
  | {
      /** One for each cache. */
      readonly images: readonly ResolvedImage[];
    };

/** The most characters that ECR allows in a repository's name. */
const LONGEST_REPOSITORY = 256;

/**
 * Where in a registry an image is, by the name that people give it: `nginx:1.27`, `ghcr.io/org/app@sha256:…`, or its
 * URI in the registry itself.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function resolveImage(name: string, registry: Registry, path: Path = []): ImageResolution {
  const parsed = parseImageReference(name, path);
  if ("diagnostics" in parsed) return parsed;
  const found = findServing(normalizeHost(parsed.reference), name, registry, path);
  if ("diagnostics" in found) return found;
  const { reference, serving } = found;
  const byPrefix = new PrefixIndex(resolveRegistry(registry).templates.filter(isForPulls));
  const images = serving.map((cache) => {
    const repository = movePrefix(reference.path, upstreamRepositoryPrefix(cache.cache), cache.prefix);
    return {
      upstream: { ...reference, domain: cacheImageHosts(cache.cache)[0]! },
      uri: formatImageReference({ ...reference, domain: registryHost(registry), path: repository }),
      cache,
      repository,
      template: byPrefix.covering(repository),
      actions: FIRST_PULL_ACTIONS,
    };
  });
  const allowed = images.filter(({ cache, repository }) => allowsRepository(cache.cache, cache.prefix, repository));
  if (allowed.length === 0) return { diagnostics: [notAllowed(name, images[0]!, path)] };
  const short = allowed.filter(({ repository }) => repository.length <= LONGEST_REPOSITORY);
  return short.length > 0 ? { images: short } : { diagnostics: [tooLong(name, images[0]!.repository, path)] };
}

/** The image as its upstream knows it, and the caches that serve it: by its URI in the registry, the one that it names. */
function findServing(
  reference: ImageReference,
  name: string,
  registry: Registry,
  path: Path,
): Refused | { readonly reference: ImageReference; readonly serving: readonly ResolvedCache[] } {
  const { caches } = resolveRegistry(registry);
  if (isHost(reference, registryHost(registry))) {
    const own = findByUri(reference, name, registry, path);
    return "diagnostics" in own ? own : { reference: own.upstream, serving: [own.cache] };
  }
  const serving = caches.filter(
    ({ cache }) =>
      cacheImageHosts(cache).some((host) => isHost(reference, host)) &&
      prefixCovers(upstreamRepositoryPrefix(cache), reference.path),
  );
  return serving.length === 0 ? { diagnostics: [notServed(name, reference, path)] } : { reference, serving };
}

/** Docker takes `DOCKER.IO/nginx` for another registry's image; whoever writes it means Docker Hub's `library/nginx`. */
function normalizeHost(reference: ImageReference): ImageReference {
  const parsed = parseImageReference(formatImageReference({ ...reference, domain: reference.domain.toLowerCase() }));
  return "reference" in parsed ? parsed.reference : reference;
}

/** The upstream image that a cache of the registry serves under a URI, or why there is none. */
export function resolveUri(
  uri: string,
  registry: Registry,
  path: Path = [],
):
  | Refused
  | {
      /** The image upstream. */
      readonly upstream: ImageReference;
    } {
  const parsed = parseImageReference(uri, path);
  if ("diagnostics" in parsed) return parsed;
  const { reference } = parsed;
  const host = registryHost(registry);
  if (!isHost(reference, host)) {
    const fix = `name an image of ${host}`;
    return { diagnostics: [diagnostic({ path, message: "must be an image of this registry", value: uri, fix })] };
  }
  const found = findByUri(reference, uri, registry, path);
  return "diagnostics" in found ? found : { upstream: found.upstream };
}

/** The cache under whose prefix an image of the registry is, and the image upstream. */
function findByUri(
  reference: ImageReference,
  uri: string,
  registry: Registry,
  path: Path,
): Refused | { readonly cache: ResolvedCache; readonly upstream: ImageReference } {
  const serving = resolveRegistry(registry).caches.find(({ prefix }) => prefixCovers(prefix, reference.path));
  if (serving === undefined) {
    const fix = "pull it from where it was pushed: it is no cached image";
    return { diagnostics: [diagnostic({ path, message: "lies under the prefix of no cache", value: uri, fix })] };
  }
  const { prefix, cache } = serving;
  const upstreamPath = movePrefix(reference.path, prefix, upstreamRepositoryPrefix(cache));
  return { cache: serving, upstream: { ...reference, domain: cacheImageHosts(cache)[0]!, path: upstreamPath } };
}

/** The same repository under another prefix. */
function movePrefix(repository: string, from: string, to: string): string {
  const rest = from === ROOT_PREFIX ? repository : repository.slice(from.length + 1);
  return to === ROOT_PREFIX ? rest : `${to}/${rest}`;
}

function isHost(reference: ImageReference, host: string): boolean {
  return sameDomain(reference.domain, host);
}

function notServed(value: string, { domain }: ImageReference, path: Path): Diagnostic {
  const cache = cacheOf(domain);
  if (cache === undefined) {
    const titles = UPSTREAM_REGISTRY_NAMES.map((name) => upstreamRegistry(name).title).join(", ");
    const fix = `push a copy into a repository of your own: ECR can cache ${titles} only`;
    return diagnostic({ path, message: `comes from ${domain}, which ECR cannot cache`, value, fix });
  }
  return diagnostic({
    path,
    message: `comes from ${domain}, which no cache serves`,
    value,
    fix: `add the cache { ${cache} }`,
  });
}

/** What to write for a cache of a registry, if ECR can cache it. */
function cacheOf(domain: string): string | undefined {
  const host = domain.toLowerCase();
  const credential = 'credential: { type: "new-secret" }';
  const azure = /^([a-z0-9]+)\.azurecr\.io$/.exec(host)?.[1];
  if (azure !== undefined) return `upstream: "azure-container-registry", registryName: "${azure}", ${credential}`;
  const ecr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/.exec(host);
  if (ecr) return `upstream: "ecr", upstreamRegistry: { accountId: "${ecr[1]!}", region: "${ecr[2]!}" }`;
  const name = UPSTREAM_REGISTRY_NAMES.find((one) => upstreamRegistry(one).imageHosts.includes(host));
  if (name === undefined) return undefined;
  return `upstream: "${name}"${upstreamRegistry(name).credential === "required" ? `, ${credential}` : ""}`;
}

/** The pullers of a cache with a list are allowed to import what the list names. */
function notAllowed(
  value: string,
  { cache: { cache, prefix, id }, repository }: ResolvedImage,
  path: Path,
): Diagnostic {
  const entry = prefix === ROOT_PREFIX ? repository : repository.slice(prefix.length + 1);
  const message = `is not among the repositories that the cache ${id} allows (${cache.only!.join(", ")})`;
  return diagnostic({ path, message, value, fix: `add "${entry}" to only of the cache ${id}` });
}

function tooLong(value: string, repository: string, path: Path): Diagnostic {
  const message = `would need a repository name of ${repository.length} characters, of which ECR allows ${LONGEST_REPOSITORY}`;
  const fix = "cache its upstream under a shorter prefix";
  return diagnostic({ path, message, value, fix, code: "repository-name-too-long" });
}
