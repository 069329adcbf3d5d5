export * from "./cache-of-image";
export * from "./explain-pull";
export * from "./image-reference";
export * from "./other-name";
export * from "./resolve-image";
