export * from "./check-same-registry";
export * from "./deploy-actions";
export * from "./deployer-policy";
