import { readFileSync } from "node:fs";
import { Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, YAMLMap } from "yaml";
import { formatDiagnostic, isError, layOver, Path, pathInOverrides } from "../modules/domain";
import { checkEnvironments } from "./check-environments";
import { checkExtent, whyNotParsed } from "./check-extent";
import { Environment } from "./environment";
import { EnvironmentFileError } from "./environment-file-error";
import { withLists } from "./environment-regions";
import { keepSource, PlaceOf } from "./environment-source";
import type { EnvironmentsFile } from "./environments-file-types";

/** What a text of environments holds. */
export interface EnvironmentsText {
  /** Those that it says, each joined with the shared part, whether they are right or not. */
  readonly environments: readonly EnvironmentInText[];
  /** What is wrong with the text itself, each with its place. */
  readonly problems: readonly string[];
}

interface EnvironmentInText {
  readonly environment: Environment;
  /** Its name, or its place in the list where it has none. */
  readonly name: string;
  readonly placeOf: PlaceOf;
}

/** Reads a file; one that cannot be read is a problem like any other. */
export function readEnvironmentsFile(file: string): EnvironmentsText {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { environments: [], problems: [cannotBeRead(file, error)] };
  }
  return readEnvironmentsText(text, file);
}

/**
 * Why a file or a folder cannot be read, in one line.
 *
 * @throws whatever is not about reading
 */
export function cannotBeRead(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    ENOTDIR: "it is no folder",
    EACCES: "it may not be read",
  };
  return `${file} cannot be read: ${reasons[code] ?? message}`;
}

/** Reads a text, and where everything in it stands. */
export function readEnvironmentsText(text: string, file: string): EnvironmentsText {
  const lines = new LineCounter();
  const unread = whyNotParsed(text);
  if (unread !== undefined) {
    const { length } = text.slice(0, unread.offset).split("\n");
    return { environments: [], problems: [`${file}:${length}:1 ${unread.what}`] };
  }
  // JSON is a part of YAML, so one parser reads both, and knows where everything stands.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(({ pos, message }) => `${at(pos[0])} ${message}`);
  const unusable =
    syntax.length > 0 ? syntax : checkAliases(document).map(({ node, what }) => `${at(startOf(node))} ${what}`);
  if (unusable.length > 0) return { environments: [], problems: unusable };

  const content = contentOf(document);
  if (content === undefined) return { environments: [], problems: [`${at(0)} must repeat less by aliases of aliases`] };
  const problems = checkFile(content).map(({ path, what }) => `${at(offsetOf(document, path))} ${what}`);
  if (!isObject(content) || !Array.isArray(content.environments)) return { environments: [], problems };
  const { shared = {}, environments } = content as unknown as EnvironmentsFile;
  // What an environment lacks cannot be told where what they share cannot be read.
  if (!isObject(shared)) return { environments: [], problems };
  const { name: _, ...inherited } = shared;
  const found = environments.map((own, index): EnvironmentInText => {
    const environment = (isObject(own) ? withLists(layOver(inherited, own) as object) : own) as Environment;
    const placeOf: PlaceOf = (path) => {
      const place = isObject(own) ? pathInOverrides(path, inherited, own) : path;
      return at(offsetOf(document, place === undefined ? ["shared", ...path] : ["environments", index, ...place]));
    };
    if (isObject(environment)) keepSource(environment, placeOf);
    const name: unknown = isObject(own) ? own.name : undefined;
    return { environment, name: typeof name === "string" ? name : `environments[${index}]`, placeOf };
  });
  return { environments: found, problems };
}

/**
 * The environments of texts, which are checked together.
 *
 * @param where what was to be read
 * @throws EnvironmentFileError with all problems of all texts
 */
export function soundEnvironments(where: string, texts: readonly EnvironmentsText[]): Environment[] {
  const found = texts.flatMap(({ environments }) => environments);
  const environments = found.map(({ environment }) => environment);
  const content = checkEnvironments(environments).flatMap(({ index, diagnostics }) => {
    const { name, placeOf } = found[index]!;
    return diagnostics
      .filter(isError)
      .map((problem) => `${placeOf(problem.path)} ${name}: ${formatDiagnostic(problem)}`);
  });
  const problems = new Set([...texts.flatMap((text) => text.problems), ...content]);
  if (problems.size > 0) throw new EnvironmentFileError(where, [...problems]);
  return environments;
}

/** What a document says; `undefined` if aliases of aliases make more of it than anybody means. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** What is wrong with the aliases and merges of a document, without which it can be read. */
function checkAliases(document: Document): { readonly node: unknown; readonly what: string }[] {
  const problems: { node: unknown; what: string }[] = [];
  visit(document, {
    Alias(_, node, ancestors) {
      const source = node.resolve(document);
      if (source === undefined)
        problems.push({ node, what: `*${node.source} must come after an anchor &${node.source}` });
      else if (ancestors.includes(source))
        problems.push({ node, what: `*${node.source} must not repeat what holds it` });
    },
    Map(_, node) {
      const others = mergedInto(document, node).filter((source) => !isMap(source) && source !== undefined);
      for (const other of others) problems.push({ node: other, what: "<< must be followed by an alias of an object" });
    },
  });
  return problems;
}

function checkFile(content: unknown): { path: Path; what: string }[] {
  if (!isObject(content)) return [{ path: [], what: "must be an object with a list `environments`" }];
  const { environments, shared } = content;
  const problems: { path: Path; what: string }[] = Object.keys(content)
    .filter((key) => !["$schema", "environments", "shared"].includes(key) && !key.startsWith("x-"))
    .map((key) => ({
      path: [key],
      what: `${key} is not a known field; use one of shared, environments, or start it with x-`,
    }));
  if (shared !== undefined && !isObject(shared)) {
    problems.push({ path: ["shared"], what: "shared must be an object; write what all environments have in common" });
  }
  if (isObject(shared) && "name" in shared) {
    problems.push({ path: ["shared", "name"], what: "shared.name must not be given; each environment has its own" });
  }
  if (Array.isArray(environments)) {
    const found = checkExtent(environments.map(() => null));
    problems.push(...found.map(({ message }) => ({ path: ["environments"], what: `environments ${message}` })));
  } else {
    problems.push({
      path: ["environments"],
      what: "environments must be a list; write one entry for each environment",
    });
  }
  return problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where the part of a path begins that the document has: at a field's name, or at an entry of a list. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const part of path) {
    const found = childOf(document, node, part);
    if (found === undefined) return offset;
    [node, offset] = [found.value, startOf(found.key)];
  }
  return offset;
}

interface Child {
  readonly key: unknown;
  readonly value: unknown;
}

function childOf(document: Document, parent: unknown, part: string | number): Child | undefined {
  const node = resolved(document, parent);
  if (isMap(node)) {
    const own = node.items.find(({ key }) => !isMerge(key) && isScalar(key) && String(key.value) === String(part));
    if (own !== undefined) return own;
    // Of what is merged the first that has the field counts.
    const merged = mergedInto(document, node).map((source) => childOf(document, source, part));
    return merged.find((child) => child !== undefined);
  }
  if (!isSeq(node) || typeof part !== "number" || part >= node.items.length) return undefined;
  return { key: node.items[part], value: node.items[part] };
}

/** What `<<` puts into a map. */
function mergedInto(document: Document, map: YAMLMap): unknown[] {
  return map.items
    .filter(({ key }) => isMerge(key))
    .flatMap(({ value }) => {
      const sources = resolved(document, value);
      return isSeq(sources) ? sources.items.map((source) => resolved(document, source)) : [sources];
    });
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0;
}
