/**
 * Writes `environment.schema.json` from the type `Environment`, and `environments.schema.json` from the type of a file
 * of them, and the check of an environment's form. Run by `npm run schema` after a type, or one that it is made of, has changed; a test fails while a file is
 * behind.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import standaloneCode from "ajv/dist/standalone";
import {
  CompletedConfig,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  NodeParser,
  SchemaGenerator,
} from "ts-json-schema-generator";
import { OverridesParser, Schema, withOverrides } from "./overrides-schema";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Each schema: the type, the module that it is in, and where the schema is kept. */
export const SCHEMAS = [
  { type: "Environment", module: "environment.ts", file: join(__dirname, "environment.schema.json") },
  { type: "EnvironmentsFile", module: "environments-file-types.ts", file: join(__dirname, "environments.schema.json") },
  {
    type: "CommandOutput",
    module: join("..", "commands", "output.ts"),
    file: join(__dirname, "..", "help", "output.schema.json"),
  },
] as const;

/** A schema as text. */
export function generateSchema({ type, module }: { readonly type: string; readonly module: string }): string {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: join(__dirname, module),
    tsconfig: join(__dirname, "..", "tsconfig.json"),
    type,
    jsDoc: "extended",
    skipTypeCheck: true,
  };
  const program = createProgram(config);
  const parser = createParser(program, config, (parsers) => {
    parsers.addNodeParser(new OverridesParser(parsers as unknown as NodeParser));
  });
  const generator = new SchemaGenerator(program, parser, createFormatter(config), config);
  const schema = withOverrides(generator.createSchema(type) as unknown as Schema) as Json;
  allowAnchors(schema);
  return `${JSON.stringify(withReadableDefaults(schema), null, 2)}\n`;
}

/** What no type says without allowing any field: at the top of a file are fields for YAML's anchors. */
function allowAnchors(schema: Json): void {
  const { EnvironmentsFile: file } = (schema as { definitions: Record<string, { [key: string]: Json }> }).definitions;
  if (file !== undefined) file.patternProperties = { "^x-": { description: "A place for YAML's anchors." } };
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

/**
 * What only editors read: words, which would be most of the compiled text, and what values look like. That the domain's
 * own checks tell better, and in TypeScript a value may be known to Terraform only.
 */
const FOR_EDITORS = ["default", "description", "maxLength", "minLength", "pattern"];

const REGISTRY = { type: "Registry", module: "../modules/domain/registry/registry.ts" } as const;

/** Where the compiled forms are kept, each with what makes its text. */
export const VALIDATORS: readonly { readonly file: string; readonly generate: () => string }[] = [
  {
    file: join(__dirname, "../modules/domain/form/registry-form-validator.js"),
    generate: () => compile(schemaOf(REGISTRY)),
  },
  {
    file: join(__dirname, "environment-form-validator.js"),
    generate: () => compile(withoutRegistry(schemaOf(SCHEMAS[0]), schemaOf(REGISTRY))),
  },
];

interface WithDefinitions {
  readonly definitions: Record<string, { readonly properties: Record<string, object>; required?: readonly string[] }>;
}

function schemaOf(one: { readonly type: string; readonly module: string }): WithDefinitions {
  return JSON.parse(generateSchema(one), (key, value: unknown) => {
    return FOR_EDITORS.includes(key) && typeof value !== "object" ? undefined : value;
  }) as WithDefinitions;
}

/** The form of an environment without that of its registry, which is checked by itself: only the fields' names are left. */
function withoutRegistry(schema: WithDefinitions, registry: WithDefinitions): WithDefinitions {
  const fields = Object.keys(registry.definitions.Registry!.properties);
  for (const name of ["Environment", "RegionDifferences"]) {
    const definition = schema.definitions[name]!;
    for (const field of fields) if (field in definition.properties) definition.properties[field] = {};
    definition.required = definition.required?.filter((field) => !fields.includes(field));
  }
  return schema;
}

/** A schema, compiled: to compile it at each start would take longer than a synthesis. */
function compile(schema: WithDefinitions): string {
  // A function for each definition, instead of its text wherever it is used, is less to load and runs as fast.
  const options = { allErrors: true, verbose: true, allowUnionTypes: true, inlineRefs: false, code: { source: true } };
  const ajv = new Ajv(options);
  return `// Generated by npm run schema.\n${standaloneCode(ajv, ajv.compile(schema))}\n`;
}

if (require.main === module) {
  for (const schema of SCHEMAS) writeFileSync(schema.file, generateSchema(schema));
  for (const { file, generate } of VALIDATORS) writeFileSync(file, generate());
}
