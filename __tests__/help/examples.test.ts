import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * Every TypeScript block of README.md and help/ is type-checked and run. A block that is followed by
 * `<!-- output -->` and a text block must print exactly that.
 */
const ROOT = join(__dirname, "..", "..");
const PAGES = ["README.md", ...readdirSync(join(ROOT, "help")).map((name) => join("help", name))].filter((page) =>
  page.endsWith(".md"),
);

/** What a user of the package imports, and where it is here. */
const MODULES: Readonly<Record<string, string>> = {
  "ecr-pull-through-cache": "modules",
  "ecr-pull-through-cache/lifecycle": "modules/domain/lifecycle",
  "ecr-pull-through-cache/policy": "modules/domain/policy",
  "ecr-pull-through-cache/operations": "operations",
  "ecr-pull-through-cache/stacks": "stacks",
};

interface Example {
  /** The page and the line at which the block begins. */
  readonly place: string;
  readonly code: string;
  readonly output: string | undefined;
}

function examplesOf(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const block = /```ts\n([^]*?)```(?:\s*<!-- output -->\s*```\w*\n([^]*?)```)?/g;
  return [...text.matchAll(block)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return { place: `${page}:${line}`, code: match[1]!, output: match[2] };
  });
}

const examples = PAGES.flatMap(examplesOf);
const fileOf = (index: number) => join(ROOT, "help", `example-${index}.ts`);

describe("the examples in README.md and help/", () => {
  const files = new Map(examples.map(({ code }, index) => [fileOf(index), code]));

  test("are type-correct", () => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const paths = Object.fromEntries(Object.entries(MODULES).map(([name, folder]) => [name, [join(ROOT, folder)]]));
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
    host.readFile = (name) => files.get(name) ?? ts.sys.readFile(name);
    host.getSourceFile = (name, ...rest) => {
      const code = files.get(name);
      return code === undefined
        ? getSourceFile(name, ...rest)
        : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022);
    };
    const program = ts.createProgram([...files.keys()], { ...options, paths, noUnusedLocals: false }, host);
    const problems = [...files.keys()].flatMap((file, index) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(
        ({ messageText }) => `${examples[index]!.place} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    });
    expect(problems).toEqual([]);
  }, 60_000);

  test.each(examples.map((example) => [example.place, example] as const))("%s runs", (_, { code, output }) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const printed: string[] = [];
    const log = { log: (...values: unknown[]) => printed.push(values.map(String).join(" ")) };
    const load = (name: string): unknown => {
      const folder = MODULES[name];
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- as a user's CommonJS would
      return require(folder === undefined ? name : join(ROOT, folder));
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- our own pages
    new Function("require", "exports", "console", outputText)(load, {}, log);
    if (output !== undefined) expect(`${printed.join("\n")}\n`).toBe(output);
  });

  test("are there, and some of them show what they print", () => {
    expect(examples.filter(({ output }) => output !== undefined).length).toBeGreaterThan(0);
    expect(examples.some(({ place }) => place.startsWith("README.md"))).toBe(true);
  });
});
