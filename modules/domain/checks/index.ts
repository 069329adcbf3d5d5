export * from "./check-registry";
export * from "./check-upstreams";
export * from "./registry-errors";
export * from "./registry-warnings";
