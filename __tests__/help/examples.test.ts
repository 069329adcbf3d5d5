import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../helpers/run-script";
import { BLOCKS } from "./pages";
import { MODULES, runExample } from "./run-example";

/**
 * Every TypeScript block of README.md and help/ is type-checked and run. A block that is followed by
 * `<!-- output -->` and a text block must print exactly that.
 */
const examples = BLOCKS.flatMap(({ place, language, text }, index) => {
  if (language !== "ts") return [];
  const next = BLOCKS[index + 1];
  return [{ place, code: text, output: next?.marker === "output" ? next.text : undefined }];
});
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
  });

  test.each(examples.map((example) => [example.place, example] as const))("%s runs", (_, { code, output }) => {
    const { printed } = runExample(code);
    if (output !== undefined) expect(printed).toBe(output);
  });

  test("are there, and all that is shown as output is compared", () => {
    const outputs = BLOCKS.filter(({ marker }) => marker === "output");
    expect(outputs.length).toBeGreaterThan(10);
    expect(examples.filter(({ output }) => output !== undefined)).toHaveLength(outputs.length);
    expect(examples.some(({ place }) => place.startsWith("README.md"))).toBe(true);
  });
});
