/**
 * Packs the library, installs it into empty projects as a user would, and there compiles and runs a consumer with a
 * construct of its own: on CDKTF, on CDK Terrain, and on the oldest CDKTF and provider that the package says it works
 * with. What they write must be what the sources write here.
 * It reads and changes nothing outside a temporary folder, but it needs a package registry.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import cdkTerrain from "../../.ci/cdktn/package.json";
import packageJson from "../../package.json";

interface Engine {
  /** The project's name. */
  readonly title: string;
  readonly name: "cdktf" | "cdktn";
  readonly provider: "@cdktf/provider-aws" | "@cdktn/provider-aws";
  /** What the package is imported as. */
  readonly library: string;
  /** The versions that are installed. */
  readonly versions: Readonly<Record<string, string>>;
}

const { peerDependencies } = packageJson;
const devDependencies = { ...packageJson.devDependencies, ...cdkTerrain.dependencies };
/** The oldest version of each peer that the package says it works with. */
const OLDEST = Object.fromEntries(Object.entries(peerDependencies).map(([peer, range]) => [peer, range.slice(1)]));
const CDKTF = { name: "cdktf", provider: "@cdktf/provider-aws", library: "ecr-pull-through-cache" } as const;
const CDKTN = { name: "cdktn", provider: "@cdktn/provider-aws", library: "ecr-pull-through-cache/cdktn" } as const;
const ENGINES: readonly Engine[] = [
  { ...CDKTF, title: "cdktf", versions: devDependencies },
  { ...CDKTN, title: "cdktn", versions: devDependencies },
  { ...CDKTF, title: "cdktf, oldest", versions: { ...devDependencies, ...OLDEST } },
];
const ROOT = join(__dirname, "..", "..");
const counts = { passed: 0, failed: 0, skipped: 0 };

const folder = mkdtempSync(join(tmpdir(), "ecr-package-"));
try {
  run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function run(): void {
  const packed = npm(ROOT, "pack", "--pack-destination", folder);
  if (!expectSuccess("npm pack", packed)) return;
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz"))!,
  );
  const files = spawnSync("tar", ["--list", "--file", tarball], { encoding: "utf8" }).stdout.trim().split("\n");
  const allowed = /^package\/(?:dist\/|help\/|CHANGELOG\.md$|LICENSE$|README\.md$|package\.json$)/;
  report(
    "the package holds nothing but what is meant",
    files.filter((file) => !allowed.test(file)),
  );
  const written = ENGINES.map((engine) => consume(engine, tarball));
  if (written.every((stacks) => stacks !== undefined)) compareEngines(written);
}

/** Installs, compiles and runs a consumer, and returns the stacks that it wrote. */
function consume(engine: Engine, tarball: string): Record<string, unknown> | undefined {
  const { title, name: engineName, provider, library, versions } = engine;
  const project = mkdtempSync(join(folder, `${engineName}-`));
  const asked = [engineName, provider, "constructs", "typescript", "@types/node"];
  const dependencies = Object.fromEntries(asked.map((one) => [one, versions[one]]));
  const manifest = { private: true, dependencies: { ...dependencies, "ecr-pull-through-cache": `file:${tarball}` } };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const install = npm(project, "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
  if (install.status !== 0 && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED/.test(install.stderr)) {
    counts.skipped += 1;
    console.log(`SKIPPED ${title}: the package registry cannot be reached\n${install.stderr}`);
    return undefined;
  }
  if (!expectSuccess(`${title}: npm install`, install)) return undefined;

  const source = readFileSync(join(__dirname, "consumer.ts.txt"), "utf8")
    .replaceAll('"ecr-pull-through-cache', `"${library}`)
    .replaceAll('"cdktf"', `"${engineName}"`)
    .replaceAll('"@cdktf/provider-aws/', `"${provider}/`);
  writeFileSync(join(project, "consumer.ts"), source);
  copyFileSync(join(ROOT, "help", "environments.yaml"), join(project, "environments.yaml"));
  compile(project, title, "Node10");
  if (!compile(project, title, "Node16")) return undefined;

  const consumer = node(project, "consumer.js");
  if (!expectSuccess(`${title}: the consumer runs`, consumer)) return undefined;
  const other = engineName === "cdktf" ? "cdktn" : "cdktf";
  const loaded = consumer.stdout.trim().split("\n");
  const loadedOther = loaded.filter((file) => file.includes(`/node_modules/${other}/`));
  report(`${title}: nothing of ${other} is loaded`, loadedOther);

  const esm = `import { EcrRegistry, resolveImage } from "${library}"; import { synthesize } from "${library}/stacks";
    console.log([EcrRegistry, resolveImage, synthesize].map((one) => typeof one).join());`;
  writeFileSync(join(project, "consumer.mjs"), esm);
  const imported = node(project, "consumer.mjs");
  report(
    `${title}: ES modules can import it`,
    imported.stdout.trim() === "function,function,function" ? [] : [imported],
  );

  const optional = `import("ecr-pull-through-cache/operations").catch(({ message }) => console.log(message.split("\\n")[0]));`;
  writeFileSync(join(project, "optional.mjs"), optional);
  const told = node(project, "optional.mjs");
  report(
    `${title}: what needs an optional package says which`,
    told.stdout.trim() === "Cannot find module 'p-limit'" ? [] : [told],
  );

  return compareWithSources(title, project);
}

/** Strictly, and with the declarations of the package itself; those of the engine are not ours to fix. */
function compile(project: string, name: string, moduleResolution: "Node10" | "Node16"): boolean {
  const module = moduleResolution === "Node10" ? "CommonJS" : "Node16";
  const options = { strict: true, target: "ES2022", module, moduleResolution, types: ["node"], skipLibCheck: false };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["consumer.ts"] }));
  const { stdout } = node(project, "node_modules/typescript/bin/tsc", "--pretty", "false");
  const problems = stdout.split("\n").filter((line) => /error TS/.test(line));
  const engines = ENGINES.flatMap((one) => [one.name, one.provider]);
  const ours = problems.filter((line) => !engines.some((one) => line.startsWith(`node_modules/${one}/`)));
  return report(`${name}: a strict consumer compiles (${moduleResolution})`, ours);
}

function compareWithSources(name: string, project: string): Record<string, unknown> {
  const stacks = stacksIn(join(project, "cdktf.out"));
  const golden = Object.keys(stacks).filter((stack) => stack !== "own");
  const different = golden.filter((stack) => {
    const expected: unknown = JSON.parse(
      readFileSync(join(ROOT, "__tests__", "stacks", "golden", `${stack}.tf.json`), "utf8"),
    );
    return !isDeepStrictEqual(resourcesOf(stacks[stack]), resourcesOf(expected));
  });
  report(`${name}: the samples are what the sources write (${golden.join(", ")})`, different);
  report(
    `${name}: all stacks are there`,
    isDeepStrictEqual(Object.keys(stacks).sort(), ["dev", "own", "prod"]) ? [] : golden,
  );
  return stacks;
}

function compareEngines([one, other]: readonly (Record<string, unknown> | undefined)[]): void {
  const different = Object.keys(one!).filter((name) => {
    return !isDeepStrictEqual(resourcesOf(one![name]), resourcesOf(other![name]));
  });
  report("both engines write the same resources at the same addresses", different);
}

function stacksIn(outdir: string): Record<string, unknown> {
  const names = readdirSync(join(outdir, "stacks"));
  return Object.fromEntries(
    names.map((name) => [name, JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"))]),
  );
}

function resourcesOf(stack: unknown): unknown {
  const { resource, output, variable } = stack as Record<string, unknown>;
  return { resource, output, variable };
}

function npm(cwd: string, ...args: string[]) {
  return spawnSync("npm", args, { cwd, encoding: "utf8" });
}

function node(cwd: string, ...args: string[]) {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", NODE_OPTIONS: "" };
  return spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
}

function expectSuccess(
  what: string,
  { status, stdout, stderr }: { status: number | null; stdout: string; stderr: string },
) {
  return report(what, status === 0 ? [] : [stdout, stderr]);
}

function report(what: string, problems: readonly unknown[]): boolean {
  const passed = problems.length === 0;
  counts[passed ? "passed" : "failed"] += 1;
  const lines = problems.map((problem) => `\n    ${typeof problem === "string" ? problem : JSON.stringify(problem)}`);
  console.log(`${passed ? "ok" : "FAILED"} ${what}${lines.join("")}`);
  return passed;
}
