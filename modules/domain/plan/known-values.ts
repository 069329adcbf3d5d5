import { identityArn, RegistryScope } from "../naming";
import { AnyResource, RegistryPlan, ResourceSettings } from "./planned-resource";
import { fillReferences } from "./reference";

/**
 * A copy of a plan in which each reference is replaced that is known before AWS has the resource: names, and the ARNs
 * of roles. What only AWS knows, such as the ARN of a key, stays a reference.
 *
 * @param otherwise a text for each reference that is not known
 * @default - the reference itself
 */
export function withKnownValues(
  plan: RegistryPlan,
  otherwise: (resource: AnyResource, reference: string) => string = (_, reference) => reference,
): RegistryPlan {
  const byAddress = new Map(plan.resources.map((resource) => [resource.address, resource]));
  const resources = fillReferences(plan.resources, (address, attribute, reference) => {
    const resource = byAddress.get(address)!;
    if (attribute === "name" && resource.name !== undefined) return resource.name;
    if (attribute === "arn" && resource.kind === "aws_iam_role") return plannedRoleArn(plan.scope, resource);
    return otherwise(resource, reference);
  });
  return { ...plan, resources };
}

/** The ARN of a role that is created here, which contains its path. */
export function plannedRoleArn(scope: RegistryScope, { name, settings }: ResourceSettings<"aws_iam_role">): string {
  const { path = "/" } = settings;
  return identityArn(scope, "role", `${path.slice(1)}${name!}`);
}
