import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironments } from "../../stacks";
import { askForMissing, NewOptions, toEnvironment } from "../../commands/new-answers";
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
      "the state will be in the file terraform.qa.tfstate, on this machine only",
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
        caches: [{ upstream: "quay" }, { upstream: "docker-hub", credential: { type: "new-secret" } }],
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
      stderr: "error: there is an environment qa already\nhelp/environments.md is about this command\n",
    });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test.each([
    [[], "error: missing --env, --account, --region, --cache (--help lists the options)\n"],
    [QA, "error: missing --cache (--help lists the options)\n"],
    [
      ["--env", "qa", "--account", "1", "--region", "mars", "--cache", "quay"],
      'error: no file was written:\n  accountId must be 12 digits, got "1"; write the account id, e.g. "111122223333"\n' +
        '  region must be the name of an AWS region, got "mars"; write e.g. "us-east-1"\n',
    ],
    [
      [...QA, "--cache", "gcr"],
      "error: no upstream is called gcr; there are docker-hub, quay, ecr-public, k8s, github-container-registry, " +
        "gitlab-container-registry, chainguard, azure-container-registry=<registry>, ecr=<account>/<region>\n",
    ],
    [[...QA, "--cache", "ecr"], "error: ecr needs to know which registry: ecr=111122223333/us-east-1\n"],
    [
      [...QA, "--cache", "azure-container-registry"],
      "error: azure-container-registry needs to know which registry: azure-container-registry=contoso\n",
    ],
    [[...QA, "--cache", "quay", "--backend", "s3"], "error: --backend s3 needs --bucket\n"],
    [[...QA, "--cache", "quay", "--backend", "cloud"], "error: --backend cloud needs --organization\n"],
    [[...QA, "--cache", "quay", "--bucket", "b"], "error: --bucket needs --backend s3\n"],
    [[...QA, "--cache", "quay", "--organization", "o"], "error: --organization needs --backend cloud\n"],
  ])("refuses %j and writes nothing", async (args, stderr) => {
    expect(await run("new", ...args)).toEqual({
      status: 1,
      stdout: "",
      stderr: `${stderr}help/environments.md is about this command\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("npm run new knows which registry is meant where a name is not enough", () => {
  const cache = ["azure-container-registry=contoso", "ecr=444455556666/eu-west-1"];
  const options = { env: "qa", account: "111122223334", region: "eu-west-1", cache, puller: [] };
  expect(toEnvironment(options).caches).toEqual([
    { upstream: "azure-container-registry", registryName: "contoso", credential: { type: "new-secret" } },
    { upstream: "ecr", upstreamRegistry: { accountId: "444455556666", region: "eu-west-1" } },
  ]);
});

describe("the questions of npm run new", () => {
  /** What is asked, and what comes of it. */
  const answer = async (said: Partial<NewOptions>, ...answers: string[]) => {
    const asked: string[] = [];
    const answered = await askForMissing({ cache: [], puller: [], ...said }, (question) => {
      asked.push(question);
      return Promise.resolve(answers.shift()!);
    });
    expect(answers).toEqual([]);
    return {
      asked: asked.map((question) => question.split("\n").at(-1)!.split(/[:,]/)[0]!),
      answered,
      questions: asked,
    };
  };

  test("are about what was not said, and nothing else", async () => {
    const { asked, answered } = await answer(
      { env: "qa", region: "eu-west-1" },
      "111122223334 ",
      "quay, k8s",
      "Node",
      "local",
    );
    expect(asked).toEqual([
      "account id",
      "upstreams to cache",
      "roles that may pull",
      "where Terraform keeps its state",
    ]);
    expect(toEnvironment(answered)).toEqual({
      name: "qa",
      accountId: "111122223334",
      region: "eu-west-1",
      backend: { type: "local" },
      caches: [{ upstream: "quay" }, { upstream: "k8s" }],
      pullers: [{ role: "Node" }],
    });
  });

  const all = { env: "qa", account: "111122223334", region: "eu-west-1", cache: ["quay"], puller: ["Node"] };

  test("are none where all was said", async () => {
    expect((await answer({ ...all, backend: "local" })).asked).toEqual([]);
  });

  test("ask for what a backend needs", async () => {
    expect((await answer(all, "s3", "my-state")).answered).toMatchObject({ backend: "s3", bucket: "my-state" });
    expect((await answer(all, "cloud", "acme")).answered).toMatchObject({ backend: "cloud", organization: "acme" });
  });

  test.each<[string, Partial<NewOptions>, string[], string]>([
    ["a name", { ...all, env: undefined }, ["Q A", "qa"], "name must be 1 to "],
    ["an account", { ...all, account: undefined }, ["1", "111122223334"], "accountId must be 12 digits"],
    ["a region", { ...all, region: undefined }, ["mars", "eu-west-1"], "region must be the name of an AWS region"],
    ["no upstream", { ...all, cache: [] }, ["", "quay"], "name one at least"],
    ["an upstream", { ...all, cache: [] }, ["gcr", "quay"], "no upstream is called gcr"],
    ["a role", { ...all, puller: [] }, ["a b!", "Node"], "pullers[1]"],
    ["a backend", { ...all, backend: undefined }, ["git", "local"], "write local, s3 or cloud"],
  ])("ask again where %s cannot be", async (_, said, answers, mistake) => {
    const { questions } = await answer({ backend: "local", ...said }, ...answers);
    expect(questions).toHaveLength(2);
    expect(questions[1]).toContain(mistake);
    expect(questions[1]!.endsWith(questions[0]!)).toBe(true);
  });
});

test("npm run help prints one screen, of commands that exist", async () => {
  const { status, stdout, stderr } = await run("help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.split("\n").length).toBeLessThanOrEqual(24);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const named = [...stdout.matchAll(/^ {2}npm (?:run )?([\w:-]+)/gm)].map(([, name]) => name!);
  expect(named.filter((name) => !(name in SCRIPTS))).toEqual([]);
  const others = [
    "bench",
    "build",
    "deploy",
    "diff",
    "docs",
    "format",
    "format:check",
    "help",
    "lint",
    "prepack",
    "schema",
  ];
  const tests = ["pretest:cdktn", "test:cdktn", "test:clients", "test:package", "typecheck"];
  expect(
    Object.keys(SCRIPTS)
      .filter((name) => !named.includes(name))
      .sort(),
  ).toEqual([...others, ...tests].sort());
});
