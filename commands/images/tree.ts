import { Node as JsonNode, ParseError, parseTree } from "jsonc-parser";
import { Document, isAlias, isMap, isScalar, isSeq, Node as YamlNode, parseDocument, YAMLMap } from "yaml";
import { SourceText, sourceText } from "./source-text";

/** A value of a YAML or JSON file, with its place. Aliases of YAML stand for what they name. */
export type Tree =
  | { readonly kind: "map"; readonly entries: () => readonly (readonly [string, Tree])[] }
  | { readonly kind: "list"; readonly items: () => readonly Tree[] }
  | { readonly kind: "scalar"; readonly value: unknown; readonly source: SourceText };

/** The values that a file holds, and why a part of it could not be read. */
export interface ParsedFile {
  readonly trees: readonly Tree[];
  readonly errors: readonly string[];
}

/** Reads JSON, with or without comments. */
export function parseJsonFile(text: string): ParsedFile {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined) return { trees: root === undefined ? [] : [jsonTree(root, text)], errors: [] };
  return { trees: [], errors: [`it cannot be read as JSON: line ${lineOf(text, error.offset)}`] };
}

function jsonTree(node: JsonNode, text: string): Tree {
  const { children = [], type } = node;
  if (type === "object") {
    const pairs = () =>
      children.flatMap(({ children: [key, value] = [] }) =>
        key === undefined || value === undefined ? [] : [[String(key.value), jsonTree(value, text)] as const],
      );
    return { kind: "map", entries: remembered(() => [...new Map(pairs())]) };
  }
  if (type === "array") {
    return { kind: "list", items: remembered(() => children.map((child) => jsonTree(child, text))) };
  }
  const value: unknown = node.value;
  return { kind: "scalar", value, source: scalarSource(value, text, node.offset, node.offset + node.length) };
}

/** A document of a YAML file, with the place of its text in the file. */
interface YamlDocument {
  readonly document: Document;
  readonly text: string;
  readonly start: number;
  readonly trees: Map<YamlNode, Tree>;
}

/** What a document must have to name an image in any of the formats; a large part of a rendered chart has none of it. */
const CAN_NAME_IMAGES = /image|container|docker:|newName|services|reference/i;

/** Reads the YAML documents that can name images. What cannot be read is left out. */
export function parseYamlFile(text: string): ParsedFile {
  // A template of Helm can be YAML by accident: `image: {{ .Values.image }}` is a map.
  if (/^[^#\n"']*(?<!\$)\{\{/m.test(text)) {
    return { trees: [], errors: ["it is a template: render it first, e.g. with helm template"] };
  }
  const trees: Tree[] = [];
  const errors: string[] = [];
  for (const { part, start } of splitDocuments(text)) {
    if (!CAN_NAME_IMAGES.test(part)) continue;
    const document = parseDocument(part, { uniqueKeys: false, logLevel: "silent" });
    const [error] = document.errors;
    if (error !== undefined) {
      errors.push(`it cannot be read as YAML: line ${lineOf(text, start + error.pos[0])}`);
    } else if (document.contents !== null) {
      trees.push(yamlTree(document.contents, { document, text, start, trees: new Map() }));
    }
  }
  return { trees, errors };
}

/** A line that begins with `---` begins a document, wherever it stands. */
function splitDocuments(text: string): { readonly part: string; readonly start: number }[] {
  const starts = [0, ...[...text.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index).filter((index) => index > 0)];
  return starts.map((start, index) => ({ part: text.slice(start, starts[index + 1]), start }));
}

function yamlTree(node: YamlNode, file: YamlDocument): Tree {
  const known = file.trees.get(node) ?? makeYamlTree(node, file);
  file.trees.set(node, known);
  return known;
}

function makeYamlTree(node: YamlNode, file: YamlDocument): Tree {
  if (isAlias(node)) {
    const named = node.resolve(file.document);
    return named === undefined ? { kind: "list", items: () => [] } : yamlTree(named, file);
  }
  if (isMap(node)) return { kind: "map", entries: remembered(() => yamlEntries(node, file)) };
  if (isSeq(node)) {
    return { kind: "list", items: remembered(() => node.items.map((item) => yamlTree(item as YamlNode, file))) };
  }
  const { value } = node as { value: unknown };
  const [start = 0, end = 0] = node.range ?? [];
  return { kind: "scalar", value, source: scalarSource(value, file.text, file.start + start, file.start + end) };
}

/** What a map merges from others counts less than what it says itself. */
function yamlEntries(node: YAMLMap, file: YamlDocument): (readonly [string, Tree])[] {
  const own = new Map<string, Tree>();
  const merged = new Map<string, Tree>();
  for (const { key, value } of node.items) {
    if (value === null) continue;
    const name = isScalar(key) ? String(key.value) : String(key);
    const inner = yamlTree(value as YamlNode, file);
    if (name !== "<<") own.set(name, inner);
    else
      for (const one of inner.kind === "list" ? inner.items() : [inner]) {
        if (one.kind === "map") for (const [other, inherited] of one.entries()) merged.set(other, inherited);
      }
  }
  return [...new Map([...merged, ...own])];
}

/** A scalar, with the places of its characters where the file has them letter by letter: in quotes, or without. */
function scalarSource(value: unknown, text: string, start: number, end: number): SourceText {
  const written = text.slice(start, end);
  const shown = typeof value === "string" ? value : written;
  if (written === shown) return sourceText(shown, start);
  if (/^["']/.test(written) && written.slice(1, -1) === shown) return sourceText(shown, start + 1);
  return { text: shown, offsets: Array.from(shown, (_, index) => (index === 0 ? start : -1)) };
}

/** Worked out when it is asked for, and once: most of a large file is never looked at. */
function remembered<Value>(work: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => (known ??= { value: work() }).value;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The value of a key of a map. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  if (tree?.kind !== "map") return undefined;
  return tree.entries().find(([name]) => name === key)?.[1];
}

/** The items of a list, or the values of a map. */
export function children(tree: Tree | undefined): readonly Tree[] {
  if (tree?.kind === "list") return tree.items();
  return tree?.kind === "map" ? tree.entries().map(([, value]) => value) : [];
}

/** The text of a scalar. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" && typeof tree.value === "string" ? tree.value : undefined;
}
