import { Argument, Block } from "./block";
import { BlockTypes, StackBlockTypes } from "./block-types";
import { commentOf } from "./comment";
import { formatAsJsonencode, formatValue, StringsAs } from "./expression";
import { quoteLiteral, soleExpression } from "./template";
import { bodiesOf, entriesOf, isObject, JsonObject, JsonValue, TerraformJson } from "./terraform-json";

/** How an argument is read. Most are values, whose strings are templates. */
type ArgumentKind =
  | "value"
  /** A value whose strings are not templates. */
  | "literal"
  /** A reference, an address, a keyword or a type, or a list or map of them: JSON puts them in quotes. */
  | "reference"
  | BodyKind;

/** How a body is read that stands as a block. */
interface BodyKind {
  /** How many labels its header has. @default 0 */
  readonly labels?: number;
  /** The arguments that are not plain values. */
  readonly known: Readonly<Record<string, ArgumentKind>>;
  /**
   * How arguments are read that are not known. Those of providers are values or blocks.
   *
   * @default "value"
   */
  readonly others?: "value" | "literal" | "provider";
}

const values: BodyKind = { known: {} };
const ofProvider: BodyKind = { known: {}, others: "provider" };
const literals: BodyKind = { known: {}, others: "literal" };
const LIFECYCLE: BodyKind = {
  known: {
    ignore_changes: "reference",
    replace_triggered_by: "reference",
    precondition: values,
    postcondition: values,
    action_trigger: { known: { events: "reference", actions: "reference" } },
  },
};
const META_ARGUMENTS = {
  depends_on: "reference",
  provider: "reference",
  lifecycle: LIFECYCLE,
  connection: values,
  provisioner: { labels: 1, known: { when: "reference", on_failure: "reference", connection: values } },
  timeouts: values,
} as const;
const RESOURCE: BodyKind = { labels: 2, known: META_ARGUMENTS, others: "provider" };

/**
 * The blocks of Terraform's own language, in the order in which a file has them.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#block-type-specific-exceptions
 */
const LANGUAGE = {
  terraform: {
    others: "literal",
    known: {
      required_providers: literals,
      backend: { ...literals, labels: 1, known: { workspaces: literals } },
      cloud: { ...literals, known: { workspaces: literals } },
      provider_meta: { ...values, labels: 1 },
    },
  },
  provider: { ...ofProvider, labels: 1 },
  variable: { labels: 1, others: "literal", known: { type: "reference", validation: values } },
  locals: values,
  data: RESOURCE,
  ephemeral: RESOURCE,
  resource: RESOURCE,
  module: {
    labels: 1,
    known: { source: "literal", version: "literal", providers: "reference", depends_on: "reference" },
  },
  import: { known: { to: "reference", provider: "reference" } },
  moved: { known: { from: "reference", to: "reference" } },
  removed: { known: { from: "reference", lifecycle: LIFECYCLE, provisioner: META_ARGUMENTS.provisioner } },
  check: { labels: 1, known: { data: RESOURCE, assert: values } },
  output: {
    labels: 1,
    known: { description: "literal", depends_on: "reference", precondition: values },
  },
} as const satisfies Readonly<Record<string, BodyKind>>;

/** A kind of block of Terraform's language. */
export type BlockKind = keyof typeof LANGUAGE;

/** The blocks of a configuration, by their kind. */
export type BlocksByKind = Readonly<Record<BlockKind, readonly Block[]>>;

/**
 * The blocks of a configuration.
 *
 * @param types which arguments of resources are blocks; of those that it does not know, a list of objects is taken for
 * blocks
 */
export function toBlocks(json: TerraformJson, types: StackBlockTypes): BlocksByKind {
  for (const [kind] of entriesOf(json)) {
    if (!(kind in LANGUAGE)) throw new Error(`blocks of the kind ${kind} cannot be written as HCL`);
  }
  const kinds = Object.entries(LANGUAGE).map(([kind, bodyKind]) => {
    return [kind, blocksOf(kind, bodyKind, json[kind], types[kind] ?? {})];
  });
  return Object.fromEntries(kinds) as BlocksByKind;
}

/** All blocks of a configuration in their order. */
export function inOrder(blocks: BlocksByKind): Block[] {
  return Object.values(blocks).flat();
}

/** @param types of what has labels, by its first one */
function blocksOf(
  name: string,
  kind: BodyKind,
  value: JsonValue | undefined,
  types: BlockTypes,
  labels: readonly string[] = [],
): Block[] {
  if (labels.length === (kind.labels ?? 0)) {
    const ofType = labels.length === 0 ? types : types[labels[0]!];
    return bodiesOf(value).map((body) => {
      const header = [name, ...labels.map((label) => quoteLiteral(label))].join(" ");
      const comment = commentOf(name, labels, body);
      const inner = toBody(body, kind, typeof ofType === "object" ? ofType : {});
      return { header, ...(comment !== undefined && { comment }), ...inner };
    });
  }
  return bodiesOf(value).flatMap((byLabel) => {
    return entriesOf(byLabel).flatMap(([label, inner]) => blocksOf(name, kind, inner, types, [...labels, label]));
  });
}

function toBody(body: JsonObject, kind: BodyKind, types: BlockTypes): Omit<Block, "header" | "comment"> {
  const all: Argument[] = [];
  const blocks: Block[] = [];
  let dependsOn: Argument | undefined;
  for (const [name, value] of entriesOf(body)) {
    const how = howToRead(name, value, kind, types);
    if (how === "dynamic") blocks.push(...dynamicBlocks(value, types));
    else if (typeof how === "object") blocks.push(...blocksOf(name, how.kind, value, how.types));
    else if (name === "depends_on") dependsOn = { name, value: formatArgument(name, value, how) };
    else all.push({ name, value: formatArgument(name, value, how) });
  }
  return { arguments: all, blocks, ...(dependsOn && { dependsOn }) };
}

function howToRead(
  name: string,
  value: JsonValue,
  { known, others = "value" }: BodyKind,
  types: BlockTypes,
): Exclude<ArgumentKind, BodyKind> | "dynamic" | { readonly kind: BodyKind; readonly types: BlockTypes } {
  const how = Object.hasOwn(known, name) ? known[name]! : undefined;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const inner = typeof type === "object" ? type : {};
  if (typeof how === "object") return { kind: how, types: inner };
  if (how !== undefined) return how;
  if (others !== "provider") return others;
  if (name === "dynamic") return "dynamic";
  const isBlock = typeof type === "object" || (type === undefined && isListOfObjects(value));
  return isBlock ? { kind: ofProvider, types: inner } : "value";
}

function isListOfObjects(value: JsonValue): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** `dynamic` blocks: `{ "rule": [{ "for_each": …, "iterator": …, "content": … }] }`. */
function dynamicBlocks(value: JsonValue, types: BlockTypes): Block[] {
  return bodiesOf(value).flatMap((byName) =>
    entriesOf(byName).flatMap(([name, bodies]) => {
      const ofBlock = types[name];
      const kind: BodyKind = { labels: 1, known: { iterator: "reference", content: ofProvider } };
      const content = { content: typeof ofBlock === "object" ? ofBlock : {} };
      return blocksOf("dynamic", kind, { [name]: bodies }, { [name]: content });
    }),
  );
}

function formatArgument(name: string, value: JsonValue, how: "value" | "literal" | "reference"): string[] {
  if (how === "reference") return formatValue(toExpressions(value));
  const strings: StringsAs = how === "literal" ? "literals" : "templates";
  const document =
    how === "value" && typeof value === "string" && isPolicy(name) ? formatAsJsonencode(value) : undefined;
  return document ?? formatValue(value, strings);
}

/** The provider compares these arguments as documents: neither spaces nor the order of keys make a difference. */
function isPolicy(name: string): boolean {
  return /(?:^|_)policy$/.test(name);
}

/** References as expressions: `"a.b"` and `"${a.b}"` both are `a.b`. */
function toExpressions(value: JsonValue): JsonValue {
  if (typeof value === "string") return soleExpression(value) === undefined ? `\${${value}}` : value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toExpressions);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner && toExpressions(inner)]));
}
