export * from "./adoption";
export * from "./registry";
export * from "./registry-scanning";
export * from "./workload";
