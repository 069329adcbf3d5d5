export * from "./check-description";
export * from "./check-form";
export * from "./form-problem";
export * from "./registry-form";
