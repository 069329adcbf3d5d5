export * from "./allow-list";
export * from "./pull-through-cache";
export * from "./pull-through-cache-secret";
export * from "./upstream-registry";
