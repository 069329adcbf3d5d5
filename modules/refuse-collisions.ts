import { TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { isUnresolved } from "./domain/basics";
import { RegistryScope } from "./domain/naming";
import { AnyResource, checkCollisions, OtherPlan } from "./domain/plan";
import { throwErrors } from "./validation-error";

/** The resources of constructs, by the registry that they are in and by the stack. */
const PLANS = new WeakMap<IConstruct, Map<string, Owner[]>>();

interface Owner extends OtherPlan {
  readonly inKnownRegistry: boolean;
}

/**
 * Refuses a construct whose resources collide with those of another construct of the app in the same registry.
 *
 * @param plan what the construct creates; a registry that is not known counts as that of the stack's other constructs
 * @throws ValidationError if another construct has one of the resources
 */
export function refuseCollisions(
  construct: Construct,
  plan: { readonly scope: RegistryScope | undefined; readonly resources: readonly AnyResource[] },
): void {
  const { root, path } = construct.node;
  const all = PLANS.get(root) ?? new Map<string, Owner[]>();
  PLANS.set(root, all);
  const { scope = { accountId: "", region: "" }, resources } = plan;
  const isKnown = plan.scope !== undefined && !isUnresolved([scope.accountId, scope.region]);
  const inStack = TerraformStack.of(construct).node.path;
  const inRegistry = `${scope.accountId}/${scope.region}`;
  const neighbours = (all.get(inStack) ?? []).filter(({ inKnownRegistry }) => !isKnown || !inKnownRegistry);
  const others = isKnown ? [...(all.get(inRegistry) ?? []), ...neighbours] : neighbours;
  const own: Owner = { name: path, plan: { scope, resources }, inKnownRegistry: isKnown };
  throwErrors(construct, checkCollisions(own.plan, others));
  for (const key of isKnown ? [inStack, inRegistry] : [inStack]) all.set(key, [...(all.get(key) ?? []), own]);
}
