export * from "./accepted-finding";
export * from "./check-code";
export * from "./finding";
export * from "./problem";
export * from "./remember";
export * from "./unresolved";
export * from "./wildcard";
