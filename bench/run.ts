/** Measures speed and size: `npm run bench`. What it prints is Markdown, for help/speed.md. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Contender, measure, Measured } from "./measure";
import { assertSameResources, countResources } from "./same-resources";

const ROOT = join(__dirname, "..");
const COMPILED = join(__dirname, "out", "bench", "cases");
const folder = mkdtempSync(join(tmpdir(), "ecr-bench-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});

interface Options {
  readonly quick?: true;
  readonly only?: string;
  readonly json?: string;
}

const results: Record<string, unknown> = {};

const CASES: Readonly<Record<string, (options: Options) => void>> = {
  synth: benchSynth,
  checks: benchChecks,
  import: benchImports,
  calls: benchCalls,
  retries: benchRetries,
  cli: benchCli,
  types: benchTypes,
  terraform: countTerraform,
  install: benchInstall,
};

new Command("bench")
  .description("Measure speed and size, each case in processes of its own.")
  .option("--quick", "fewer runs, and at most 100 environments")
  .option("--only <case>", `one of ${Object.keys(CASES).join(", ")}`)
  .option("--json <file>", "write the numbers to a file, too")
  .action((options: Options) => {
    prepare();
    const [cpu] = cpus();
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    );
    for (const [name, run] of Object.entries(CASES))
      if (options.only === undefined || options.only === name) run(options);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  })
  .parse();

/** Compiles what is measured, as users have it compiled, and installs what only the benchmarks need. */
function prepare(): void {
  if (!existsSync(join(__dirname, "node_modules"))) {
    execFileSync("npm", ["ci", "--silent", "--no-audit"], { cwd: __dirname, stdio: "inherit" });
  }
  execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  execFileSync(join(ROOT, "node_modules", ".bin", "tsc"), ["--project", __dirname], { stdio: "inherit" });
  // What was compiled for the package takes the place of what was compiled beside the cases.
  cpSync(join(ROOT, "dist", "cdktf"), join(__dirname, "out"), { recursive: true });
  // Compiled cases find the AWS CDK where the benchmarks have it.
  const link = join(__dirname, "out", "node_modules");
  if (!existsSync(link)) symlinkSync(join(__dirname, "node_modules"), link);
}

function node(name: string, script: string, ...args: string[]): Contender {
  return { name, command: [process.execPath, join(COMPILED, `${script}.js`), ...args], cwd: ROOT };
}

function benchSynth({ quick }: Options): void {
  for (const count of quick ? [3, 100] : [3, 100, 1000]) {
    const outdir = (name: string) => join(folder, `${name}-${count}`);
    const contenders = [
      node("hand-written CDKTF", "synth-by-hand", String(count), outdir("by-hand")),
      node("this library", "synth-ours", String(count), outdir("ours")),
      node("by hand, quiet tokens", "synth-by-hand", String(count), outdir("quiet"), "without-creation-stacks"),
      node("AWS CDK, L1", "synth-aws-cdk", String(count), outdir("aws-cdk")),
    ];
    const measured = measure(contenders, runsFor(count, quick));
    assertSameResources(outdir("by-hand"), outdir("ours"), "env-0");
    table(`Synthesis of ${count} environments`, measured);
  }
}

/** The difference between a process that checks and reports, and one that only describes the same environments. */
function benchChecks({ quick }: Options): void {
  const count = String(quick ? 100 : 1000);
  const outdir = join(folder, "whole");
  const [nothing, everything, whole] = measure(
    [
      node("describing the environments", "checks-and-reports", count),
      node("and all checks and reports", "checks-and-reports", count, "everything"),
      node("the whole synthesis", "synth-ours", count, outdir),
    ],
    runsFor(Number(count), quick),
  ) as [Measured, Measured, Measured];
  table(`Checks and reports of ${count} environments`, [nothing, everything, whole]);
  const part = (everything.cpu - nothing.cpu) / whole.cpu;
  console.log(`\nChecks and reports are ${(part * 100).toFixed(0)} % of the processor time of the synthesis.`);
}

function benchImports({ quick }: Options): void {
  const dist = join(ROOT, "dist", "cdktf");
  const providers = [
    "ecr-pull-through-cache-rule",
    "ecr-registry-policy",
    "ecr-registry-scanning-configuration",
    "ecr-repository-creation-template",
    "iam-role",
    "iam-role-policy",
    "kms-alias",
    "kms-key",
    "secretsmanager-secret",
    "secretsmanager-secret-version",
  ].map((name) => require.resolve(`@cdktf/provider-aws/lib/${name}`));
  const load = (name: string, ...modules: string[]) => node(name, "require-modules", ...modules);
  const subpaths = [
    "modules/domain",
    "modules/domain/lifecycle",
    "modules/domain/policy",
    "stacks",
    "modules/ecr-registry",
  ];
  const measured = measure(
    [
      load('require("cdktf")', require.resolve("cdktf")),
      load("cdktf and the provider files that a registry uses", require.resolve("cdktf"), ...providers),
      load("the package's root", join(dist, "modules")),
      ...subpaths.map((path) => load(`the package's ${path.replace("modules/", "")}`, join(dist, path))),
    ],
    quick ? 5 : 15,
  );
  table("Loading", measured);
}

function benchCalls(): void {
  const text = execFileSync(process.execPath, [join(COMPILED, "calls.js")], { encoding: "utf8" });
  const { sizes, rows } = JSON.parse(text) as { sizes: number[]; rows: Record<string, number[]> };
  results.calls = { sizes, rows };
  console.log("\n### Calls, in microseconds\n");
  console.log(
    `| call | ${sizes.map((size) => `${size} rules`).join(" | ")} |\n| --- |${" ---: |".repeat(sizes.length)}`,
  );
  for (const [name, times] of Object.entries(rows)) {
    console.log(`| ${name} | ${times.map((time) => time.toFixed(1)).join(" | ")} |`);
  }
}

function benchRetries(): void {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const text = execFileSync(process.execPath, [join(COMPILED, "retries.js")], { encoding: "utf8", env });
  const measured = JSON.parse(text) as {
    readonly calls: number;
    readonly contenders: readonly string[];
    readonly rows: Readonly<Record<string, Readonly<Record<string, { seconds: number; failed: number }>>>>;
  };
  results.retries = measured;
  const { calls, contenders, rows } = measured;
  console.log(`\n### ${calls} calls, ten at once, while ECR throttles: seconds, and calls that failed\n`);
  console.log(`| ECR | ${contenders.join(" | ")} |\n| --- |${" ---: |".repeat(contenders.length)}`);
  for (const [scenario, times] of Object.entries(rows)) {
    const cells = contenders.map((one) => {
      const { seconds, failed } = times[one]!;
      return `${seconds.toFixed(1)}${failed > 0 ? `, ${failed} failed` : ""}`;
    });
    console.log(`| ${scenario} | ${cells.join(" | ")} |`);
  }
}

function benchCli({ quick }: Options): void {
  const project = (name: string, app: string) => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
    writeFileSync(join(cwd, "cdktf.json"), JSON.stringify({ language: "typescript", app, projectId: name }));
    return cwd;
  };
  const nothing = "node -e \"new (require('cdktf').App)().synth()\"";
  const cdktf = [join(ROOT, "node_modules", ".bin", "cdktf"), "synth"];
  process.env.CHECKPOINT_DISABLE = "1";
  const measured = measure(
    [
      { name: "the CLI over an app that does nothing", command: cdktf, cwd: project("nothing", nothing) },
      { name: "the CLI over the three samples", command: cdktf, cwd: ROOT },
      { name: "npm run synth over the three samples", command: ["npm", "run", "--silent", "synth"], cwd: ROOT },
    ],
    quick ? 3 : 7,
  );
  table("The command line", measured);
}

function benchTypes(): void {
  const tsc = [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "--extendedDiagnostics", "--project", ROOT];
  const text = execFileSync(process.execPath, tsc, { encoding: "utf8" });
  const of = (what: string) => /([\d.]+)/.exec(new RegExp(`^${what}:\\s*(.*)$`, "m").exec(text)![1]!)![1]!;
  results.types = { seconds: Number(of("Total time")), kilobytes: Number(of("Memory used")) };
  console.log(
    `\nType check of everything: ${of("Total time")} s, ${(Number(of("Memory used")) / 1024).toFixed(0)} MB.`,
  );
}

function countTerraform(): void {
  execFileSync("npm", ["run", "--silent", "synth"], { cwd: ROOT, stdio: "ignore" });
  const stacks = join(ROOT, "cdktf.out", "stacks");
  console.log("\n### What Terraform is asked for\n\n| sample | resources | data sources |\n| --- | ---: | ---: |");
  for (const name of readdirSync(stacks)) {
    const counts = countResources(join(stacks, name, "cdk.tf.json"));
    results[`terraform ${name}`] = counts;
    console.log(`| ${name} | ${counts.resources} | ${counts.dataSources} |`);
  }
}

/** What a production install takes, beside that of the four packages alone. */
function benchInstall(): void {
  const peers = ["cdktf", "@cdktf/provider-aws", "constructs"].map((name) => `${name}@${versionOf(name)}`);
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const tarball = join(folder, execFileSync("npm", pack, { cwd: ROOT, encoding: "utf8" }).trim().split("\n").at(-1)!);
  const install = (name: string, ...packages: string[]) => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), '{"private":true}');
    execFileSync("npm", ["install", "--silent", "--no-audit", "--omit=dev", ...packages], { cwd, stdio: "ignore" });
    return sizeOf(join(cwd, "node_modules"));
  };
  const alone = install("alone", ...peers);
  const together = install("together", ...peers, tarball);
  results.install = { alone, together };
  console.log(
    `\nInstalled: ${megabytes(together)} with the library, ${megabytes(alone)} without it: ${megabytes(together - alone)} more.`,
  );
}

function versionOf(name: string): string {
  const file = join(ROOT, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function sizeOf(path: string): number {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.reduce(
    (sum, entry) => (entry.isFile() ? sum + statSync(join(entry.parentPath, entry.name)).size : sum),
    0,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function runsFor(count: number, quick: true | undefined): number {
  if (quick) return 3;
  return count >= 1000 ? 3 : 9;
}

/** Ratios are to the first contender, and of processor time where that is known. */
function table(title: string, measured: readonly Measured[]): void {
  results[title] = measured;
  const [first] = measured;
  const hasCpu = measured.every(({ cpu }) => !Number.isNaN(cpu));
  const basis = hasCpu ? "cpu" : "wall";
  console.log(`\n### ${title}\n\n| | wall | processor | memory | ratio (${hasCpu ? "processor" : "wall"}) |`);
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { name, wall, cpu, rss, ...rest } of measured) {
    const ratio = ({ ...rest, wall, cpu }[basis] / first![basis]).toFixed(2);
    const cells = hasCpu ? [`${cpu.toFixed(0)} ms`, `${rss.toFixed(0)} MB`] : ["", ""];
    console.log(`| ${name} | ${wall.toFixed(0)} ms | ${cells.join(" | ")} | ${ratio} |`);
  }
}
