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
  test("exports a subpath for each public module", () => {
    const index = readFileSync(join(ROOT, "modules", "index.ts"), "utf8");
    const modules = [...index.matchAll(/from "(\.\/[\w-]+)"/g)].map(([, module]) => module!);
    expect(modules.length).toBeGreaterThan(5);
    expect(entries.map(([subpath]) => subpath)).toEqual(expect.arrayContaining(modules));
  });

  test("exports for CDK Terrain whatever it exports for CDKTF", () => {
    const code = entries.filter(([, target]) => typeof target === "object");
    const twins = code.filter(([subpath]) => subpath.startsWith("./cdktn"));
    expect(Object.fromEntries(twins)).toEqual(
      Object.fromEntries(
        code
          .filter((entry) => !twins.includes(entry))
          .map(([subpath, target]) => [
            subpath.replace(/^\./, "./cdktn"),
            JSON.parse(JSON.stringify(target).replaceAll("dist/cdktf", "dist/cdktn")),
          ]),
      ),
    );
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
    expect(Object.keys(packageJson.dependencies)).toEqual(["ajv", "yaml"]);
    const { peerDependencies } = packageJson;
    const devDependencies = { ...packageJson.devDependencies, ...cdkTerrain.dependencies };
    const untested = Object.keys(peerDependencies).filter((name) => !(name in devDependencies));
    expect(untested).toEqual([]);
  });
});
