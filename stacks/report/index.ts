export * from "./compare-environments";
export * from "./environment-report";
export * from "./overview-report";
