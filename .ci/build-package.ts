/**
 * Makes the package in `dist/`: the compiled library for CDKTF in `dist/cdktf`, and in `dist/cdktn` of what names the
 * engine a twin for CDK Terrain, which has the same names in packages of its own. What names no engine is there once.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ROOT = join(__dirname, "..");
const CDKTF = join(ROOT, "dist", "cdktf");
const CDK_TERRAIN = join(ROOT, "dist", "cdktn");

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "--project", join(ROOT, "tsconfig.build.json")], { stdio: "inherit" });
for (const file of [
  "modules/domain/form/registry-form-validator.js",
  "modules/domain/form/registry-form-validator.d.ts",
  "stacks/environment-form-validator.js",
  "stacks/environment-form-validator.d.ts",
  "stacks/environment.schema.json",
  "stacks/environments.schema.json",
]) {
  cpSync(join(ROOT, file), join(CDKTF, file));
}
chmodSync(join(CDKTF, "commands", "ecr-cache.js"), 0o755);

const ENGINE = /"(?:cdktf|@cdktf\/[^"]+)"/;
/** A file of the package that another one loads. */
const LOCAL = /(?<=\b(?:require|import)\(|\bfrom )"(\.[^"]*)"/g;
const twins = new Map<string, boolean>();

for (const file of filesIn(CDKTF).filter((name) => !relative(CDKTF, name).startsWith("commands"))) {
  if (!/\.(?:js|d\.ts)$/.test(file) || !hasTwin(moduleOf(file))) continue;
  const twin = join(CDK_TERRAIN, relative(CDKTF, file));
  const text = readFileSync(file, "utf8")
    .replaceAll('"cdktf"', '"cdktn"')
    .replaceAll('"@cdktf/provider-', '"@cdktn/provider-')
    .replace(LOCAL, (all, name: string) => {
      const loaded = join(dirname(file), name);
      return hasTwin(resolved(loaded)) ? all : JSON.stringify(relative(dirname(twin), loaded));
    });
  mkdirSync(dirname(twin), { recursive: true });
  writeFileSync(twin, text);
}

/** Whether a module, or one that it loads, names the engine. */
function hasTwin(module: string): boolean {
  const known = twins.get(module);
  if (known !== undefined) return known;
  twins.set(module, false);
  const texts = [`${module}.js`, `${module}.d.ts`].filter(existsSync).map((file) => readFileSync(file, "utf8"));
  const loaded = texts.flatMap((text) => [...text.matchAll(LOCAL)].map(([, name]) => name!));
  const found =
    texts.some((text) => ENGINE.test(text)) || loaded.some((name) => hasTwin(resolved(join(dirname(module), name))));
  twins.set(module, found);
  return found;
}

function moduleOf(file: string): string {
  return file.replace(/(?:\.d\.ts|\.js)$/, "");
}

/** The module that a path means, which for a folder is its index. */
function resolved(path: string): string {
  return existsSync(`${path}.js`) || existsSync(`${path}.d.ts`) ? path : join(path, "index");
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
