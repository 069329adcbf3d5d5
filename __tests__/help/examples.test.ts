import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { copyProject, ROOT, SCRIPTS } from "../helpers/run-script";
import { BLOCKS } from "./pages";
import { MODULES, runExample } from "./run-example";

/**
 * Every TypeScript block of README.md and help/ is type-checked and run. A block that is followed by
 * `<!-- output -->` and a text block must print exactly that. A block after `<!-- file: … -->` is that file of a copy of
 * the project, which must synthesise what comes after `<!-- synthesises -->`.
 */
const examples = BLOCKS.flatMap(({ place, language, marker, text }, index) => {
  if (language !== "ts") return [];
  const next = BLOCKS[index + 1];
  return [
    {
      place,
      code: text,
      file: /^file: (.*)$/.exec(marker ?? "")?.[1],
      output: next?.marker === "output" ? next.text : undefined,
      synthesises: next?.marker === "synthesises" ? next.text : undefined,
    },
  ];
});
const fileOf = (index: number) => join(ROOT, dirname(examples[index]!.file ?? "help/page"), `example-${index}.ts`);
const [alone, files] = [false, true].map((isFile) =>
  examples.filter(({ file }) => (file !== undefined) === isFile).map((example) => [example.place, example] as const),
) as [Named[], Named[]];
type Named = readonly [place: string, example: (typeof examples)[number]];

describe("the examples in README.md and help/", () => {
  const sources = new Map(examples.map(({ code }, index) => [fileOf(index), code]));

  test("are type-correct", () => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const paths = Object.fromEntries(Object.entries(MODULES).map(([name, folder]) => [name, [join(ROOT, folder)]]));
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.fileExists = (name) => sources.has(name) || ts.sys.fileExists(name);
    host.readFile = (name) => sources.get(name) ?? ts.sys.readFile(name);
    host.getSourceFile = (name, ...rest) => {
      const code = sources.get(name);
      return code === undefined
        ? getSourceFile(name, ...rest)
        : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022);
    };
    const program = ts.createProgram([...sources.keys()], { ...options, paths, noUnusedLocals: false }, host);
    const problems = [...sources.keys()].flatMap((file, index) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(
        ({ messageText }) => `${examples[index]!.place} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    });
    expect(problems).toEqual([]);
  });

  test.each(alone)("%s runs", (_, { code, output }) => {
    const { printed } = runExample(code);
    if (output !== undefined) expect(printed).toBe(output);
  });

  test.each(files)("%s is a file of the project, which synthesises what is shown", (_, { code, synthesises }) => {
    const folder = mkdtempSync(join(tmpdir(), "ecr-example-"));
    try {
      copyProject(folder, code);
      copyFileSync(join(ROOT, "help", "environments.yaml"), join(folder, "environments.yaml"));
      const [, ...args] = SCRIPTS.synth!.split(" ");
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      expect(stdout + stderr).toBe(synthesises);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("are there, and all that is shown as output is compared", () => {
    const outputs = BLOCKS.filter(({ marker }) => marker === "output");
    expect(outputs.length).toBeGreaterThan(10);
    expect(examples.filter(({ output }) => output !== undefined)).toHaveLength(outputs.length);
    expect(files).toHaveLength(BLOCKS.filter(({ marker }) => marker === "synthesises").length);
    expect(examples.some(({ place }) => place.startsWith("README.md"))).toBe(true);
  });
});
