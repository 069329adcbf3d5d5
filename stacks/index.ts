export * from "./check-environments";
export * from "./environment";
export * from "./environment-stack";
export * from "./synthesize";
