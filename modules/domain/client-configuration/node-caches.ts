import { ClientCache } from "./client-cache";

/** Choices for nodes on which containerd asks the cache. */
export interface NodeOptions {
  /**
   * Whether images of `registry.k8s.io` come from the cache, too. containerd pulls the sandbox (pause) image without
   * the kubelet's credentials, and so does `kubeadm`: with `true`, a node that does not have these images cannot start
   * a pod. Set it for nodes that are delivered with the pause image, such as those of EKS.
   *
   * @default false
   */
  readonly kubernetesRegistry?: boolean;
}

/** A cache that a client cannot use. */
export interface UnservedCache {
  /** The upstream's host, with the prefix where the upstream can have several caches: `quay.io`, `quay.io under team`. */
  readonly name: string;
  /** Why its images still come from the upstream. */
  readonly reason: string;
}

/** Where the sandbox image comes from, in all versions of containerd. */
const KUBERNETES_REGISTRIES: readonly string[] = ["registry.k8s.io", "k8s.gcr.io"];
const ECR_PUBLIC: readonly string[] = ["public.ecr.aws", "ecr-public.aws.com"];
/** The hosts of private registries: IPv4 only, dual stack, FIPS, and those of other partitions. */
export const PRIVATE_REGISTRY = /\.dkr[.-]ecr(?:-fips)?\.([^.]+)\./;

/** The caches that nodes can use with the token that the kubelet hands over. */
export function nodeCaches(caches: readonly ClientCache[], options: NodeOptions = {}): ClientCache[] {
  return caches.filter((cache) => whyUnserved(cache, options) === undefined);
}

/** The caches that nodes cannot use, and why. */
export function unservedByNodes(caches: readonly ClientCache[], options: NodeOptions = {}): UnservedCache[] {
  return caches.flatMap((cache) => {
    const reason = whyUnserved(cache, options);
    return reason === undefined ? [] : [{ name: cache.upstreamHost, reason }];
  });
}

/**
 * `ecr-credential-provider` answers for ECR Public and for a private registry with the token of that upstream, which
 * the registry with the cache does not accept.
 *
 * @see https://github.com/kubernetes/cloud-provider-aws/blob/master/cmd/ecr-credential-provider/main.go
 */
function whyUnserved({ upstreamHost }: ClientCache, options: NodeOptions): string | undefined {
  if (ECR_PUBLIC.includes(upstreamHost) || PRIVATE_REGISTRY.test(upstreamHost)) {
    return "the kubelet has a token of this upstream, which the cache does not accept";
  }
  if (KUBERNETES_REGISTRIES.includes(upstreamHost) && options.kubernetesRegistry !== true) {
    return "containerd pulls the pause image without credentials";
  }
  return undefined;
}
