export * from "./check-registry";
export * from "./registry-errors";
export * from "./registry-warnings";
