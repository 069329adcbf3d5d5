export * from "./check-texts";
export * from "./custom-role";
export * from "./prefix-index";
export * from "./registry-scope";
export * from "./repository-prefix";
export * from "./resource-names";
export * from "./resource-tags";
