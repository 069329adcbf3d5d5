export * from "./acknowledgement";
export * from "./diagnostic";
export * from "./diagnostic-code";
export * from "./json-error";
export * from "./remember";
export * from "./unresolved";
export * from "./wildcard";
