export * from "./adoption";
export * from "./created-key";
export * from "./created-roles";
export * from "./registry";
export * from "./registry-scanning";
export * from "./workload";
