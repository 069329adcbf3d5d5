/**
 * The upstream registries that ECR can cache, by the names that the ECR API gives them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
 */
export type UpstreamRegistryName = keyof typeof CATALOGUE;

/** What ECR knows about one upstream registry. */
export interface UpstreamRegistry {
  /** The name people use, e.g. `Docker Hub`. */
  readonly title: string;
  /**
   * The host that the rule names. Text in angle brackets stands for what the user supplies.
   * Without scheme, port, path or trailing slash: ECR refuses anything else.
   */
  readonly url: string;
  /** Whether ECR refuses a rule without a credential, or has no use for one: between ECR registries a role serves. */
  readonly credential: "required" | "unused";
  /** The prefix that AWS's own examples use; our default. */
  readonly suggestedPrefix: string;
  /** The hosts by which people name images of this registry, first the usual one. */
  readonly imageHosts: readonly string[];
  /** An image of this registry as it is named upstream, without its host: what an example pull appends to the prefix. */
  readonly exampleImage: string;
}

const CATALOGUE = {
  "docker-hub": {
    title: "Docker Hub",
    url: "registry-1.docker.io",
    credential: "required",
    suggestedPrefix: "docker-hub",
    imageHosts: ["docker.io", "index.docker.io", "registry-1.docker.io"],
    exampleImage: "library/nginx:1.27",
  },
  quay: {
    title: "Quay",
    url: "quay.io",
    credential: "unused",
    suggestedPrefix: "quay",
    imageHosts: ["quay.io"],
    exampleImage: "prometheus/node-exporter:v1.8.2",
  },
  "ecr-public": {
    title: "Amazon ECR Public",
    url: "public.ecr.aws",
    credential: "unused",
    suggestedPrefix: "ecr-public",
    imageHosts: ["public.ecr.aws"],
    exampleImage: "docker/library/alpine:3.20",
  },
  k8s: {
    title: "Kubernetes",
    url: "registry.k8s.io",
    credential: "unused",
    suggestedPrefix: "kubernetes",
    imageHosts: ["registry.k8s.io"],
    exampleImage: "pause:3.10",
  },
  "github-container-registry": {
    title: "GitHub Container Registry",
    url: "ghcr.io",
    credential: "required",
    suggestedPrefix: "github",
    imageHosts: ["ghcr.io"],
    exampleImage: "fluxcd/source-controller:v1.4.1",
  },
  "gitlab-container-registry": {
    title: "GitLab Container Registry",
    url: "registry.gitlab.com",
    credential: "required",
    suggestedPrefix: "gitlab",
    imageHosts: ["registry.gitlab.com"],
    exampleImage: "gitlab-org/gitlab-runner:alpine",
  },
  chainguard: {
    title: "Chainguard",
    url: "cgr.dev",
    credential: "required",
    suggestedPrefix: "chainguard",
    imageHosts: ["cgr.dev"],
    exampleImage: "chainguard/static:latest",
  },
  "azure-container-registry": {
    title: "Azure Container Registry",
    url: "<registryName>.azurecr.io",
    credential: "required",
    suggestedPrefix: "azure",
    imageHosts: ["<registryName>.azurecr.io"],
    exampleImage: "team/app:1.0",
  },
  ecr: {
    title: "Amazon ECR",
    url: "<accountId>.dkr.ecr.<region>.amazonaws.com",
    credential: "unused",
    suggestedPrefix: "ecr",
    imageHosts: ["<accountId>.dkr.ecr.<region>.amazonaws.com"],
    exampleImage: "team/app:1.0",
  },
} as const satisfies Record<string, UpstreamRegistry>;

/**
 * The catalogue. Docker Hub's official images live under `library/`, which ECR does not add by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
export const UPSTREAM_REGISTRIES: Readonly<Record<UpstreamRegistryName, UpstreamRegistry>> = CATALOGUE;

/** Every upstream registry by name, in the order in which messages list them. */
export const UPSTREAM_REGISTRY_NAMES = Object.keys(UPSTREAM_REGISTRIES) as UpstreamRegistryName[];

/** The catalogue's entry for a name. */
export function upstreamRegistry(name: UpstreamRegistryName): UpstreamRegistry {
  return UPSTREAM_REGISTRIES[name];
}

/** Whether a text names an upstream of the catalogue. */
export function isUpstreamRegistryName(name: string): name is UpstreamRegistryName {
  return Object.hasOwn(UPSTREAM_REGISTRIES, name);
}
