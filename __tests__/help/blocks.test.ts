import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse as parseHcl } from "@cdktf/hcl2json";
import { parse } from "smol-toml";
import { Environment, parseEnvironments, synthesize } from "../../stacks";
import { ROOT } from "../helpers/run-script";
import { StackJson } from "../helpers/synth";
import { Block, BLOCKS } from "./pages";
import { runExample } from "./run-example";

/** What each kind of block is held against, and where. `undefined`: a kind that nothing looks at. */
function checkedBy({ language, marker, text }: Block): string | undefined {
  switch (language) {
    case "ts":
      return marker === undefined || marker === "file: stacks/environments.ts" ? "examples.test.ts" : undefined;
    case "sh":
      return "shell.test.ts";
    case "json":
      if (marker?.startsWith("prod: ")) return "readme.test.ts";
      return marker === undefined || marker === "paths" ? "blocks.test.ts" : undefined;
    case "yaml":
      return [undefined, "wrong"].includes(marker) ? "blocks.test.ts" : undefined;
    case "hcl":
    case "toml":
      return "blocks.test.ts";
    case "mermaid":
      return "a picture";
    case "text":
      if (marker === "output" || marker === "synthesises") return "examples.test.ts";
      if (marker?.startsWith("shows: ") || text.startsWith("$ ")) return "shown.test.ts";
      return /^(apply|creates|difference|plan|refuses): /.test(marker ?? "") ? "blocks.test.ts" : undefined;
    default:
      return undefined;
  }
}

const of = (language: string) => BLOCKS.filter((block) => block.language === language);

test("every block of README.md and help/ is held against something", () => {
  const unchecked = BLOCKS.filter((block) => checkedBy(block) === undefined);
  expect(unchecked.map(({ place, text }) => `${place} ${text.split("\n")[0]!}`)).toEqual([]);
  expect(BLOCKS.length).toBeGreaterThan(80);
});

test.each(of("json").map((block) => [block.place, block] as const))("%s is JSON", (_, { text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

test.each(of("hcl").map((block) => [block.place, block] as const))("%s is HCL", async (_, { text }) => {
  expect(Object.keys(await parseHcl("main.tf", text))).not.toEqual([]);
});

// `npm run test:clients` starts containerd with them.
test.each(of("toml").map((block) => [block.place, block] as const))("%s is TOML", (_, { text }) => {
  expect(() => parse(text)).not.toThrow();
});

test("help/cdk-terrain.md has the paths with which the tests run on CDK Terrain", () => {
  // The tests install the provider where those who stay on CDKTF do not have to.
  const text = readFileSync(join(ROOT, "tsconfig.cdktn.json"), "utf8").replace("/.ci/cdktn/", "/");
  const { compilerOptions } = JSON.parse(text) as { compilerOptions: object };
  expect(JSON.parse(of("json").find(({ marker }) => marker === "paths")!.text)).toEqual(compilerOptions);
});

const yaml = of("yaml").filter(({ marker }) => marker === undefined);
test.each(yaml.map((block) => [block.place, block] as const))("%s is a file of environments", (_, { text }) => {
  expect(parseEnvironments(text, "environments.yaml").length).toBeGreaterThan(0);
});

describe("the smallest environment of README.md", () => {
  const example = of("ts").find(({ page, text }) => page === "README.md" && text.includes("const qa"))!;
  const { qa } = runExample(example.text).exported as { qa: Environment };
  const shown = BLOCKS.find(({ marker }) => marker === "creates: qa")!
    .text.trimEnd()
    .split("\n");

  /** The addresses that an environment becomes. */
  function created(environment: Environment): string[] {
    const folder = mkdtempSync(join(tmpdir(), "ecr-blocks-"));
    try {
      const [stack] = synthesize([environment], folder);
      const { resource } = JSON.parse(readFileSync(stack!.file, "utf8")) as StackJson;
      return Object.entries(resource!).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("creates exactly what is shown", () => {
    expect(created(qa).sort()).toEqual([...shown].sort());
  });

  test("differs after an upgrade as help/upgrading.md shows", () => {
    const folder = mkdtempSync(join(tmpdir(), "ecr-blocks-"));
    try {
      synthesize([{ ...qa, repositories: { imageTagMutability: "IMMUTABLE" } }], join(folder, "before"));
      synthesize([qa], join(folder, "cdktf.out"));
      const { stdout } = spawnSync("git", ["diff", "--no-index", "before", "cdktf.out"], {
        cwd: folder,
        encoding: "utf8",
      });
      const difference = stdout.split("\n");
      const lines = BLOCKS.find(({ marker }) => marker === "difference: qa")!
        .text.trimEnd()
        .split("\n");
      expect(lines.filter((line) => !difference.includes(line))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("does without the last four with AES256", () => {
    const aes256 = created({ ...qa, repositories: { encryption: { type: "AES256" } } });
    expect(aes256.sort()).toEqual(shown.slice(0, -4).sort());
  });

  test("adds as much as the first deployment says, and help/deploying.md of its own", () => {
    const { text } = of("yaml").find(({ page }) => page === "help/deploying.md")!;
    const [environment] = parseEnvironments(text, "environments.yaml");
    const apply = BLOCKS.find(({ marker }) => marker === "apply: qa")!.text;
    expect(apply).toBe(`Apply complete! Resources: ${created(environment!).length} added, 0 changed, 0 destroyed.\n`);

    const plan = BLOCKS.find(({ marker }) => marker === "plan: qa")!.text;
    expect(plan).toBe(`Plan: ${created(qa).length} to add, 0 to change, 0 to destroy.\n`);
  });
});

test("a file with mistakes is refused as help/environments.md shows", () => {
  const wrong = of("yaml").find(({ marker }) => marker === "wrong")!.text;
  const refusal = BLOCKS.find(({ marker }) => marker === "refuses: wrong")!.text;
  expect(() => parseEnvironments(wrong, "environments.yaml")).toThrow(new Error(refusal.trimEnd()));
});
