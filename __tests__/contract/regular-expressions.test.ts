import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";
import { ROOT } from "../helpers/run-script";

/** What a user runs; tests and benchmarks read no text of others. */
const FOLDERS = ["commands", "modules", "operations", "stacks"];
/** Far more than the analysis of any of them takes; one that runs out of it is not known to be safe. */
const TIMEOUT = 60_000;

// Only a part of this package is for every machine; the others are native programs that need not be there.
process.env.RECHECK_BACKEND = "pure";

interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) return filesIn(path);
    return /(?<!\.d)\.ts$/.test(entry) ? [path] : [];
  });
}

/** The regular expressions of a file: literals, and `new RegExp` of constants of the file. */
function patternsIn(file: string): Pattern[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const patterns: Pattern[] = [];
  const placeOf = (node: ts.Node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `${relative(ROOT, file)}:${line + 1}`;
  };
  const textOf = (node: ts.Expression): string => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isIdentifier(node) && constants.has(node.text)) return textOf(constants.get(node.text)!);
    if (ts.isTemplateExpression(node)) {
      return node.head.text + node.templateSpans.map((span) => textOf(span.expression) + span.literal.text).join("");
    }
    throw new Error(`${placeOf(node)}: write the pattern out, or of constants of the file, so that it can be analysed`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      constants.set(node.name.text, node.initializer);
    }
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      patterns.push({ place: placeOf(node), source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if (ts.isNewExpression(node) && node.expression.getText() === "RegExp") {
      const [pattern, flags] = node.arguments ?? [];
      patterns.push({ place: placeOf(node), source: textOf(pattern!), flags: flags ? textOf(flags) : "" });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return patterns;
}

const patterns = FOLDERS.flatMap((folder) => filesIn(join(ROOT, folder))).flatMap(patternsIn);

test("there are regular expressions of both kinds", () => {
  expect(patterns.length).toBeGreaterThan(60);
});

test("the analysis finds what backtracks", () => {
  const found = checkSync("^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$", "", { timeout: TIMEOUT });
  expect(found).toMatchObject({ status: "vulnerable", complexity: { type: "exponential" } });
});

test("the time that each takes grows with its text and no faster", () => {
  const bySource = new Map(patterns.map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern]));
  const found = [...bySource].flatMap(([pattern, { place, source, flags }]) => {
    const result = checkSync(source, flags, { timeout: TIMEOUT });
    if (result.status === "safe") return [];
    return [`${place} ${pattern}: ${result.status === "vulnerable" ? result.complexity.summary : "not known"}`];
  });
  expect(found).toEqual([]);
});
