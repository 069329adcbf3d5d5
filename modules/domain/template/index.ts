export * from "./image-tag-mutability";
export * from "./repository-encryption";
export * from "./repository-template";
