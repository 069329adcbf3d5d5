import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../stacks";
import { samples } from "../stacks/samples";
import { StackJson } from "./helpers/synth";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

describe("README.md", () => {
  test("shows a resource of the sample prod exactly as it is written", () => {
    const folder = mkdtempSync(join(tmpdir(), "ecr-readme-"));
    try {
      const { file } = synthesize(samples, folder).find(({ name }) => name === "prod")!;
      const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
      const [, type, shown] = /<!-- prod: (\w+) -->\s*```json\n([^]*?)```/.exec(readme)!;
      const written = Object.entries(json.resource![type!]!).map(([name, { "//": _, ...block }]) => [name, block]);
      expect(JSON.parse(shown!)).toEqual(Object.fromEntries(written));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
