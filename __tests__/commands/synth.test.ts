import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "../helpers/run-script";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-synth-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const synth = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runScript("synth", args, { cwd: folder, env });
const stacksIn = (out = "cdktf.out") => readdirSync(join(folder, out, "stacks")).sort();
const inManifest = (out = "cdktf.out") => {
  const manifest = JSON.parse(readFileSync(join(folder, out, "manifest.json"), "utf8")) as { stacks: object };
  return Object.keys(manifest.stacks).sort();
};

/** An environment in two Regions, next to the samples. */
function describeQa(content = ""): void {
  mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
  const qa = `environments:
  - name: qa
    accountId: "999988887777"
    region: us-east-1
    additionalRegions: { eu-west-1: {} }
    backend: { type: local }
    caches: [{ upstream: quay }]
${content}`;
  writeFileSync(join(folder, "stacks", "environments", "qa.yaml"), qa);
}

const WRITTEN = (names: readonly string[], out = "cdktf.out") =>
  [
    ...names.map((name) => `${name}: ${out}/stacks/${name}/cdk.tf.json`),
    `Read report.md beside each, then: npx cdktf deploy ${names.length === 1 ? names[0]! : "<stack>"}`,
    "",
  ].join("\n");

test.each([
  ["--env", ["--env", "prod,staging"], {}, ["staging", "prod"]],
  ["--env with spaces and a Region's stack", ["-e", "qa-eu-west-1, dev"], {}, ["dev", "qa-eu-west-1"]],
  ["an environment with all its Regions", ["--env=qa"], {}, ["qa", "qa-eu-west-1"]],
  ["the variable that cdktf deploy passes on", [], { SYNTH_ENV: "prod" }, ["prod"]],
  ["a variable that is empty", [], { SYNTH_ENV: "" }, ["dev", "staging", "prod", "qa", "qa-eu-west-1"]],
  ["the option before the variable", ["--env", "dev"], { SYNTH_ENV: "prod" }, ["dev"]],
])("writes what is chosen by %s", async (_, args, env, names) => {
  describeQa();
  expect(await synth(args, env)).toEqual({ status: 0, stdout: WRITTEN(names), stderr: "" });
  expect(stacksIn()).toEqual([...names].sort());
  expect(inManifest()).toEqual([...names].sort());
});

test("checks the environments that are not chosen, too", async () => {
  describeQa("    regoin: x\n");
  const { status, stdout, stderr } = await synth(["--env", "prod"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("qa.yaml:8:5 qa: regoin is not a known field");
  expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
});

test("writes the chosen stack as it is among all", async () => {
  await synth();
  const all = readFileSync(join(folder, "cdktf.out", "stacks", "prod", "cdk.tf.json"), "utf8");
  await synth(["--env", "prod", "--out", "one"]);
  expect(readFileSync(join(folder, "one", "stacks", "prod", "cdk.tf.json"), "utf8")).toBe(all);
});

test.each([
  [["--env", "nix"], "error: no environment is called nix; there are dev, staging, prod\n"],
  [["--env", "prod,"], "error: no environment is called ; there are dev, staging, prod\n"],
  [["--frob"], "error: unknown option '--frob'\n(--help lists the options)\n"],
  [["prod"], "error: too many arguments. Expected 0 arguments but got 1.\n(--help lists the options)\n"],
  [["--check", "--out", "x"], "error: option '--check' cannot be used with option '-o, --out <folder>'\n"],
])("refuses %s, and writes nothing", async (args, message) => {
  const { status, stdout, stderr } = await synth(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(message);
  expect(readdirSync(folder)).toEqual([]);
});

test("removes stacks that are no longer described, and leaves everything else", async () => {
  describeQa();
  await synth();
  const stacks = join(folder, "cdktf.out", "stacks");
  mkdirSync(join(stacks, "qa", ".terraform"));
  mkdirSync(join(stacks, "dev", ".terraform"));
  mkdirSync(join(stacks, "notes"));
  writeFileSync(join(stacks, "notes", "main.tf"), "");
  rmSync(join(folder, "stacks"), { recursive: true });
  await synth(["--env", "prod"]);
  expect(stacksIn()).toEqual(["dev", "notes", "prod", "staging"]);
  expect(readdirSync(join(stacks, "dev")).sort()).toEqual([".terraform", "cdk.tf.json", "report.md"]);
});

test("leaves the stacks as they were if there is a problem", async () => {
  await synth();
  describeQa("    regoin: x\n");
  expect((await synth()).status).toBe(1);
  expect(stacksIn()).toEqual(["dev", "prod", "staging"]);
});

describe("--check", () => {
  test("tells that there are no problems, and writes nothing", async () => {
    expect(await synth(["--check"])).toEqual({
      status: 0,
      stdout: "dev: no problems\nstaging: no problems\nprod: no problems\n",
      stderr: "",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("tells problems, and writes nothing", async () => {
    describeQa("    regoin: x\n");
    const { status, stdout, stderr } = await synth(["--check"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("regoin is not a known field");
    expect(readdirSync(folder)).toEqual(["stacks"]);
  });

  test("tells what only the engine's provider refuses", async () => {
    describeQa("    templates: [{ prefix: app, appliedFor: [CREATE_ON_PUSH] }]\n");
    const { status, stderr } = await synth(["--check"]);
    expect({ status, refused: stderr.includes("templates[0].appliedFor must not") }).toEqual(
      process.env.ENGINE === "cdktn" ? { status: 0, refused: false } : { status: 1, refused: true },
    );
    expect(readdirSync(folder)).toEqual(["stacks"]);
  });
});

test("writes to the folder of --out, and local states stay in the working directory", async () => {
  expect(await synth(["--env", "dev", "--out", "build/tf"])).toEqual({
    status: 0,
    stdout: WRITTEN(["dev"], "build/tf"),
    stderr: "",
  });
  const { terraform } = JSON.parse(
    readFileSync(join(folder, "build", "tf", "stacks", "dev", "cdk.tf.json"), "utf8"),
  ) as { terraform: { backend: object } };
  expect(terraform.backend).toEqual({ local: { path: "../../../../terraform.dev.tfstate" } });
});
