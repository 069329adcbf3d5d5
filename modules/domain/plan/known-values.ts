import { identityArn } from "../naming";
import { AnyResource, RegistryPlan } from "./planned-resource";
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
    if (attribute === "arn" && resource.kind === "aws_iam_role") return identityArn(plan.scope, "role", resource.name!);
    return otherwise(resource, reference);
  });
  return { ...plan, resources };
}
