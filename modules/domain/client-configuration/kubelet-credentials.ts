import { ClientCache, GeneratedFile } from "./client-cache";

/** The hosts of private registries: IPv4 only, dual stack, FIPS, and those of the European Sovereign Cloud. */
const PRIVATE_REGISTRIES: readonly string[] = [
  "*.dkr.ecr.*.amazonaws.com",
  "*.dkr-ecr.*.on.aws",
  "*.dkr.ecr-fips.*.amazonaws.com",
  "*.dkr.ecr.*.amazonaws.eu",
];
const PUBLIC_REGISTRIES: readonly string[] = ["public.ecr.aws", "ecr-public.aws.com"];
const PRIVATE_REGISTRY = /\.dkr[.-]ecr(?:-fips)?\.([^.]+)\./;

/**
 * The kubelet's `CredentialProviderConfig` with which `ecr-credential-provider` is asked about the upstreams too. It
 * then hands out a token of the node's registry for `docker.io/…`, which containerd shows to the host in `hosts.toml`.
 * Needs version 1.29 of the provider; earlier ones answer for hosts of ECR only.
 *
 * A node must not have this file without those of `containerdHosts`: it would offer its token to the upstreams.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 * @see https://github.com/kubernetes/cloud-provider-aws/pull/673
 * @see https://github.com/kubernetes/kops/pull/16593
 */
export function kubeletCredentials(caches: readonly ClientCache[]): GeneratedFile {
  const upstreams = caches.map((cache) => cache.upstreamHost).filter((host) => !usesOwnAwsToken(host));
  const region = caches.map((cache) => PRIVATE_REGISTRY.exec(cache.registryHost)?.[1]).find(Boolean);
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1",
    kind: "CredentialProviderConfig",
    providers: [
      {
        name: "ecr-credential-provider",
        matchImages: [...PRIVATE_REGISTRIES, ...upstreams],
        defaultCacheDuration: "12h",
        apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        // For a host that names no region the provider takes the default one, which is the node's otherwise.
        ...(region === undefined ? {} : { env: [{ name: "AWS_REGION", value: region }] }),
      },
    ],
  };
  return { path: "config.json", content: `${JSON.stringify(config, null, 2)}\n` };
}

/**
 * Whether the provider answers for an upstream with the upstream's own token: one of ECR Public, or one of the region
 * in the host. Either is no good for the registry with the cache.
 *
 * @see https://github.com/kubernetes/cloud-provider-aws/blob/master/cmd/ecr-credential-provider/main.go
 */
export function usesOwnAwsToken(upstreamHost: string): boolean {
  return PUBLIC_REGISTRIES.includes(upstreamHost) || PRIVATE_REGISTRY.test(upstreamHost);
}
