export * from "./buildkit";
export * from "./client-cache";
export * from "./client-caches";
export * from "./containerd";
export * from "./containers-registries";
export * from "./kubelet-credentials";
export * from "./kyverno";
