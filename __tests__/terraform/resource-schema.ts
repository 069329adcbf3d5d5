import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A block as `terraform providers schema -json` describes it, as far as it is looked at here. */
export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly block_types?: Readonly<Record<string, { readonly block: BlockSchema }>>;
}

/** Every resource type of a provider. */
export type ResourceSchemas = Readonly<Record<string, { readonly block: BlockSchema }>>;

/** Arguments of Terraform itself, which stand in every resource. */
const META_ARGUMENTS: readonly string[] = ["//", "depends_on", "provider", "lifecycle", "count", "for_each"];

/** The schema of one resource type in provider 6.19.0, of those that are kept beside this file. */
export function schemaOf619(type: string): BlockSchema {
  const text = readFileSync(join(__dirname, "aws-6.19.0", `${type}.json`), "utf8");
  return (JSON.parse(text) as { block: BlockSchema }).block;
}

/** The names of a block's arguments and blocks that a schema does not know. */
export function unknownNames(schema: BlockSchema, block: object): string[] {
  const { attributes = {}, block_types = {} } = schema;
  return Object.keys(block).filter(
    (name) => !META_ARGUMENTS.includes(name) && !(name in attributes || name in block_types),
  );
}

/** What a schema finds wrong with an argument or a block of a resource: unknown and missing names. */
export function problemsWith(schema: BlockSchema, name: string, value: unknown): string[] {
  const nested = schema.block_types?.[name]?.block;
  if (nested === undefined) return name in (schema.attributes ?? {}) ? [] : [`${name} is unknown`];
  return (Array.isArray(value) ? value : [value]).flatMap((block: object) => {
    const required = Object.entries(nested.attributes ?? {}).filter(([, { required: needed }]) => needed);
    const missing = required
      .filter(([attribute]) => !(attribute in block))
      .map(([attribute]) => `${attribute} is missing`);
    return [...missing, ...unknownNames(nested, block).map((unknown) => `${unknown} is unknown`)];
  });
}
