export * from "./buildkit";
export * from "./client-cache";
export * from "./containerd";
export * from "./containers-registries";
export { kubeletCredentials } from "./kubelet-credentials";
export * from "./kyverno";
