/**
 * Writes `environment.schema.json` from the type `Environment`, and `environments.schema.json` from the type of a file
 * of them. Run by `npm run schema` after a type, or one that it is made of, has changed; a test fails while a file is
 * behind.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Each schema: the type, the module that it is in, and where the schema is kept. */
export const SCHEMAS = [
  { type: "Environment", module: "environment.ts", file: join(__dirname, "environment.schema.json") },
  { type: "EnvironmentsFile", module: "environments-file.ts", file: join(__dirname, "environments.schema.json") },
] as const;

/** A schema as text. */
export function generateSchema({ type, module }: (typeof SCHEMAS)[number]): string {
  const generator = createGenerator({
    path: join(__dirname, module),
    tsconfig: join(__dirname, "..", "tsconfig.json"),
    type,
    topRef: true,
    jsDoc: "extended",
    skipTypeCheck: true,
  });
  const schema = generator.createSchema(type) as unknown as Json;
  return `${JSON.stringify(withReadableDefaults(schema), null, 2)}\n`;
}

/** A `@default` that starts with a dash says in words what happens: that is a part of the description, not a value. */
function withReadableDefaults(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withReadableDefaults);
  if (typeof schema !== "object" || schema === null) return schema;
  const { default: value, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, child]) => [key, withReadableDefaults(child)]),
  );
  if (value === undefined) return rest;
  if (typeof value !== "string" || !value.startsWith("- ")) return { ...rest, default: value };
  const description = typeof rest.description === "string" ? `${rest.description}\n\n` : "";
  return { ...rest, description: `${description}Default: ${value.slice(2)}.` };
}

if (require.main === module) for (const schema of SCHEMAS) writeFileSync(schema.file, generateSchema(schema));
