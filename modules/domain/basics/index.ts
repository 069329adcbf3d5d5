export * from "./acknowledgement";
export * from "./diagnostic";
export * from "./diagnostic-code";
export * from "./merge";
export * from "./remember";
export * from "./unresolved";
export * from "./wildcard";
