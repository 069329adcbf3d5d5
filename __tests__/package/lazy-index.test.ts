import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lazyIndex } from "../../.ci/lazy-index";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ecr-lazy-"));
  const optional = join(folder, "node_modules", "optional");
  mkdirSync(optional, { recursive: true });
  writeFileSync(join(optional, "index.js"), "");
  writeFileSync(join(folder, "here.js"), "exports.here = () => 1;");
  writeFileSync(
    join(folder, "needy.js"),
    'require("optional"); exports.call = () => 1; exports.Make = class {}; exports.list = [];',
  );
  const index = join(folder, "index.js");
  writeFileSync(index, 'Object.assign(exports, require("./here"), require("./needy"));');
  writeFileSync(index, lazyIndex(index));
  rmSync(optional, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a program prints that has everything of the index under the name `all`. */
function run(file: "run.mjs" | "run.cjs", program: string): string {
  const load = file === "run.mjs" ? 'import * as all from "./index.js";' : 'const all = require("./index.js");';
  writeFileSync(join(folder, file), `${load}\n${program}`);
  return spawnSync(process.execPath, [file], { cwd: folder, encoding: "utf8", env: {} }).stdout.trim();
}

describe.each(["run.mjs", "run.cjs"] as const)("an index that is loaded by %s without an optional package", (file) => {
  test("gives what does not need the package", () => {
    expect(run(file, "console.log(all.here())")).toBe("1");
  });

  test.each(["all.call()", "new all.Make()", "class Own extends all.Make {}", "all.list.length"])(
    "says at %s which package is missing",
    (use) => {
      const program = `const { call } = all; try { ${use}; } catch (error) { console.log(error.message); }`;
      expect(run(file, program)).toMatch(/^Cannot find module 'optional'/);
    },
  );
});
