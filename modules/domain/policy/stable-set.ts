import { isUnresolved } from "../basics";

/**
 * The values once each, in an order that does not depend on the one they were given in. What only Terraform knows
 * comes last and keeps its order: the text of a token counts the tokens before it, so sorting by it would shuffle a
 * policy when something else is added to the stack.
 */
export function stableSet<T extends string>(values: readonly T[]): T[] {
  const unique = [...new Set(values)];
  return [...unique.filter((value) => !isUnresolved(value)).sort(), ...unique.filter(isUnresolved)];
}
