import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../stacks";
import { environments } from "../stacks/environments";
import { StackJson } from "./helpers/synth";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

describe("README.md", () => {
  test("shows a resource of the sample prod exactly as it is written", () => {
    const folder = mkdtempSync(join(tmpdir(), "ecr-readme-"));
    try {
      const { file } = synthesize(environments, folder).find(({ name }) => name === "prod")!;
      const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
      const [, type, shown] = /<!-- prod: (\w+) -->\s*```json\n([^]*?)```/.exec(readme)!;
      const written = Object.entries(json.resource![type!]!).map(([name, { "//": _, ...block }]) => [name, block]);
      expect(JSON.parse(shown!)).toEqual(Object.fromEntries(written));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("links to files that are there", () => {
    const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  test("names commands that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(named).toContain("synth");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
