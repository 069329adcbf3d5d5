export type { AcceptedFinding } from "./accepted-finding";
export * from "./find-registry";
export * from "./finding";
