import { TerraformElement } from "cdktf";
import { bodiesOf, isObject, JsonObject, JsonValue } from "./terraform-json";

/** The arguments of a body that the provider's binding knows: with the arguments of the blocks among them. */
export interface BlockTypes {
  readonly [name: string]: BlockTypes | "attribute";
}

/** The arguments of everything of one kind, by type: `{ aws_kms_key: … }`. */
export type BlockTypesByType = Readonly<Record<string, BlockTypes>>;

/** The arguments of what a stack holds, by kind: `resource`, `data`, `provider`. */
export type StackBlockTypes = Readonly<Record<string, BlockTypesByType>>;

/**
 * Which arguments are blocks and which are attributes: JSON writes both the same way, and the native syntax does not. The
 * provider's bindings know it, for every resource that there is.
 */
export function blockTypesOf(elements: readonly TerraformElement[]): StackBlockTypes {
  const kinds: Record<string, Record<string, BlockTypes>> = {};
  for (const element of elements) {
    const fragment = element.toHclTerraform() as JsonObject;
    for (const [kind, type, body] of bodiesOfFragment(fragment)) {
      const types = (kinds[kind] ??= {});
      types[type] = merge(types[type] ?? {}, readBlockTypes(body));
    }
  }
  return kinds;
}

function* bodiesOfFragment(fragment: JsonObject): Generator<[kind: string, type: string, body: JsonObject]> {
  for (const kind of ["resource", "data"]) {
    for (const [type, byName] of Object.entries((fragment[kind] ?? {}) as JsonObject)) {
      for (const body of Object.values((byName ?? {}) as JsonObject)) if (isObject(body)) yield [kind, type, body];
    }
  }
  for (const [name, bodies] of Object.entries((fragment.provider ?? {}) as JsonObject)) {
    for (const body of bodiesOf(bodies)) yield ["provider", name, body];
  }
}

/** Reads what a binding says of each argument: `{ value, isBlock, type, storageClassType }`. */
function readBlockTypes(body: JsonObject): BlockTypes {
  const described = Object.entries(body).filter((entry): entry is [string, JsonObject] => isDescription(entry[1]));
  const types = described.map(([name, { isBlock, value }]): [string, BlockTypes[string]] => {
    if (!isBlock) return [name, "attribute"];
    return [name, bodiesOf(value).map(readBlockTypes).reduce(merge, {})];
  });
  return Object.fromEntries(types);
}

function isDescription(value: JsonValue | undefined): boolean {
  return isObject(value) && "isBlock" in value && "value" in value;
}

function merge(one: BlockTypes, other: BlockTypes): BlockTypes {
  const both = Object.entries(other).map(([name, types]) => {
    const known = one[name];
    return [name, typeof known === "object" && typeof types === "object" ? merge(known, types) : types];
  });
  return { ...one, ...(Object.fromEntries(both) as BlockTypes) };
}
