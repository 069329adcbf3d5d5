/** A value in Terraform's JSON syntax. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A body, a map or an object in Terraform's JSON syntax; an argument that is `undefined` is not set. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/**
 * A configuration in Terraform's JSON syntax, as a stack's `toTerraform()` returns it.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export type TerraformJson = JsonObject;

/** Whether a value is a body, a map or an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The bodies of a block: JSON writes one as an object, and several as a list. */
export function bodiesOf(value: JsonValue | undefined): JsonObject[] {
  return (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).filter(isObject);
}

/** The name under which JSON keeps comments, and CDKTF its metadata. */
const COMMENT = "//";

/** The entries of an object that are set, without comments. */
export function entriesOf(object: JsonObject): [name: string, value: JsonValue][] {
  return Object.entries(object).filter(
    (entry): entry is [string, JsonValue] => entry[0] !== COMMENT && entry[1] !== undefined,
  );
}
