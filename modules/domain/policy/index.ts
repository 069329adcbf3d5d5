export * from "./conditions";
export * from "./describe-principal";
export * from "./ecr-action";
export * from "./identity-policy";
export type { KmsAction } from "./kms-action";
export * from "./kms-key-policy";
export { escapeForTerraform, renderPolicyDocument } from "./policy-document";
export type { PolicyAction, PolicyDocument, PolicyStatement } from "./policy-document";
export * from "./policy-decision";
export { checkPrincipals } from "./principal";
export type {
  AccountPrincipal,
  ArnPrincipal,
  EveryonePrincipal,
  OrganizationPrincipal,
  Principal,
  PrincipalElement,
  RolePrincipal,
  ServicePrincipal,
  UserPrincipal,
} from "./principal";
export * from "./registry-policy";
export { repositoryArn } from "./repository-arns";
export * from "./repository-policy";
export * from "./role-policies";
export type { RepositoryPolicyStatement } from "./statement";
