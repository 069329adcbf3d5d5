import { Path, Diagnostic, diagnostic, Refused } from "../basics";
import { recognizeText } from "./recognize-text";

/**
 * An image name with all its parts written out: `nginx` is `docker.io/library/nginx`.
 *
 * @see https://github.com/distribution/reference
 */
export interface ImageReference {
  /** Host of the registry, with its port if one was written: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly domain: string;
  /** Name of the repository in that registry: `library/nginx`. */
  readonly path: string;
  /**
   * The tag that was written.
   *
   * @default - none was written; `effectiveTag` tells which one is pulled
   */
  readonly tag?: string;
  /**
   * The digest that was written: `sha256:` and 64 hexadecimal digits.
   *
   * @default - none was written
   */
  readonly digest?: string;
}

/** Either what a text names, or everything that is wrong with it. */
export type ParsedImageReference =
  | Refused
  | {
      /** What it names. */
      readonly reference: ImageReference;
    };

/** The domain of Docker Hub in image names; its registry answers at `registry-1.docker.io`. */
export const DOCKER_HUB = "docker.io";
/** The domain that Docker Hub had in image names before; clients still take it for `docker.io`. */
export const LEGACY_DOCKER_HUB = "index.docker.io";
/** Where Docker Hub keeps its official images, which people write without it. */
export const OFFICIAL_NAMESPACE = "library/";

const DEFAULT_TAG = "latest";
const LONGEST_PATH = 255;

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const IDENTIFIER = /^[a-f0-9]{64}$/;

/**
 * Hexadecimal digits by digest algorithm. The grammar of references lets more through, but then a client looks the
 * algorithm up and knows these.
 *
 * @see https://github.com/opencontainers/go-digest/blob/master/algorithm.go
 */
const DIGEST_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

/**
 * Reads an image name as Docker and containerd do, so that what they would pull is what is returned.
 *
 * One thing they let through is refused here: a host with an underscore, as in `my_host.com/app`. The grammar has no
 * such host, takes all of it for a repository and leaves the name without a registry.
 *
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
export function parseImageReference(text: string, path: Path = []): ParsedImageReference {
  const refusal = refuseWhole(text, path);
  if (refusal !== undefined) return { diagnostics: [refusal] };

  const { domain, remainder } = splitDomain(text);
  // Neither repository nor tag can hold '@', nor the repository ':'; ports went with the domain.
  const [name, digest] = cut(remainder, "@");
  const [repository, tag] = cut(name, ":");
  const reference = {
    domain,
    path: repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };

  const problems = checkParts(reference, text, path);
  return problems.length === 0 ? { reference } : { diagnostics: problems };
}

/**
 * The full text of a reference. Parsing it gives back every reference that `parseImageReference` returns; printing
 * what was parsed gives back every text with a host, other than `index.docker.io`, and on Docker Hub a namespace.
 */
export function formatImageReference(reference: ImageReference): string {
  return `${reference.domain}/${reference.path}${suffixOf(reference)}`;
}

/** The shortest text that is parsed to the same reference: `nginx` for `docker.io/library/nginx`. */
export function familiarImageReference(reference: ImageReference): string {
  const full = formatImageReference(reference);
  if (reference.domain !== DOCKER_HUB) return full;
  const withoutDomain = `${reference.path}${suffixOf(reference)}`;
  const withoutNamespace = withoutDomain.startsWith(OFFICIAL_NAMESPACE)
    ? [withoutDomain.slice(OFFICIAL_NAMESPACE.length)]
    : [];
  // `docker.io/a.b/c` has no short form: `a.b/c` is an image of the registry `a.b`.
  const isShortForm = (text: string) => {
    const parsed = parseImageReference(text);
    return "reference" in parsed && formatImageReference(parsed.reference) === full;
  };
  return [...withoutNamespace, withoutDomain].find(isShortForm) ?? full;
}

/** The tag that a pull uses: `latest` if neither tag nor digest was written, none if only a digest was. */
export function effectiveTag(reference: ImageReference): string | undefined {
  return reference.tag ?? (reference.digest === undefined ? DEFAULT_TAG : undefined);
}

/** Whether a text has the form of a repository's name; ECR takes the same as the grammar of references. */
export function isRepositoryPath(text: string): boolean {
  return PATH.test(text);
}

/** Whether two domains are one host; DNS does not tell upper from lower case. */
export function sameDomain(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What makes the text no image name at all, so that looking at its parts would only confuse. */
function refuseWhole(text: string, path: Path): Diagnostic | undefined {
  const fix = 'write e.g. "nginx:1.27"';
  if (text === "") return diagnostic({ path, message: "must name an image", value: text, fix });
  const other = recognizeText(text);
  if (other !== undefined) {
    const suggestion = other.name === undefined ? undefined : suggestName(other.name);
    return diagnostic({ path, message: other.what, value: text, fix: suggestion ?? other.fix ?? fix });
  }
  if (IDENTIFIER.test(text)) {
    const message = "must not be 64 hexadecimal digits, which are taken for the id of an image";
    return diagnostic({
      path,
      message,
      value: text,
      fix: `write the namespace too, e.g. "${OFFICIAL_NAMESPACE}${text}"`,
    });
  }
  return undefined;
}

/** `write "…"` with a name that can be read: the given one, or what it becomes where only its spelling is wrong. */
function suggestName(text: string): string | undefined {
  const names = [text, respell(text)];
  const readable = names.find((name) => recognizeText(name) === undefined && "reference" in parseImageReference(name));
  return readable === undefined ? undefined : `write "${readable}"`;
}

/** A name with host, tag and digest as they were, spelled as the grammar has it. */
function respell(text: string): string {
  const [, named, hex] = /^([^@]*?)[:@](?:sha256:)?([a-f0-9]{64})$/i.exec(text) ?? [];
  const [name, digest] = named === undefined ? cut(text, "@") : [named, `sha256:${hex!.toLowerCase()}`];
  const [first, rest] = cut(name.replace(/\/{2,}/g, "/").replace(/[/:]+$/, ""), "/");
  const host = rest !== undefined && isDomain(first) && /[.:]|^localhost$/.test(first) ? `${first}/` : "";
  const [repository, tag] = cut(host === "" ? [first, ...(rest === undefined ? [] : [rest])].join("/") : rest!, ":");
  const suffix = `${tag === undefined ? "" : `:${tag.replace(/\+/g, "_")}`}${digest === undefined ? "" : `@${digest}`}`;
  return `${host}${repository.toLowerCase()}${suffix}`;
}

function splitDomain(text: string): { domain: string; remainder: string } {
  const [first, rest] = cut(text, "/");
  if (rest === undefined || !isDomain(first)) return onDockerHub(text);
  return first === DOCKER_HUB || first === LEGACY_DOCKER_HUB ? onDockerHub(rest) : { domain: first, remainder: rest };
}

/** Whether the part before the first slash is a host; it is a namespace of Docker Hub otherwise. */
function isDomain(first: string): boolean {
  return first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
}

function onDockerHub(remainder: string): { domain: string; remainder: string } {
  return { domain: DOCKER_HUB, remainder: remainder.includes("/") ? remainder : `${OFFICIAL_NAMESPACE}${remainder}` };
}

/** The text before and after the first `separator`, or all of it and nothing. */
function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Makes a problem of the name that is being read. */
type Complain = (message: string, fix: string) => Diagnostic;

function checkParts({ domain, path: repository, tag, digest }: ImageReference, text: string, path: Path): Diagnostic[] {
  const complain: Complain = (message, fix) => diagnostic({ path, message, value: text, fix });
  const problems = [
    ...checkDomain(domain, complain),
    ...checkRepository(repository, complain),
    ...(tag === undefined ? [] : checkTag(tag, complain)),
    ...(digest === undefined ? [] : checkDigest(digest, complain)),
  ];
  if (problems.length === 0) return problems;
  const respelled = respell(text);
  const suggestion = respelled === text ? undefined : suggestName(respelled);
  return suggestion === undefined ? problems : problems.map((problem) => ({ ...problem, fix: suggestion }));
}

function checkDomain(domain: string, complain: Complain): Diagnostic[] {
  if (DOMAIN.test(domain)) return [];
  const what = `must have a host name or an IP address before the first '/', not "${domain}"`;
  return [complain(what, 'write e.g. "quay.io/…", "localhost:5000/…" or "[::1]:5000/…"')];
}

function checkRepository(repository: string, complain: Complain): Diagnostic[] {
  if (isRepositoryPath(repository)) {
    if (repository.length <= LONGEST_PATH) return [];
    const what = `repository name must not be more than ${LONGEST_PATH} characters, but has ${repository.length}`;
    return [complain(what, "choose a shorter name")];
  }
  if (isRepositoryPath(repository.toLowerCase())) {
    return [complain("repository name must be lowercase", "write it in lower case")];
  }
  return [
    complain(
      "repository name must be lowercase letters and digits, joined by '.', '_', '__' or '-', in parts joined by one '/'",
      'write e.g. "library/nginx"',
    ),
  ];
}

function checkTag(tag: string, complain: Complain): Diagnostic[] {
  if (TAG.test(tag)) return [];
  const what = "must have a tag of 1 to 128 letters, digits, '_', '.' and '-' that starts with neither '.' nor '-'";
  return [complain(what, "write e.g. \":1.27\", or leave out the ':'")];
}

function checkDigest(digest: string, complain: Complain): Diagnostic[] {
  const [algorithm, hex] = cut(digest, ":");
  const length = DIGEST_LENGTHS.get(algorithm);
  if (length === undefined) {
    const known = [...DIGEST_LENGTHS.keys()].join(", ");
    return [complain(`must have a digest of a known algorithm, not "${algorithm}"`, `use one of ${known}`)];
  }
  if (hex !== undefined && hex.length === length && /^[a-f0-9]*$/.test(hex)) return [];
  const what = `must have ${length} lowercase hexadecimal digits after "${algorithm}:"`;
  return [complain(what, "copy the digest again, e.g. from `docker images --digests`")];
}

function suffixOf({ tag, digest }: ImageReference): string {
  return `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
