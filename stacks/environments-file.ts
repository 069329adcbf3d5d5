import { readFileSync } from "node:fs";
import { Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { formatProblem, Path } from "../modules/domain";
import { checkEnvironments } from "./check-environments";
import { Environment, RegionDifferences } from "./environment";
import { inherit } from "./environment-regions";

/** What environments in a file can have in common. */
export interface SharedSettings extends RegionDifferences {
  /**
   * The 12-digit id of the account. Quote it: a leading zero counts.
   *
   * @default - each environment names its own
   */
  readonly accountId?: string;
  /**
   * The region of the registry, e.g. `us-east-1`.
   *
   * @default - each environment names its own
   */
  readonly region?: string;
  /**
   * Further regions that get the same registry, each as a stack of its own, and what is different there.
   *
   * @default - none
   */
  readonly additionalRegions?: Readonly<Record<string, RegionDifferences>>;
}

/** An environment in a file: what it does not say, the shared part says. */
export interface FileEnvironment extends SharedSettings {
  /** The environment's name: lower-case letters, digits and `-`. It names the stack and with it the state. */
  readonly name: string;
}

/** A YAML or JSON file of environments. */
export interface EnvironmentsFile {
  /** The schema, for editors. */
  readonly $schema?: string;
  /**
   * What all environments have in common. What one of them says replaces it; only `tags` and `defaults` are joined,
   * field by field.
   *
   * @default - nothing
   */
  readonly shared?: SharedSettings;
  /** The environments. */
  readonly environments: readonly FileEnvironment[];
}

/** A file that holds no usable environments. Its message lists every problem with file, line and column. */
export class EnvironmentFileError extends Error {
  constructor(
    file: string,
    /** One line a problem: `environments.yaml:3:5 region must be …`. */
    public readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const help = "help/environments.md tells what an environment can say.";
    super([`Nothing was read from ${file}: ${count} to mend.`, "", ...problems, "", help].join("\n"));
    this.name = "EnvironmentFileError";
  }
}

/**
 * Reads environments from a YAML or JSON file of the form `EnvironmentsFile`, and checks them.
 *
 * @param file relative to the working directory
 * @throws EnvironmentFileError with all problems, each with its place in the file
 */
export function loadEnvironments(file: string): Environment[] {
  return parseEnvironments(readFileSync(file, "utf8"), file);
}

/**
 * The environments in a text, as `loadEnvironments` reads them.
 *
 * @throws EnvironmentFileError with all problems, each with its place in the text
 */
export function parseEnvironments(text: string, file: string): Environment[] {
  const lines = new LineCounter();
  // JSON is a part of YAML, so one parser reads both, and knows where everything stands.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col} ${what}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(({ pos, message }) => at(pos[0], message));
  if (syntax.length > 0) throw new EnvironmentFileError(file, syntax);

  const content = document.toJS({ maxAliasCount: 1000 }) as unknown;
  const form = checkFile(content).map(({ path, what }) => at(offsetOf(document, [path]), what));
  if (form.length > 0) throw new EnvironmentFileError(file, form);

  const { shared = {}, environments: own } = content as EnvironmentsFile;
  const environments = own.map((one) => (isObject(one) ? inherit(shared, one) : one)) as Environment[];
  const problems = checkEnvironments(environments).flatMap(({ environment, index, problems: found }) =>
    found.map((problem) => {
      const places: Path[] = [
        ["environments", index, ...problem.path],
        ["shared", ...problem.path],
      ];
      return at(offsetOf(document, places), `${environment}: ${formatProblem(problem)}`);
    }),
  );
  if (problems.length > 0) throw new EnvironmentFileError(file, [...new Set(problems)]);
  return environments;
}

function checkFile(content: unknown): { path: Path; what: string }[] {
  if (!isObject(content)) return [{ path: [], what: "must be an object with a list `environments`" }];
  const { environments, shared } = content;
  const problems: { path: Path; what: string }[] = Object.keys(content)
    .filter((key) => !["$schema", "environments", "shared"].includes(key))
    .map((key) => ({ path: [key], what: `${key} is not a known field; use one of shared, environments` }));
  if (shared !== undefined && !isObject(shared)) {
    problems.push({ path: ["shared"], what: "shared must be an object; write what all environments have in common" });
  }
  if (isObject(shared) && "name" in shared) {
    problems.push({ path: ["shared", "name"], what: "shared.name must not be given; each environment has its own" });
  }
  if (!Array.isArray(environments)) {
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

/** Where that of the paths begins of which the least is missing: at a field's name, or at an entry of a list. */
function offsetOf(document: Document, paths: readonly Path[]): number {
  const places = paths.map((path) => placeOf(document, path));
  return places.reduce((best, one) => (one.missing < best.missing ? one : best)).offset;
}

/** Where a path begins, and how many of its last parts the document does not have. */
function placeOf(document: Document, path: Path): { readonly offset: number; readonly missing: number } {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [depth, part] of path.entries()) {
    const found = childOf(isAlias(node) ? node.resolve(document) : node, part);
    if (found === undefined) return { offset, missing: path.length - depth };
    [node, offset] = [found.value, startOf(found.key)];
  }
  return { offset, missing: 0 };
}

function childOf(node: unknown, part: string | number): { readonly key: unknown; readonly value: unknown } | undefined {
  if (isMap(node)) return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  if (!isSeq(node) || typeof part !== "number" || part >= node.items.length) return undefined;
  return { key: node.items[part], value: node.items[part] };
}

function startOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0;
}
