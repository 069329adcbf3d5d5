import { Principal } from "./principal";

/** Somebody in words: `the role deployer of account 111122223333`. */
export function describePrincipal(principal: Principal): string {
  if ("role" in principal) return `the role ${principal.role}${ofAccount(principal.account)}`;
  if ("user" in principal) return `the user ${principal.user}${ofAccount(principal.account)}`;
  if ("permissionSet" in principal) {
    return `the permission set ${principal.permissionSet}${ofAccount(principal.account)}`;
  }
  if ("roleLike" in principal) return `roles named ${principal.roleLike}${ofAccount(principal.account)}`;
  if ("organizationalUnit" in principal) return `the organizational unit ${principal.organizationalUnit}`;
  if ("arn" in principal) return principal.arn;
  if ("account" in principal) return `the account ${principal.account}`;
  if ("organization" in principal) return `the organization ${principal.organization}`;
  return "service" in principal ? `the service ${principal.service}` : "everyone";
}

function ofAccount(account: string | undefined): string {
  return account === undefined ? "" : ` of account ${account}`;
}
