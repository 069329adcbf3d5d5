import { TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { RegistryScope } from "./domain/naming/registry-scope";
import { isUnresolved } from "./domain/basics/unresolved";
import { throwErrors } from "./validation-error";

/** Who has what, in each app. */
const OWNERS = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Refuses a second construct, anywhere in the app, for something of which a registry has only one.
 *
 * @param what e.g. "the registry policy"
 * @param registry the registry that it is of; where that is not known, two in one stack are of the same
 * @throws ValidationError if another construct has it
 */
export function refuseSecondOwner(construct: Construct, what: string, registry?: RegistryScope): void {
  const { root, path } = construct.node;
  const owners = OWNERS.get(root) ?? new Map<string, string>();
  OWNERS.set(root, owners);
  const inStack = `${what} of ${TerraformStack.of(construct).node.path}`;
  const known = registry !== undefined && !isUnresolved([registry.accountId, registry.region]);
  const inRegistry = known ? `${what} of ${registry.accountId}/${registry.region}` : `${inStack}, unknown`;
  const other = known ? (owners.get(inRegistry) ?? owners.get(`${inStack}, unknown`)) : owners.get(inStack);
  if (other !== undefined) {
    const problem = `must not be made twice for one registry: ${other} is ${what} already`;
    throwErrors(construct, [
      diagnostic({ path: [], message: problem, fix: "keep one of the two", code: "two-owners" }),
    ]);
  }
  owners.set(inRegistry, path).set(inStack, path);
}
