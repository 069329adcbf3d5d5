import { Diagnostic, diagnostic } from "../basics";
import { describePrincipal, Principal, PULL_ACTIONS } from "../policy";
import { listedAddress, pullersOf, pullPermissions, RegistryView } from "../plan";

/** Finds pullers that the policies allow only a part of a first pull. */
export function findPullPermissions(view: RegistryView): Diagnostic[] {
  return view.repositories.flatMap(({ cache, template }) => {
    return pullersOf(view.registry, { cache, template }).flatMap(({ principal, path }): Diagnostic[] => {
      const { missing, denied } = pullPermissions(view, { cache, template }, principal);
      if (missing.length === 0) return [];
      const isOwn = isOfAccount(principal, view.registry.accountId);
      return [
        diagnostic({
          code: "puller-lacks-permission",
          path,
          constructs: [listedAddress("caches", cache.id), listedAddress("templates", template.id)],
          message: `lets ${describePrincipal(principal)} pull, but not do ${missing.join(", ")}`,
          effect:
            denied.length > 0
              ? "the policies deny it, and a pull fails whatever the principal's own policies allow"
              : `the first pull of an image fails${isOwn ? " unless the principal's own IAM policies allow the rest" : ""}`,
          fix: missing.some((action) => PULL_ACTIONS.includes(action))
            ? "list it among the registry's pullers and, where access says pull, there too"
            : "list it among the registry's pullers",
        }),
      ];
    });
  });
}

function isOfAccount(principal: Principal, accountId: string): boolean {
  if ("arn" in principal) return principal.arn.includes(`::${accountId}:`);
  if ("role" in principal || "user" in principal || "permissionSet" in principal || "roleLike" in principal) {
    return (principal.account ?? accountId) === accountId;
  }
  return "account" in principal && principal.account === accountId;
}
