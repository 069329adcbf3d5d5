import type { Address, Kind, Kinds, PlannedResource } from "./planned-resource";

declare const TO: unique symbol;

/**
 * An attribute of another planned resource, which only AWS or Terraform knows. It is text, `${plan/key#arn}`, that
 * `isUnresolved` recognises, so checks and policy builders treat it like any token.
 */
export type Reference<K extends Kind, Attribute extends Kinds[K]["attribute"] = Kinds[K]["attribute"]> = string & {
  /** What it refers to. No value has this: it tells references apart when they are compiled. */
  readonly [TO]?: readonly [K, Attribute];
};

const REFERENCE = /\$\{plan\/([\w./+-]{1,600})#(\w{1,40})\}/g;

/** A reference to an attribute of a planned resource. */
export function refer<K extends Kind, Attribute extends Kinds[K]["attribute"]>(
  { address }: Pick<PlannedResource<K>, "address" | "kind">,
  attribute: Attribute,
): Reference<K, Attribute> {
  return `\${plan/${address}#${attribute}}`;
}

/** A copy in which every reference is replaced, at any depth, also inside longer texts. */
export function fillReferences<T>(value: T, by: (address: Address, attribute: string, reference: string) => string): T {
  if (typeof value === "string") {
    if (!value.includes("${plan/")) return value;
    return value.replace(REFERENCE, (all, address: string, attribute: string) => by(address, attribute, all)) as T;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => fillReferences(one, by)) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillReferences(inner, by)])) as T;
}

/** The addresses that a value refers to, each once. */
export function referencesIn(value: unknown): Address[] {
  const found = new Set<Address>();
  fillReferences(value, (address, _, reference) => {
    found.add(address);
    return reference;
  });
  return [...found];
}
