export * from "./child-module";
export * from "./root-module";
export * from "./stack-configuration";
