export * from "./check-registry";
export * from "./check-upstreams";
export * from "./find-registry";
