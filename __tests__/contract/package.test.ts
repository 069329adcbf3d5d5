import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import cdkTerrain from "../../.ci/cdktn/package.json";
import packageJson from "../../package.json";

const ROOT = join(__dirname, "..", "..");
const entries = Object.entries(packageJson.exports as Record<string, string | { types: string; default: string }>);

/** The source of what is compiled into `dist/<engine>/`. */
function sourceOf(compiled: string): string {
  return join(ROOT, compiled.replace(/^\.\/dist\/cdktf\//, "").replace(/(?:\.d\.ts|\.js)$/, ".ts"));
}

describe("the package", () => {
  test("exports nine subpaths", () => {
    expect(entries.map(([subpath]) => subpath)).toEqual([
      ".",
      "./domain",
      "./stacks",
      "./operations",
      "./cdktn",
      "./cdktn/stacks",
      "./environment.schema.json",
      "./environments.schema.json",
      "./package.json",
    ]);
  });

  test("has for CDK Terrain what names the engine", () => {
    const targets = Object.fromEntries(entries);
    for (const [twin, subpath] of [
      ["./cdktn", "."],
      ["./cdktn/stacks", "./stacks"],
    ] as const) {
      expect(targets[twin]).toEqual(
        JSON.parse(JSON.stringify(targets[subpath]).replaceAll("dist/cdktf", "dist/cdktn")),
      );
    }
  });

  test("has a program, which the scripts run as well", () => {
    const program = sourceOf(packageJson.bin["ecr-cache"]);
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const commands = [...readFileSync(program, "utf8").matchAll(/import\("\.\/([\w-]+)"\)/g)].map(([, name]) => name!);
    const scripts = Object.entries(packageJson.scripts).filter(([, script]) =>
      script.includes("commands/ecr-cache.ts"),
    );
    expect(
      scripts
        .map(([name]) => name)
        .concat("synth")
        .sort(),
    ).toEqual(commands);
    for (const [name, script] of scripts) {
      expect(script.replace("--disable-warning=DEP0044 ", "")).toBe(`node --import tsx commands/ecr-cache.ts ${name}`);
    }
  });

  test("exports nothing whose source is not there", () => {
    const own = entries.filter(([subpath]) => !subpath.startsWith("./cdktn") && subpath !== "./package.json");
    const targets = own.flatMap(([, target]) => (typeof target === "string" ? [target] : Object.values(target)));
    expect(targets.map(sourceOf).filter((file) => !existsSync(file))).toEqual([]);
  });

  test("tells compilers that know no exports where the types are", () => {
    const types = entries.flatMap(([subpath, target]) =>
      typeof target === "object" && subpath !== "." ? [[subpath.slice(2), [target.types]]] : [],
    );
    expect(packageJson.typesVersions["*"]).toEqual(Object.fromEntries(types));
  });

  test("needs what it is tested with", () => {
    expect(Object.keys(packageJson.dependencies)).toEqual(["ajv", "cli-progress", "commander", "picocolors", "yaml"]);
    const { peerDependencies } = packageJson;
    const devDependencies = { ...packageJson.devDependencies, ...cdkTerrain.dependencies };
    const untested = Object.keys(peerDependencies).filter((name) => !(name in devDependencies));
    expect(untested).toEqual([]);
  });
});
