export * from "./canonical-lifecycle-policy";
export * from "./check-lifecycle";
export { checkLifecyclePolicy } from "./check-lifecycle-policy";
export * from "./describe-lifecycle-rule";
export * from "./lifecycle-policy";
export * from "./parse-lifecycle-policy";
export * from "./preview-lifecycle";
export * from "./recipes";
export * from "./render-lifecycle-policy";
