import { AnnotatedType, BaseType, Context, NodeParser, SubNodeParser } from "ts-json-schema-generator";
import ts from "typescript";

/** A JSON Schema, or a part of one. */
export type Schema = Record<string, unknown>;

/** Marks a part of a schema that may be laid over inherited settings. */
const MARK = "overrides";
/** Types whose fields are laid over inherited settings; what they require by themselves stays required. */
const OVERRIDING = ["FileEnvironment", "RegionDifferences", "RepositoryTemplate", "SharedSettings"];

/**
 * Reads the type `Overrides<T>` as `T` with a mark. The generator would give each part of the mapped type a definition
 * of its own, with a name that changes with every file, and without the descriptions.
 */
export class OverridesParser implements SubNodeParser {
  constructor(private readonly parser: NodeParser) {}

  public supportsNode(node: ts.Node): boolean {
    if (ts.isTypeReferenceNode(node)) return node.typeName.getText() === "Overrides";
    return ts.isExpressionWithTypeArguments(node) && node.expression.getText() === "Overrides";
  }

  public createType(node: ts.TypeReferenceNode | ts.ExpressionWithTypeArguments, context: Context): BaseType {
    const type = this.parser.createType(node.typeArguments![0]!, context);
    return ts.isTypeReferenceNode(node) ? new AnnotatedType(type, { [MARK]: true }, false) : type;
  }
}

/** A schema in which everything that may be laid over inherited settings can be given in part, and lists as additions. */
export function withOverrides(schema: Schema): Schema {
  const definitions = schema.definitions as Record<string, Schema>;
  const added = new Map<string, Schema>();

  const partial = (node: Schema): Schema => {
    if (typeof node.$ref === "string") return { ...node, $ref: partialDefinition(node.$ref) };
    if (node.type === "array") return withAddition(node);
    const { required: _, properties, additionalProperties, ...rest } = node;
    return {
      ...rest,
      ...(properties !== undefined && { properties: mapValues(properties as Record<string, Schema>, partial) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === "object" ? partial(additionalProperties as Schema) : false,
      }),
      ...Object.fromEntries(
        ["anyOf", "allOf"].filter((key) => key in node).map((key) => [key, (node[key] as Schema[]).map(partial)]),
      ),
      // Without the field that chooses a branch, none is chosen.
      ...("if" in node && {
        if: { ...(node.if as Schema), required: Object.keys((node.if as Schema).properties as object) },
      }),
      ...("then" in node && { then: partial(node.then as Schema) }),
    };
  };
  const partialDefinition = (ref: string): string => {
    const name = decodeURIComponent(ref.slice("#/definitions/".length));
    if (added.has(name)) return ref;
    const target = `${name}Overrides`;
    if (!added.has(target)) {
      added.set(target, {});
      added.set(target, partial(marked(definitions[name]) as Schema));
    }
    return `#/definitions/${encodeURIComponent(target)}`;
  };
  const marked = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(marked);
    if (typeof value !== "object" || value === null) return value;
    const { [MARK]: isMarked, ...node } = value as Schema;
    return isMarked === true ? partial(node) : mapValues(node, marked);
  };

  const all = mapValues(definitions, (definition, name) => {
    const known = marked(definition) as Schema;
    if (!OVERRIDING.includes(name)) return known;
    return { ...partial(known), ...("required" in known && { required: known.required }) };
  });
  return {
    ...(marked({ ...schema, definitions: undefined }) as Schema),
    definitions: { ...all, ...Object.fromEntries(added) },
  };
}

function withAddition({ description, ...list }: Schema): Schema {
  const add = { type: "object", properties: { add: list }, required: ["add"], additionalProperties: false };
  return { anyOf: [list, add], ...(description !== undefined && { description }) };
}

function mapValues<T, R>(object: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
