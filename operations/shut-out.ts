import { policyDecision, Registry, repositoryPolicy, resolveRegistry } from "../modules/domain";

/**
 * The prefixes of templates whose repositories let in their pullers only, and not a role: ECR refuses to import anything
 * for it there, whatever its own policies say.
 *
 * @param roleArn without it, the prefixes of all templates that let in their pullers only
 * @param registry a description in which `checkRegistry` finds no error
 */
export function shutOut(registry: Registry, roleArn: string | undefined): string[] {
  const exclusive = resolveRegistry(registry).templates.filter(({ access }) => access.denyOthers === true);
  const denied = exclusive.filter(({ access }) => {
    if (roleArn === undefined) return true;
    const request = { principal: { arn: roleArn }, action: "ecr:BatchImportUpstreamImage" };
    return policyDecision(registry, repositoryPolicy(registry, access), request) === "denied";
  });
  return denied.map(({ prefix }) => prefix);
}
