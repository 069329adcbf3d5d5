import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutputError, synthesize } from "../../stacks";
import { samples } from "../../stacks/samples";
import { writeOutput, writeWhole } from "../../stacks/write-output";
import { ROOT } from "../helpers/run-script";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-output-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const [dev] = samples;

test.each([
  ["the stack", ["stacks", "dev", "cdk.tf.json"]],
  ["its report", ["stacks", "dev", "report.md"]],
  ["the folder of the stack", ["stacks", "dev"]],
  ["the folder of the stacks", ["stacks"]],
  ["the manifest", ["manifest.json"]],
  ["the overview", ["report.md"]],
  ["the output folder itself", []],
])("a link in the place of %s is refused, and nothing is written anywhere", (_, path) => {
  const elsewhere = join(folder, "elsewhere");
  const isFolder = path.length === 0 || !path.at(-1)!.includes(".");
  if (isFolder) mkdirSync(elsewhere);
  else writeFileSync(elsewhere, "precious");
  const outdir = join(folder, "out");
  const link = join(outdir, ...path);
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(elsewhere, link);
  expect(() => synthesize([dev!], outdir)).toThrow(OutputError);
  expect(() => synthesize([dev!], outdir)).toThrow(`${link} is a symbolic link; remove it`);
  if (isFolder) expect(readdirSync(elsewhere)).toEqual([]);
  else expect(readFileSync(elsewhere, "utf8")).toBe("precious");
});

test("what else is in the output folder is left alone, and nothing remains of the preparation", () => {
  const stack = join(folder, "stacks", "dev");
  mkdirSync(join(stack, ".terraform"), { recursive: true });
  writeFileSync(join(stack, "plan"), "mine");
  synthesize([dev!], folder);
  expect(readdirSync(stack).sort()).toEqual([".terraform", "cdk.tf.json", "plan", "report.md"]);
  expect(readdirSync(folder).sort()).toEqual(["manifest.json", "report.md", "stacks"]);
});

test("work that fails half way leaves the folder as it was, and makes none", () => {
  const fail = (prepared: string) => {
    writeFileSync(join(prepared, "a.json"), "{}");
    throw new Error("half way");
  };
  expect(() => writeOutput(join(folder, "new", "out"), fail)).toThrow("half way");
  expect(readdirSync(folder)).toEqual([]);
  writeWhole(join(folder, "a.json"), '{"a":1}');
  expect(() => writeOutput(folder, fail)).toThrow("half way");
  expect(readdirSync(folder)).toEqual(["a.json"]);
  expect(readFileSync(join(folder, "a.json"), "utf8")).toBe('{"a":1}');
});

test("what a killed process prepared is removed after an hour, and no earlier", () => {
  const [old, recent] = [".preparing-old", ".preparing-new"].map((name) => join(folder, name));
  for (const path of [old!, recent!]) mkdirSync(path);
  const long = (Date.now() - 61 * 60 * 1000) / 1000;
  utimesSync(old!, long, long);
  writeWhole(join(folder, "a.json"), "{}");
  expect(readdirSync(folder).sort()).toEqual([".preparing-new", "a.json"]);
});

test("characters that cannot be seen are escaped in JSON, which means the same", () => {
  const text = '{"a":"\u202e\u200b\u0085\u{e0041}é"}';
  writeWhole(join(folder, "a.json"), text);
  const written = readFileSync(join(folder, "a.json"), "utf8");
  expect(written).toBe('{"a":"\\u202e\\u200b\\u0085\\udb40\\udc41é"}');
  expect(JSON.parse(written)).toEqual(JSON.parse(text));
});

/** Synthesises one environment again and again: each time it is a version newer, and of another size. */
const WRITER = `
import { synthesize } from ${JSON.stringify(join(ROOT, "stacks", "synthesize.ts"))};
for (let version = 1; version <= Number(process.env.VERSIONS); version++) {
  const templates = Array.from({ length: version % 2 === 0 ? 40 : 3 }, (_, index) => ({ prefix: "p" + index + "0" }));
  const environment = {
    name: "dev", accountId: "111122223333", region: "us-east-1", backend: { type: "local" as const },
    caches: [{ upstream: "quay" as const }], tags: { version: String(version) }, templates,
  };
  synthesize([environment], process.env.OUT);
}
`;

function startWriter(versions: number): ReturnType<typeof spawn> {
  const script = join(folder, "writer.ts");
  writeFileSync(script, WRITER);
  const env = { ...process.env, OUT: join(folder, "out"), VERSIONS: String(versions) };
  return spawn(process.execPath, ["--import", "tsx", script], { cwd: ROOT, env, stdio: "inherit" });
}

/** The versions that a reader finds, of a stack that is whole JSON and a report that has its end. */
function readVersions(): { readonly stack: number; readonly report: number } | undefined {
  const stack = join(folder, "out", "stacks", "dev");
  if (!existsSync(join(stack, "cdk.tf.json"))) return undefined;
  const json = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as object;
  const report = readFileSync(join(stack, "report.md"), "utf8");
  expect(report).toMatch(/^# dev\n[^]*## Other resources[^]*\n$/);
  return {
    stack: Number(/"version":"(\d+)"/.exec(JSON.stringify(json))![1]),
    report: Number(/version=(\d+)/.exec(report)![1]),
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("a reader finds a whole stack and a whole report at any moment of many syntheses", async () => {
  const writer = startWriter(30);
  const ended = new Promise((resolve) => writer.on("close", resolve));
  let running = true;
  void ended.then(() => (running = false));
  const found = new Set<number>();
  while (running) {
    const versions = readVersions();
    if (versions !== undefined) found.add(versions.stack);
    await pause(1);
  }
  expect(await ended).toBe(0);
  expect(found.size).toBeGreaterThan(10);
  expect(readVersions()).toEqual({ stack: 30, report: 30 });
});

test("whenever it is killed, there is a whole stack, and none that is newer than its report", async () => {
  for (const delay of [0, 7, 15, 22, 31]) {
    const writer = startWriter(100_000);
    while (readVersions() === undefined) await pause(5);
    await pause(40 + delay);
    writer.kill("SIGKILL");
    await new Promise((resolve) => writer.on("close", resolve));
    const { stack, report } = readVersions()!;
    expect([stack, stack + 1]).toContain(report);
    rmSync(join(folder, "out"), { recursive: true });
  }
});
