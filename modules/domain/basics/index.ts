export * from "./acknowledgement";
export * from "./diagnostic";
export * from "./diagnostic-code";
export * from "./remember";
export * from "./unresolved";
export * from "./wildcard";
