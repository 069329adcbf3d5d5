import { DOCKER_HUB, ImageReference, LEGACY_DOCKER_HUB, OFFICIAL_NAMESPACE, sameDomain } from "../image";
import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { checkRulePrefix, ROOT_PREFIX } from "../naming";

/** One cache, as a client sees it: what people write, and where it is to be pulled from instead. */
export interface ClientCache {
  /** The upstream's host as it stands in image names: `docker.io`, not the `registry-1.docker.io` of the cache rule. */
  readonly upstreamHost: string;
  /** The host of the registry with the cache: `111122223333.dkr.ecr.us-east-1.amazonaws.com`. */
  readonly registryHost: string;
  /** The prefix of the cache rule: `docker-hub`, or `ROOT` for none. */
  readonly prefix: string;
}

/** A file to put on a node or to apply to a cluster. */
export interface GeneratedFile {
  /** Where it belongs, relative to the folder that `help/clusters.md` names for it. */
  readonly path: string;
  /** The file's text. */
  readonly content: string;
}

const HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;
const NO_HOST = "must be a host in lower case, without scheme or path";
/** Where Docker Hub answers, by names that no image name should start with. */
const DOCKER_HUB_ENDPOINTS: readonly string[] = [LEGACY_DOCKER_HUB, "registry-1.docker.io", "hub.docker.com"];

/**
 * What is wrong with the caches that clients are to use. The generators trust what this has let through: a host or
 * prefix that passes needs no quoting in TOML, YAML or CEL.
 */
export function checkClientCaches(caches: readonly ClientCache[], path: Path = []): Diagnostic[] {
  return caches.flatMap((cache, index) => [
    ...checkUpstreamHost(cache, [...path, index, "upstreamHost"]),
    ...checkUnique(caches, index, [...path, index, "upstreamHost"]),
    ...checkRegistryHost(caches, cache, [...path, index, "registryHost"]),
    ...checkRulePrefix(cache.prefix, [...path, index, "prefix"]),
  ]);
}

/** The repository name that all images of a cache are under: `111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub`. */
export function cacheLocation(cache: ClientCache): string {
  return cache.prefix === ROOT_PREFIX ? cache.registryHost : `${cache.registryHost}/${cache.prefix}`;
}

/**
 * The image that stands for `reference` in its cache, or `undefined` if no cache has its upstream. Images of Docker
 * Hub keep the namespace `library/`: ECR does not add it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-working-pulling.html
 */
export function cachedImage(reference: ImageReference, caches: readonly ClientCache[]): ImageReference | undefined {
  const cache = caches.find(({ upstreamHost }) => sameDomain(upstreamHost, reference.domain));
  if (cache === undefined) return undefined;
  const official = cache.upstreamHost === DOCKER_HUB && !reference.path.includes("/");
  const path = `${official ? OFFICIAL_NAMESPACE : ""}${reference.path}`;
  return {
    ...reference,
    domain: cache.registryHost,
    path: cache.prefix === ROOT_PREFIX ? path : `${cache.prefix}/${path}`,
  };
}

function checkUpstreamHost({ upstreamHost, registryHost }: ClientCache, path: Path): Diagnostic[] {
  if (isUnresolved(upstreamHost)) return [];
  const problem = (message: string, fix: string): Diagnostic[] => [
    diagnostic({ path, message, value: upstreamHost, fix }),
  ];
  if (DOCKER_HUB_ENDPOINTS.includes(upstreamHost)) {
    return problem("must be the host that image names start with", `write "${DOCKER_HUB}"`);
  }
  if (!HOST.test(upstreamHost)) return problem(NO_HOST, 'write e.g. "quay.io"');
  if (upstreamHost !== registryHost) return [];
  return problem("must not be the registry with the cache", "write the upstream's host");
}

/** Each client keeps one place per upstream, and a TOML file with a table twice is not read at all. */
function checkUnique(caches: readonly ClientCache[], index: number, path: Path): Diagnostic[] {
  const { upstreamHost } = caches[index]!;
  const first = caches.findIndex((cache) => cache.upstreamHost === upstreamHost);
  if (first === index) return [];
  const message = `must differ from the upstream of cache ${first}, since a client looks for an image in one cache only`;
  return [diagnostic({ path, message, value: upstreamHost, fix: "choose one of the two caches for clients" })];
}

/** The kubelet asks for credentials in one region, so the files that belong together are for one registry. */
function checkRegistryHost(caches: readonly ClientCache[], { registryHost }: ClientCache, path: Path): Diagnostic[] {
  if (isUnresolved(registryHost)) return [];
  if (!HOST.test(registryHost)) {
    const fix = 'write e.g. "111122223333.dkr.ecr.us-east-1.amazonaws.com"';
    return [diagnostic({ path, message: NO_HOST, value: registryHost, fix })];
  }
  const first = caches[0]!.registryHost;
  if (registryHost === first) return [];
  const fix = "generate files for each registry apart";
  return [diagnostic({ path, message: `must be ${first} like that of cache 0`, value: registryHost, fix })];
}
