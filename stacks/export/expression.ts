import { isObject, JsonObject, JsonValue } from "./terraform-json";
import { endOfString, quoteLiteral, quoteTemplate, soleExpression, splitTemplate } from "./template";

/** How the strings of a value are read: as templates, or as they are. */
export type StringsAs = "templates" | "literals";

const INDENT = "  ";
/** A list or an object that is longer stands on several lines. */
const LONGEST_LINE = 100;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** Identifiers that mean something else where an object's key stands. */
const KEYWORDS = ["for", "null", "true", "false", "if"];

/** The lines of a value in the native syntax. */
export function formatValue(value: JsonValue, strings: StringsAs = "templates"): string[] {
  if (typeof value === "string") return formatString(value, strings).split("\n");
  if (Array.isArray(value)) return formatList(value as readonly JsonValue[], strings);
  if (isObject(value)) return formatObject(value, strings);
  return [JSON.stringify(value)];
}

/** A document in JSON, such as a policy, as a call of `jsonencode`; `undefined` if it is not a list or an object. */
export function formatAsJsonencode(template: string): string[] | undefined {
  const document = parseJsonTemplate(template);
  if (typeof document !== "object" || document === null) return undefined;
  const lines = formatValue(document);
  return [`jsonencode(${lines[0]!}`, ...lines.slice(1, -1), ...(lines.length > 1 ? [lines.at(-1)!] : [])].map(
    (line, index, all) => (index === all.length - 1 ? `${line})` : line),
  );
}

/** Lines such as `name = value`: equals signs of neighbours that stand on one line are aligned, as `terraform fmt` does. */
export function formatAssignments(
  assignments: readonly (readonly [name: string, value: readonly string[]])[],
): string[] {
  let width = 0;
  return assignments.flatMap(([name, value], index) => {
    if (value.length > 1) return [`${name} = ${value[0]!}`, ...value.slice(1)];
    const startsGroup = index === 0 || assignments[index - 1]![1].length > 1;
    if (startsGroup) {
      const end = assignments.findIndex((assignment, other) => other > index && assignment[1].length > 1);
      width = Math.max(...assignments.slice(index, end === -1 ? undefined : end).map(([key]) => key.length));
    }
    return [`${name.padEnd(width)} = ${value[0]!}`];
  });
}

/** Lines one level deeper. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : INDENT + line));
}

function formatString(text: string, strings: StringsAs): string {
  if (strings === "literals") return quoteLiteral(text);
  const expression = soleExpression(text);
  if (expression === undefined) return quoteTemplate(text);
  const tidy = tidyExpression(expression);
  return tidy.includes("\n") ? `(${tidy})` : tidy;
}

function formatList(list: readonly JsonValue[], strings: StringsAs): string[] {
  const items = list.map((item) => formatValue(item, strings));
  const line = `[${items.map(([first]) => first!).join(", ")}]`;
  const isShort = items.every((item) => item.length === 1) && line.length <= LONGEST_LINE;
  if (isShort && !list.some(isObject)) return [line];
  return ["[", ...items.flatMap((item) => indent([...item.slice(0, -1), `${item.at(-1)!},`])), "]"];
}

function formatObject(object: JsonObject, strings: StringsAs): string[] {
  // Only a body has comments: in a map, `//` is a key like any other.
  const entries = Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  if (entries.length === 0) return ["{}"];
  const assignments = entries.map(([key, value]) => [formatKey(key, strings), formatValue(value, strings)] as const);
  return ["{", ...indent(formatAssignments(assignments)), "}"];
}

function formatKey(key: string, strings: StringsAs): string {
  if (IDENTIFIER.test(key) && !KEYWORDS.includes(key)) return key;
  return strings === "literals" ? quoteLiteral(key) : quoteTemplate(key);
}

/** Stands for a sequence while a document is parsed, which may hold quotes. JSON text has no such characters. */
const PLACEHOLDER = /\ue000(\d+)\ue001/g;

/** The document in a template whose sequences stand inside of its strings; `undefined` if it is not JSON. */
function parseJsonTemplate(template: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(template) || /[\ue000\ue001]/.test(template)) return undefined;
  const sequences: string[] = [];
  const parts = splitTemplate(template).map(({ kind, text }) => {
    return kind === "text" ? text : `\ue000${sequences.push(text) - 1}\ue001`;
  });
  const restore = (text: string) => text.replace(PLACEHOLDER, (_, index: string) => sequences[Number(index)]!);
  try {
    return JSON.parse(parts.join(""), (_, value: JsonValue) => {
      if (typeof value === "string") return restore(value);
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [restore(key), inner]));
    }) as JsonValue;
  } catch {
    return undefined;
  }
}

/** An expression with the spaces that `terraform fmt` puts inside of braces, and keys without needless quotes. */
function tidyExpression(expression: string): string {
  let tidy = "";
  let position = 0;
  while (position < expression.length) {
    const character = expression[position]!;
    if (character === '"') {
      const end = endOfString(expression, position);
      const text = expression.slice(position + 1, end - 1);
      const isKey = /^\s*=(?!=)/.test(expression.slice(end)) && /[{,]\s*$/.test(tidy);
      tidy += isKey && IDENTIFIER.test(text) && !KEYWORDS.includes(text) ? text : expression.slice(position, end);
      position = end;
      continue;
    }
    const next = expression[position + 1];
    if (character === "{" && next !== undefined && !/[\s}]/.test(next)) tidy += "{ ";
    else if (character === "}" && !/[\s{]$/.test(tidy)) tidy += " }";
    else tidy += character;
    position++;
  }
  return tidy;
}
