export * from "./check-registry";
export * from "./find-registry";
