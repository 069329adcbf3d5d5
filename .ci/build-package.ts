/**
 * Makes the package in `dist/`: the compiled library for CDKTF, and the same for CDK Terrain, which has the same names
 * in packages of its own.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { lazyIndex } from "./lazy-index";

const ROOT = join(__dirname, "..");
const CDKTF = join(ROOT, "dist", "cdktf");
const CDK_TERRAIN = join(ROOT, "dist", "cdktn");

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "--project", join(ROOT, "tsconfig.build.json")], { stdio: "inherit" });
for (const file of [
  "environment.schema.json",
  "environments.schema.json",
  "environment-form-validator.js",
  "environment-form-validator.d.ts",
]) {
  cpSync(join(ROOT, "stacks", file), join(CDKTF, "stacks", file));
}

// All are read before any is written, so that each is told by what TypeScript made.
const indexes = filesIn(CDKTF).filter((file) => basename(file) === "index.js");
for (const [file, text] of indexes.map((index) => [index, lazyIndex(index)] as const)) writeFileSync(file, text);

cpSync(CDKTF, CDK_TERRAIN, { recursive: true });
for (const file of filesIn(CDK_TERRAIN).filter((name) => /\.(?:js|d\.ts)$/.test(name))) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll('"cdktf"', '"cdktn"').replaceAll('"@cdktf/provider-', '"@cdktn/provider-'));
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
