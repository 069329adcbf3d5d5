import { AdmissionOptions } from "./admission-options";
import { buildkitMirrors, setupBuildxSteps } from "./buildkit";
import { ClientCache, GeneratedFile } from "./client-cache";
import { containerdHosts, dockerHosts } from "./containerd";
import { containersRegistries } from "./containers-registries";
import { eksUserData, karpenterPatch } from "./eks-user-data";
import { kubeletCredentials } from "./kubelet-credentials";
import { kyvernoPolicies } from "./kyverno";
import { mutatingAdmissionPolicies } from "./mutating-admission-policies";
import { NodeOptions, UnservedCache, unservedByNodes } from "./node-caches";

/** Choices for all kinds of clients; each kind uses those that concern it. */
export interface ClientOptions extends AdmissionOptions, NodeOptions {}

/** One kind of client and the files that it needs. */
export interface ClientKind {
  /** The client. */
  readonly title: string;
  /** The versions and settings that the files need. */
  readonly requires: string;
  /** What the client does if the registry with the cache does not answer. */
  readonly ifCacheFails: string;
  /** The files for the client. */
  readonly generate: (caches: readonly ClientCache[], options?: ClientOptions) => readonly GeneratedFile[];
  /** The caches that the client cannot use, and why. */
  readonly unserved: (caches: readonly ClientCache[], options?: ClientOptions) => readonly UnservedCache[];
}

const PULL_FAILS = "the pull fails";
const BUILD_FALLS_BACK = "BuildKit pulls from the upstream";
const servesAll = () => [];

/** The name of a kind of client. */
export type ClientKindName =
  | "kyverno"
  | "admission-policy"
  | "eks-user-data"
  | "karpenter"
  | "containerd"
  | "kubelet"
  | "containers"
  | "buildkit"
  | "setup-buildx"
  | "docker";

/** The kinds of clients by name, in the order in which to consider them. */
export const CLIENT_KINDS: Readonly<Record<ClientKindName, ClientKind>> = {
  kyverno: {
    title: "Kubernetes with Kyverno",
    requires: "Kyverno 1.17",
    ifCacheFails: PULL_FAILS,
    generate: (caches, options) => [kyvernoPolicies(caches, options)],
    unserved: servesAll,
  },
  "admission-policy": {
    title: "Kubernetes without Kyverno",
    requires: "Kubernetes 1.36",
    ifCacheFails: PULL_FAILS,
    generate: (caches, options) => [mutatingAdmissionPolicies(caches, options)],
    unserved: servesAll,
  },
  "eks-user-data": {
    title: "EKS nodes with Amazon Linux 2023",
    requires: "Kubernetes 1.29, a launch template",
    ifCacheFails: PULL_FAILS,
    generate: (caches, options) => [eksUserData(caches, options)],
    unserved: unservedByNodes,
  },
  karpenter: {
    title: "Karpenter nodes with Amazon Linux 2023",
    requires: "Kubernetes 1.29, EC2NodeClass v1",
    ifCacheFails: PULL_FAILS,
    generate: (caches, options) => [karpenterPatch(caches, options)],
    unserved: unservedByNodes,
  },
  containerd: {
    title: "other nodes with containerd",
    requires: "containerd with a config_path; kubelet",
    ifCacheFails: PULL_FAILS,
    generate: containerdHosts,
    unserved: unservedByNodes,
  },
  kubelet: {
    title: "credentials for containerd",
    requires: "containerd; ecr-credential-provider 1.29",
    ifCacheFails: PULL_FAILS,
    generate: (caches, options) => [kubeletCredentials(caches, options)],
    unserved: unservedByNodes,
  },
  containers: {
    title: "Podman, Buildah, Skopeo, CRI-O",
    requires: "a login or a credential helper",
    ifCacheFails: PULL_FAILS,
    generate: (caches) => [containersRegistries(caches)],
    unserved: servesAll,
  },
  buildkit: {
    title: "BuildKit, docker buildx",
    requires: "the driver docker-container; docker login",
    ifCacheFails: BUILD_FALLS_BACK,
    generate: (caches) => [buildkitMirrors(caches)],
    unserved: servesAll,
  },
  "setup-buildx": {
    title: "GitHub Actions",
    requires: "AWS credentials in the job",
    ifCacheFails: BUILD_FALLS_BACK,
    generate: (caches) => [setupBuildxSteps(caches)],
    unserved: servesAll,
  },
  docker: {
    title: "docker build of Docker Engine",
    requires: "Docker Engine 28.5; docker login",
    ifCacheFails: "the build fails",
    generate: dockerHosts,
    unserved: servesAll,
  },
};
