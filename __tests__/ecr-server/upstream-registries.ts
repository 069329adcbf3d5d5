/** What ECR knows about the registry that a rule names. */
export interface KnownUpstream {
  /** The value of `upstreamRegistry`. */
  readonly registry: string;
  readonly needsCredential: boolean;
  /** Another private ECR registry's account. */
  readonly accountId?: string;
  readonly region?: string;
}

/** The values of `upstreamRegistry`. */
export const UPSTREAM_REGISTRIES = [
  "ecr",
  "ecr-public",
  "quay",
  "k8s",
  "docker-hub",
  "github-container-registry",
  "azure-container-registry",
  "gitlab-container-registry",
  "chainguard",
];

const BY_HOST: Readonly<Record<string, KnownUpstream>> = {
  "public.ecr.aws": { registry: "ecr-public", needsCredential: false },
  "registry.k8s.io": { registry: "k8s", needsCredential: false },
  "quay.io": { registry: "quay", needsCredential: false },
  "registry-1.docker.io": { registry: "docker-hub", needsCredential: true },
  "ghcr.io": { registry: "github-container-registry", needsCredential: true },
  "registry.gitlab.com": { registry: "gitlab-container-registry", needsCredential: true },
  "cgr.dev": { registry: "chainguard", needsCredential: true },
};

const AZURE_HOST = /^[a-z0-9]{5,50}\.azurecr\.io$/;
const ECR_HOST = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.(?:com|com\.cn|eu)$/;

/** The upstream that a rule's URL stands for, if ECR knows it. */
export function knownUpstream(url: string): KnownUpstream | undefined {
  if (AZURE_HOST.test(url)) return { registry: "azure-container-registry", needsCredential: true };
  const [, accountId, region] = ECR_HOST.exec(url) ?? [];
  if (accountId !== undefined) return { registry: "ecr", needsCredential: false, accountId, region };
  return Object.hasOwn(BY_HOST, url) ? BY_HOST[url] : undefined;
}
