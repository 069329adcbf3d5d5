import { ClientCache, GeneratedFile } from "./client-cache";
import { nodeCaches, NodeOptions, PRIVATE_REGISTRY } from "./node-caches";

/**
 * The images for which `nodeadm` has the kubelet of an EKS node ask the provider. A file that replaces nodeadm's must
 * list them all.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/image-credential-provider.go
 */
const NODEADM_IMAGES: readonly string[] = [
  "*.dkr.ecr.*.amazonaws.com",
  "*.dkr-ecr.*.on.aws",
  "*.dkr.ecr.*.amazonaws.com.cn",
  "*.dkr-ecr.*.on.amazonwebservices.com.cn",
  "*.dkr.ecr-fips.*.amazonaws.com",
  "*.dkr-ecr-fips.*.on.aws",
  "*.dkr.ecr.*.c2s.ic.gov",
  "*.dkr.ecr.*.sc2s.sgov.gov",
  "*.dkr.ecr.*.cloud.adc-e.uk",
  "*.dkr.ecr.*.csp.hci.ic.gov",
  "*.dkr.ecr.*.amazonaws.eu",
  "public.ecr.aws",
  "ecr-public.aws.com",
];

/**
 * The kubelet's `CredentialProviderConfig` with which `ecr-credential-provider` is asked about the upstreams, too. It
 * then hands out a token of the node's registry for `docker.io/…`, which containerd shows to the host in `hosts.toml`.
 * Needs version 1.29 of the provider; earlier ones answer for hosts of ECR only.
 *
 * The file is complete: it takes the place of the one that a node has.
 *
 * A node must not have this file without those of `containerdHosts`: it would offer its token to the upstreams.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 * @see https://github.com/kubernetes/cloud-provider-aws/pull/673
 * @see https://github.com/kubernetes/kops/pull/16593
 */
export function kubeletCredentials(caches: readonly ClientCache[], options: NodeOptions = {}): GeneratedFile {
  const upstreams = nodeCaches(caches, options).map((cache) => cache.upstreamHost);
  const region = caches.map((cache) => PRIVATE_REGISTRY.exec(cache.registryHost)?.[1]).find(Boolean);
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1",
    kind: "CredentialProviderConfig",
    providers: [
      {
        name: "ecr-credential-provider",
        matchImages: [...NODEADM_IMAGES, ...upstreams],
        defaultCacheDuration: "12h",
        apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        // For a host that names no region the provider takes the default one, and nodeadm gives the kubelet none.
        ...(region === undefined ? {} : { env: [{ name: "AWS_REGION", value: region }] }),
      },
    ],
  };
  return { path: "credential-provider-config.json", content: `${JSON.stringify(config, null, 2)}\n` };
}
