export * from "./check-images";
export * from "./found-image";
export * from "./read-images";
export * from "./rewrite-images";
export type { Edit } from "./source-text";
