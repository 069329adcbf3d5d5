/** A name of an image that is not the one by which its registry knows it. */
export interface OtherName {
  /** The image by its registry's own name: `ghcr.io/linuxserver/sonarr:latest`. */
  readonly name: string;
  /** What it is, as a sentence without its full stop: `lscr.io is another name of ghcr.io`. */
  readonly what: string;
}

/** What images are called elsewhere, and what their registry calls them. The rest of the name stays as it is. */
interface Alias {
  readonly from: string;
  readonly to: string;
  readonly relation: "the old name of" | "a mirror of" | "another name of" | "a web address of";
}

/**
 * Host names and addresses that serve or show the same images as a registry that ECR can cache. Longer ones come before
 * those that they begin with.
 *
 * @see https://kubernetes.io/blog/2023/03/10/image-registry-redirect/
 * @see https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images
 */
const ALIASES: readonly Alias[] = [
  { from: "k8s.gcr.io/", to: "registry.k8s.io/", relation: "the old name of" },
  ...["us", "eu", "asia"].map((continent): Alias => {
    return { from: `${continent}.gcr.io/k8s-artifacts-prod/`, to: "registry.k8s.io/", relation: "the old name of" };
  }),
  { from: "gcr.io/google-containers/", to: "registry.k8s.io/", relation: "the old name of" },
  { from: "gcr.io/google_containers/", to: "registry.k8s.io/", relation: "the old name of" },
  { from: "mirror.gcr.io/", to: "docker.io/", relation: "a mirror of" },
  { from: "registry.hub.docker.com/", to: "docker.io/", relation: "another name of" },
  { from: "docker.n8n.io/", to: "docker.io/", relation: "another name of" },
  { from: "lscr.io/", to: "ghcr.io/", relation: "another name of" },
  { from: "cr.l5d.io/", to: "ghcr.io/", relation: "another name of" },
  { from: "ecr-public.aws.com/", to: "public.ecr.aws/", relation: "another name of" },
  { from: "hub.docker.com/r/", to: "docker.io/", relation: "a web address of" },
  { from: "hub.docker.com/_/", to: "docker.io/library/", relation: "a web address of" },
  { from: "hub.docker.com/repository/docker/", to: "docker.io/", relation: "a web address of" },
  { from: "quay.io/repository/", to: "quay.io/", relation: "a web address of" },
  { from: "gallery.ecr.aws/", to: "public.ecr.aws/", relation: "a web address of" },
];

/** A package on GitHub, with or without the repository that it is linked to. */
const GITHUB_PACKAGE =
  /^github\.com\/(?:orgs\/)?([^/]+)(?:\/[^/]+)?\/(?:pkgs|packages)\/container\/(?:package\/)?(.+)$/;
/** What Docker Hub and Quay put after the name of a repository. */
const PAGE_OF_REPOSITORY = /\/(?:tags|builds|general)?(?=$|[:@?#])|[?#].*$/g;

/** The registry's own name of an image that is called by another; `undefined` for every other text. */
export function otherName(text: string): OtherName | undefined {
  // Docker takes a port for a part of the host's name; 443 is what clients use without one.
  const at = text.indexOf("/");
  const host = (at < 0 ? text : text.slice(0, at)).toLowerCase().replace(/:443$/, "");
  const plain = at < 0 ? text : `${host}${text.slice(at)}`;
  const [, owner, image] = GITHUB_PACKAGE.exec(plain) ?? [];
  if (owner !== undefined) {
    const name = `ghcr.io/${owner}/${image!.replace(/%2f/gi, "/")}`.toLowerCase();
    return { name, what: "github.com shows a package of ghcr.io" };
  }
  const alias = ALIASES.find(({ from }) => plain.startsWith(from) && plain.length > from.length);
  // An organization of Quay may be called "repository": its repositories have one part more.
  if (alias?.to === "quay.io/" && !plain.slice(alias.from.length).includes("/")) return undefined;
  if (alias === undefined) return undefined;
  const rest = plain.slice(alias.from.length);
  const isPage = alias.relation === "a web address of";
  const [named] = alias.from.split("/");
  const [registry] = alias.to.split("/");
  const what = isPage
    ? `${alias.from.slice(0, -1)} is a web address, and the image is one of ${registry!}`
    : `${isHost(alias.from) ? named! : alias.from.slice(0, -1)} is ${alias.relation} ${registry!}`;
  return { name: `${alias.to}${isPage ? rest.replace(PAGE_OF_REPOSITORY, "") : rest}`, what };
}

/** The other host names of a registry under which clients find its images, by its usual one. */
export function otherHosts(host: string): string[] {
  return ALIASES.filter(({ from, to, relation }) => {
    return to === `${host}/` && isHost(from) && relation !== "a web address of";
  }).map(({ from }) => from.slice(0, -1));
}

function isHost(prefix: string): boolean {
  return prefix.indexOf("/") === prefix.length - 1;
}
