export * from "./adoption";
export * from "./cache-fillers";
export * from "./pull-permissions";
export * from "./registry";
export * from "./registry-scanning";
export * from "./registry-view";
export * from "./workload";
