import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadEnvironments } from "../../stacks";
import packageJson from "../../package.json";

const ROOT = join(__dirname, "..", "..");
const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
const QA = ["--env", "qa", "--account", "111122223334", "--region", "eu-west-1"];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-new-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command in an empty folder, without a terminal. */
function run(command: string, ...args: string[]) {
  const script = join(ROOT, "commands", `${command}.ts`);
  const options = { cwd: folder, encoding: "utf8", input: "" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", LOADER, script, ...args], options);
  return { status, stdout, stderr };
}

describe("npm run new", () => {
  test("writes a file that can be read, and says what is next", () => {
    const { status, stdout, stderr } = run(
      "new",
      ...QA,
      "--cache",
      "quay",
      "--cache",
      "docker-hub",
      "--puller",
      "node",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "wrote stacks/environments/qa.yaml",
      "next:",
      "  npm run synth                     # then read cdktf.out/stacks/qa/report.md",
      "  export TF_VAR_docker_hub_username=… TF_VAR_docker_hub_access_token=…",
      "  npx cdktf deploy qa",
      "",
    ]);
    expect(loadEnvironments(join(folder, "stacks", "environments", "qa.yaml"))).toEqual([
      {
        name: "qa",
        accountId: "111122223334",
        region: "eu-west-1",
        backend: { type: "local" },
        caches: [{ upstream: "quay" }, { upstream: "docker-hub", credential: { type: "managed-secret" } }],
        pullers: [{ role: "node" }],
      },
    ]);
  });

  test("is read by the other commands at once, and never overwrites", () => {
    expect(run("new", ...QA, "--cache", "quay").status).toBe(0);
    const file = join(folder, "stacks", "environments", "qa.yaml");
    const before = readFileSync(file, "utf8");
    expect(run("explain", "--env", "qa", "quay.io/org/app:v1").stdout).toContain("quay/org/app, created unless");
    expect(run("new", ...QA, "--cache", "k8s")).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: there is an environment qa already\n",
    });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test.each([
    [[], "error: missing --env, --account, --region (--help lists the options)\n"],
    [
      ["--env", "qa", "--account", "1", "--region", "mars"],
      'error: no file was written:\n  accountId must be 12 digits, got "1"; write the account id, e.g. "111122223333"\n' +
        '  region must be the name of an AWS region, got "mars"; write e.g. "us-east-1"\n',
    ],
    [
      [...QA, "--cache", "gcr"],
      "error: no upstream is called gcr; there are docker-hub, quay, ecr-public, k8s, github-container-registry, " +
        "gitlab-container-registry, chainguard, azure-container-registry, ecr\n",
    ],
    [
      [...QA, "--cache", "ecr"],
      "error: ecr needs to know which registry: write that into the file, as help/upstreams.md says\n",
    ],
    [[...QA, "--backend", "s3"], "error: --backend s3 needs --bucket\n"],
    [[...QA, "--backend", "cloud"], "error: --backend cloud needs --organization\n"],
  ])("refuses %j and writes nothing", (args, stderr) => {
    expect(run("new", ...args)).toEqual({ status: 1, stdout: "", stderr });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("npm run help prints one screen, of commands that exist", () => {
  const { status, stdout, stderr } = run("help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.split("\n").length).toBeLessThanOrEqual(30);
  const named = [...stdout.matchAll(/^ {2}npm (?:run )?([\w:-]+)/gm)].map(([, name]) => name!);
  expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  const others = ["build", "deploy", "diff", "format", "format:check", "help", "lint", "prepack", "schema"];
  const tests = ["test:cdktn", "test:package", "typecheck"];
  expect(
    Object.keys(packageJson.scripts)
      .filter((name) => !named.includes(name))
      .sort(),
  ).toEqual([...others, ...tests].sort());
});
