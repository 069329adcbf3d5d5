export * from "./lifecycle-policy";
export * from "./recipes";
