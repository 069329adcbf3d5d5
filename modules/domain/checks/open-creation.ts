import { describePrincipal } from "../policy";
import { Diagnostic, diagnostic, Path } from "../basics";
import { registryPolicyGrants } from "../registry";
import { RegistryView } from "../plan";
import { ROOT_PREFIX } from "../naming";

/** Finds principals that the registry policy allows to create repositories of any name. */
export function findOpenCreation({ registry }: RegistryView): Diagnostic[] {
  if (registry.registryPolicy === "unmanaged") return [];
  const { pullThrough = [] } = registryPolicyGrants(registry);
  const { statements = [] } = registry.registryPolicy ?? {};
  const downstream = (registry.downstreamAccounts ?? []).map((account) => ({ account }));
  const grants = [
    ...pullThrough.map(({ prefix, principals, repositories }, index) => {
      const path: Path = ["caches", index];
      return {
        path,
        prefixes: [prefix],
        principals: [...principals, ...downstream],
        allows: repositories === undefined,
      };
    }),
    ...statements.map(({ effect = "Allow", actions, prefixes = [], principals }, index) => {
      const path: Path = ["registryPolicy", "statements", index];
      return { path, prefixes, principals, allows: effect === "Allow" && actions.includes("ecr:CreateRepository") };
    }),
  ];
  return grants
    .filter(({ prefixes, principals, allows }) => allows && prefixes.includes(ROOT_PREFIX) && principals.length > 0)
    .map(({ path, principals }) =>
      diagnostic({
        code: "creation-everywhere",
        path,
        constructs: ["policy"],
        message: `lets ${principals.map(describePrincipal).join(", ")} create repositories of any name`,
        effect: "a mistyped pull or push leaves a repository behind, and nothing tells a cached repository from others",
        fix: "give it the prefixes that are meant",
      }),
    );
}
