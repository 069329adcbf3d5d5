export * from "./check-environments";
export * from "./environment";
export * from "./environment-error";
export * from "./environment-regions";
export * from "./environments-file";
export * from "./environment-stack";
export * from "./hub-and-spokes";
export * from "./synthesize";
