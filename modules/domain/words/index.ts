export * from "./describe-cache";
export * from "./describe-policy";
export * from "./describe-settings";
export * from "./describe-statement";
