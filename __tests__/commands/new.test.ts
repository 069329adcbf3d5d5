import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironments } from "../../stacks";
import { askForMissing, complete } from "../../commands/new-answers";
import { runScript, SCRIPTS } from "../helpers/run-script";

const QA = ["--env", "qa", "--account", "111122223334", "--region", "eu-west-1"];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-new-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command in an empty folder, without a terminal. */
const run = (command: string, ...args: string[]) => runScript(command, args, { cwd: folder });

describe("npm run new", () => {
  test("writes a file that can be read, and says what is next", async () => {
    const { status, stdout, stderr } = await run(
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

  test("is read by the other commands at once, and never overwrites", async () => {
    expect((await run("new", ...QA, "--cache", "quay")).status).toBe(0);
    const file = join(folder, "stacks", "environments", "qa.yaml");
    const before = readFileSync(file, "utf8");
    expect((await run("explain", "--env", "qa", "quay.io/org/app:v1")).stdout).toContain(
      "quay/org/app, created unless",
    );
    expect(await run("new", ...QA, "--cache", "k8s")).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: there is an environment qa already\nhelp/environments.md has more about it\n",
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
  ])("refuses %j and writes nothing", async (args, stderr) => {
    expect(await run("new", ...args)).toEqual({
      status: 1,
      stdout: "",
      stderr: `${stderr}help/environments.md has more about it\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("the questions of npm run new", () => {
  const said = { cache: [], puller: [], backend: "local" } as const;

  test("are about what was not said, and nothing else", async () => {
    const asked: string[] = [];
    const answers = ["111122223334 ", "quay, k8s", "Node"];
    const answered = await askForMissing({ ...said, env: "qa", region: "eu-west-1" }, (question) => {
      asked.push(question.split(":")[0]!.split(",")[0]!);
      return Promise.resolve(answers.shift()!);
    });
    expect(asked).toEqual(["account id", "upstreams to cache", "roles that may pull"]);
    expect(complete(answered)).toEqual({
      env: "qa",
      account: "111122223334",
      region: "eu-west-1",
      cache: ["quay", "k8s"],
      puller: ["Node"],
      backend: "local",
    });
  });

  test("are none where all was said", async () => {
    const all = { ...said, env: "qa", account: "1", region: "r", cache: ["quay"], puller: ["Node"] };
    expect(await askForMissing(all, () => Promise.reject(new Error("asked")))).toEqual(all);
  });
});

test("npm run help prints one screen, of commands that exist", async () => {
  const { status, stdout, stderr } = await run("help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.split("\n").length).toBeLessThanOrEqual(30);
  const named = [...stdout.matchAll(/^ {2}npm (?:run )?([\w:-]+)/gm)].map(([, name]) => name!);
  expect(named.filter((name) => !(name in SCRIPTS))).toEqual([]);
  const others = ["build", "deploy", "diff", "format", "format:check", "help", "lint", "prepack", "schema"];
  const tests = ["test:cdktn", "test:package", "typecheck"];
  expect(
    Object.keys(SCRIPTS)
      .filter((name) => !named.includes(name))
      .sort(),
  ).toEqual([...others, ...tests].sort());
});
