export * from "./explain-pull";
export * from "./image-reference";
export * from "./resolve-image";
