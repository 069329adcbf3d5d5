import { cacheOfImage, writeCache } from "./cache-of-image";
import {
  DOCKER_HUB,
  familiarImageReference,
  formatImageReference,
  ImageReference,
  OFFICIAL_NAMESPACE,
  parseImageReference,
  sameDomain,
} from "./image-reference";
import { otherName } from "./other-name";
import { FIRST_PULL_ACTIONS } from "../policy";
import { parseRegistryHost, prefixCovers, PrefixIndex, registryHost, registryHosts, ROOT_PREFIX } from "../naming";
import { Path, Diagnostic, diagnostic, Refused } from "../basics";
import {
  cacheImageHosts,
  PullThroughCache,
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
  /** What to know about the name by which the image was asked for: sentences without their full stops. */
  readonly notes: readonly string[];
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
 * Where in a registry an image is, by the name that people give it: `nginx:1.27`, `ghcr.io/org/app@sha256:…`, another
 * name of the same image such as `mirror.gcr.io/library/nginx`, or its URI in the registry itself.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function resolveImage(name: string, registry: Registry, path: Path = []): ImageResolution {
  const other = otherName(name);
  const parsed = parseImageReference(other?.name ?? name, path);
  if ("diagnostics" in parsed) return parsed;
  const found = findServing(
    { name, hostIsKnown: other !== undefined, registry, path },
    normalizeHost(parsed.reference),
  );
  if ("diagnostics" in found) {
    return other === undefined
      ? found
      : {
          diagnostics: found.diagnostics.map((one) => ({
            ...one,
            value: name,
            message: `${one.message} (${other.what})`,
          })),
        };
  }
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
      notes: [...(other === undefined ? [] : [other.what]), ...found.notes],
    };
  });
  const short = images.filter(({ repository }) => repository.length <= LONGEST_REPOSITORY);
  return short.length > 0 ? { images: short } : { diagnostics: [tooLong(name, images[0]!.repository, path)] };
}

/** A question for an image, as it was asked. */
interface Question {
  /** The name, as it was written. */
  readonly name: string;
  /** Whether the host is that of a registry, although the name may have none. */
  readonly hostIsKnown: boolean;
  readonly registry: Registry;
  readonly path: Path;
}

/** An image as its upstream knows it, and the caches that serve it. */
interface Serving {
  readonly reference: ImageReference;
  readonly serving: readonly ResolvedCache[];
  readonly notes: readonly string[];
}

/** The image as its upstream knows it, and the caches that serve it: by its URI in the registry, the one that it names. */
function findServing(question: Question, reference: ImageReference): Refused | Serving {
  const { name, registry, path } = question;
  const { caches } = resolveRegistry(registry);
  if (isRegistryHost(reference.domain, registry)) {
    const own = findByUri(reference, name, registry, path);
    if ("diagnostics" in own) return own;
    return { reference: own.upstream, serving: [own.cache], notes: noteOnHost(reference, registry) };
  }
  const asRepository = findByRepository(question, reference);
  if (asRepository?.isCertain) return { diagnostics: [asRepository.problem] };
  const serving = caches.filter(
    ({ cache }) =>
      cacheImageHosts(cache).some((host) => isHost(reference, host)) &&
      prefixCovers(upstreamRepositoryPrefix(cache), reference.path),
  );
  if (serving.length > 0) return { reference, serving, notes: asRepository === undefined ? [] : [asRepository.note] };
  return {
    diagnostics: [inOtherRegion(question, reference) ?? asRepository?.problem ?? notServed(question, reference)],
  };
}

/** The URI in this registry of an image that a cache has, if it can be pulled by it. */
function ownUri(reference: ImageReference, { registry, path }: Question): string | undefined {
  const own = { ...reference, domain: registryHost(registry) };
  const found = findByUri(own, formatImageReference(own), registry, path);
  return "diagnostics" in found ? found.instead : formatImageReference(own);
}

/** FIPS endpoints do not serve the first pull of an image. */
function noteOnHost(reference: ImageReference, registry: Registry): string[] {
  if (!/[.-]ecr-fips\./i.test(reference.domain)) return [];
  return [
    `the FIPS endpoint does not import images: the first pull of an image must name ${registryHost(registry)}, or another program must have pulled it before`,
  ];
}

/**
 * An image by the name of its repository, as the console of ECR shows it: `docker-hub/library/nginx`. Clients look for
 * it on Docker Hub, where no repository has three parts; one with two parts can be meant.
 */
function findByRepository(question: Question, reference: ImageReference) {
  const { name, hostIsKnown, registry, path } = question;
  if (hostIsKnown || reference.domain !== DOCKER_HUB || !name.startsWith(reference.path)) return undefined;
  const { caches } = resolveRegistry(registry);
  const cache = caches.find(({ prefix }) => prefix !== ROOT_PREFIX && prefixCovers(prefix, reference.path));
  const uri = cache && ownUri(reference, question);
  if (uri === undefined) return undefined;
  const isCertain = reference.path.split("/").length > 2;
  const problem: Diagnostic = diagnostic({
    path,
    message: "is the name of a repository without its registry, which clients look for on Docker Hub",
    value: name,
    fix: `write "${uri}"`,
    effect: "the pull fails, or is answered by another image",
  });
  return {
    isCertain,
    problem,
    note: `this is the image of Docker Hub; the repository ${reference.path} of this registry is ${uri}`,
  };
}

/** An image of the same account's registry in another Region, which serves the same under its own host. */
function inOtherRegion(question: Question, reference: ImageReference): Diagnostic | undefined {
  const { name, registry, path } = question;
  const other = parseRegistryHost(reference.domain);
  if (other?.accountId !== registry.accountId) return undefined;
  const uri = ownUri(reference, question);
  if (uri === undefined) return undefined;
  const message = `names the registry of this account in ${other.region}, not the one in ${registry.region}`;
  return diagnostic({
    path,
    message,
    value: name,
    fix: `write "${uri}"`,
    effect: `the pull asks the caches of ${other.region}`,
  });
}

/**
 * Docker takes `DOCKER.IO/nginx` for another registry's image, and `docker.io:443/nginx` as well; both mean Docker Hub's
 * `library/nginx`. 443 is the port that clients use without one.
 */
function normalizeHost(reference: ImageReference): ImageReference {
  const domain = reference.domain.toLowerCase().replace(/:443$/, "");
  // Without a dot or a port it is a host only as long as it has capital letters.
  if (!/[.:]/.test(domain)) return reference;
  const parsed = parseImageReference(formatImageReference({ ...reference, domain }));
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
  const reference = normalizeHost(parsed.reference);
  if (!isRegistryHost(reference.domain, registry)) {
    const fix = `name an image of ${registryHost(registry)}`;
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
):
  | {
      readonly diagnostics: readonly Diagnostic[];
      /** The URI that is probably meant. */
      readonly instead?: string;
    }
  | { readonly cache: ResolvedCache; readonly upstream: ImageReference } {
  const serving = resolveRegistry(registry).caches.find(({ prefix }) => prefixCovers(prefix, reference.path));
  if (serving === undefined) {
    const fix = "pull it from where it was pushed: it is no cached image";
    return { diagnostics: [diagnostic({ path, message: "lies under the prefix of no cache", value: uri, fix })] };
  }
  const { prefix, cache } = serving;
  const upstreamPath = movePrefix(reference.path, prefix, upstreamRepositoryPrefix(cache));
  const mistake = findMistake(upstreamPath, cache);
  if (mistake !== undefined) {
    const { message, effect } = mistake;
    const repository = movePrefix(mistake.path, upstreamRepositoryPrefix(cache), prefix);
    const instead = formatImageReference({ ...reference, domain: registryHost(registry), path: repository });
    return { diagnostics: [diagnostic({ path, message, value: uri, fix: `write "${instead}"`, effect })], instead };
  }
  return { cache: serving, upstream: { ...reference, domain: cacheImageHosts(cache)[0]!, path: upstreamPath } };
}

/**
 * What of an upstream cannot exist, although its name has the right form: ECR asks the upstream for what stands behind
 * the prefix, letter by letter.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html
 */
function findMistake(
  upstreamPath: string,
  cache: PullThroughCache,
): { readonly message: string; readonly path: string; readonly effect: string } | undefined {
  const effect = "ECR answers 403 Forbidden or 404 Not Found: the pull fails";
  const [first = "", ...rest] = upstreamPath.split("/");
  if (rest.length > 0 && cacheImageHosts(cache).includes(first)) {
    const path = rest.length === 1 && first === DOCKER_HUB ? `${OFFICIAL_NAMESPACE}${rest[0]!}` : rest.join("/");
    return { message: `must not repeat the host ${first} after the prefix`, path, effect };
  }
  if (cache.upstream !== "docker-hub") return undefined;
  if (rest.length === 0) {
    const message = `lacks "${OFFICIAL_NAMESPACE}", without which ECR does not find official images of Docker Hub`;
    return { message, path: `${OFFICIAL_NAMESPACE}${first}`, effect: "ECR answers 403 Forbidden: the pull fails" };
  }
  if (rest.length < 2 || `${first}/` !== OFFICIAL_NAMESPACE) return undefined;
  return {
    message: `must have "${OFFICIAL_NAMESPACE}" before official images of Docker Hub only`,
    path: rest.join("/"),
    effect,
  };
}

/** The same repository under another prefix. */
function movePrefix(repository: string, from: string, to: string): string {
  const rest = from === ROOT_PREFIX ? repository : repository.slice(from.length + 1);
  return to === ROOT_PREFIX ? rest : `${to}/${rest}`;
}

function isHost(reference: ImageReference, host: string): boolean {
  return sameDomain(reference.domain, host);
}

/** Whether a domain is one of the host names of a registry. */
export function isRegistryHost(domain: string, registry: Registry): boolean {
  return registryHosts(registry).some((host) => sameDomain(domain, host));
}

function notServed({ name, path }: Question, reference: ImageReference): Diagnostic {
  const { domain } = reference;
  if (!/[.:]/.test(domain) && domain !== domain.toLowerCase()) {
    const meant = { ...reference, domain: DOCKER_HUB, path: `${domain.toLowerCase()}/${reference.path}` };
    const message = `comes from the host ${domain}: Docker takes a first part with capital letters for a host`;
    return diagnostic({ path, message, value: name, fix: `write "${familiarImageReference(meant)}"` });
  }
  const cache = cacheOfImage(reference);
  if (cache === undefined) {
    const titles = UPSTREAM_REGISTRY_NAMES.map((one) => upstreamRegistry(one).title).join(", ");
    const fix = `push a copy into a repository of your own: ECR can cache ${titles} only`;
    return diagnostic({ path, message: `comes from ${domain}, which ECR cannot cache`, value: name, fix });
  }
  const fix = `add the cache { ${writeCache(cache)} }`;
  return diagnostic({ path, message: `comes from ${domain}, which no cache serves`, value: name, fix });
}

function tooLong(value: string, repository: string, path: Path): Diagnostic {
  const message = `would need a repository name of ${repository.length} characters, of which ECR allows ${LONGEST_REPOSITORY}`;
  const fix = "cache its upstream under a shorter prefix";
  return diagnostic({ path, message, value, fix, code: "repository-name-too-long" });
}
