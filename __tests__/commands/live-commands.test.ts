import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { jsonOf } from "../helpers/command-output";
import { runScript } from "../helpers/run-script";
import { deploy, LiveServer, startLiveServer } from "../operations/live-server";

const [dev, , prod] = samples as [Environment, Environment, Environment];

let server: LiveServer;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-live-"))));
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

async function start(environment: Environment): Promise<void> {
  server = await startLiveServer(environment);
  await deploy(server, environment);
}

const TODAY = new Date().toISOString().slice(0, 10);

/** The tests silence the SDK for themselves; a command has to do so by itself. */
const run = (command: string, ...args: string[]) => {
  Reflect.deleteProperty(process.env, "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED");
  return runScript(command, args, { env: server.env });
};

test("verify: all as it should be, then something off with exit code 2; the environment's role is taken on", async () => {
  await start(prod);
  expect(await run("verify", "--env", "prod")).toEqual({
    status: 0,
    stdout:
      "credential ecr-pullthroughcache/docker-hub-Ab12Cd: 1 day old\nprod: 1 rule, 1 template, all as described\n",
    stderr: "",
  });
  const assumed = server.sts.calls.find((call) => call.get("Action") === "AssumeRole")!;
  expect(assumed.get("RoleArn")).toBe("arn:aws:iam::123456789012:role/TerraformDeploy");
  server.ecr.state.rules.delete({ ecrRepositoryPrefix: "prod" });
  expect(await run("verify", "--env", "prod", "--no-assume-role")).toEqual({
    status: 2,
    stdout: "missing  rule prod  is not there\nprod: 1 rule, 1 template, 1 difference\n",
    stderr: "help/verify.md tells what to do about each difference\n",
  });
  const { status, stdout } = await run("verify", "--env", "prod", "--json");
  expect([status, jsonOf(stdout).differences]).toEqual([
    2,
    [{ subject: "rule prod", state: "missing", what: "is not there" }],
  ]);
});

test("verify: another account's credentials are refused in a sentence, and so is an error of AWS", async () => {
  await start(dev);
  server.sts.accountId = "999999999999";
  expect(await run("verify", "--env", "dev")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: the credentials are of account 999999999999, but the environment is in 111122223333: nothing was done\n" +
      "help/verify.md is about this command\n",
  });
  const { status, stderr } = await run("verify", "--env", "dev", "--profile", "nobody");
  expect([status, /^error: profile nobody: /m.test(stderr), stderr.includes("    at ")]).toEqual([1, true, false]);
});

test("audit: shows what is off, asks before it fixes, and fixes", async () => {
  await start(dev);
  server.ecr.state.repositories.create("quay/org/app", {
    mutability: { imageTagMutability: "IMMUTABLE" },
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "CI", Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "ecr:BatchGetImage" }],
    }),
  });
  const shown = await run("audit", "--env", "dev");
  expect([shown.status, shown.stderr]).toEqual([2, "--fix changes what can be changed, after asking\n"]);
  expect(shown.stdout.split("\n").slice(0, 2)).toEqual([
    "quay/org/app (template quay)",
    "  image tags: should be MUTABLE, is IMMUTABLE",
  ]);
  const unasked = await run("audit", "--env", "dev", "--fix");
  const plan =
    "to change in 1 repository: image tags of 1, lifecycle policy of 1, repository policy of 1, tags of 1\n" +
    'access that is removed from quay/org/app: CI {"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":{"AWS":"111122223333"}}\n';
  expect([unasked.status, unasked.stderr]).toEqual([
    1,
    plan +
      "error: nothing was changed: say --yes where there is no terminal to ask at\nhelp/audit.md is about this command\n",
  ]);
  expect(server.actions()).not.toContain("PutImageTagMutability");
  const fixed = await run("audit", "--env", "dev", "--fix", "--yes");
  expect([fixed.status, fixed.stderr]).toEqual([
    0,
    plan + "quay/org/app: changed image tags, lifecycle policy, repository policy, tags\n",
  ]);
  expect(await run("audit", "--env", "dev")).toEqual({
    status: 0,
    stdout: "dev: 1 cached repository, no differences\n",
    stderr: "",
  });
});

test("audit: --json has what became of a fix", async () => {
  await start(dev);
  server.ecr.state.repositories.create("quay/org/app");
  const { status, stdout } = await run("audit", "--env", "dev", "--fix", "--yes", "--json");
  const { outdated, fixed } = jsonOf(stdout) as unknown as { outdated: { repository: string }[]; fixed: unknown };
  expect([status, outdated.map(({ repository }) => repository)]).toEqual([0, ["quay/org/app"]]);
  expect(fixed).toEqual({
    repositories: [{ name: "quay/org/app", changed: ["lifecycle policy", "repository policy", "tags"] }],
    failures: [],
    untried: 0,
  });
});

test("cleanup: shows, then deletes; production must be named twice", async () => {
  await start(dev);
  server.ecr.state.pull("quay/org/app", { tag: "v1" });
  const shown = await run("cleanup", "--env", "dev", "--prefix", "quay");
  expect(shown).toEqual({
    status: 0,
    stdout: `quay/org/app  all  1 of 1 images  0.0 MB  last pull ${TODAY}\n1 repository, 1 image, 0.0 MB\n`,
    stderr: "nothing was deleted: pass --yes to delete it\n",
  });
  expect(server.ecr.state.repositories.all).toHaveLength(1);
  const deleted = await run("cleanup", "--env", "dev", "--prefix", "quay", "--yes");
  expect([deleted.status, deleted.stderr]).toEqual([
    0,
    "deleted quay/org/app\nthe next pull brings an image back, if its upstream still has it\n",
  ]);
  expect(server.ecr.state.repositories.all).toEqual([]);
  expect((await run("cleanup", "--env", "dev", "--prefix", "app", "--yes")).stderr).toBe(
    "error: app is under no cache of this environment; its caches are dev, quay, kubernetes, ecr-public\n" +
      "help/cleanup.md is about this command\n",
  );
  await server.close();
  await start(prod);
  server.ecr.state.pull("prod/library/nginx");
  const refused = await run("cleanup", "--env", "prod", "--prefix", "prod", "--yes");
  expect([refused.status, refused.stderr]).toEqual([
    1,
    "error: prod is production: nothing was deleted; pass --confirm prod as well\nhelp/cleanup.md is about this command\n",
  ]);
  expect(server.ecr.calls).toEqual([]);
  expect((await run("cleanup", "--env", "prod", "--prefix", "prod", "--yes", "--confirm", "prod")).status).toBe(0);
  expect(server.ecr.state.repositories.all).toEqual([]);
});

test("audit: a description that differs from what is deployed is reported, and changes nothing", async () => {
  await start(dev);
  server.ecr.state.templates.update({ prefix: "quay", imageTagMutability: "IMMUTABLE" });
  server.ecr.state.pull("quay/org/app");
  const { repository } = server.ecr.state.pull("quay/org/old");
  repository.mutability = { imageTagMutability: "MUTABLE" };
  const { status, stdout, stderr } = await run("audit", "--env", "dev", "--fix", "--yes", "--prefix", "quay");
  expect([status, stdout, stderr]).toEqual([
    2,
    "template quay is different in AWS\n" +
      "  image tags: should be MUTABLE, is IMMUTABLE\n" +
      "  2 repositories are left alone by --fix: deploy, or correct the description, first\n" +
      "quay/org/old (template quay)\n" +
      "  image tags: should be IMMUTABLE, is MUTABLE\n" +
      "dev: 1 of 2 cached repositories differ from their template\n",
    "1 repository is left alone, because the template in AWS differs from the description\nthere is nothing to change\n",
  ]);
  expect(server.actions()).not.toContain("PutImageTagMutability");
  const told = await run(
    "audit",
    "--env",
    "dev",
    "--fix",
    "--yes",
    "--use-live-templates",
    "--only",
    "image-tags",
    "--json",
  );
  expect(jsonOf(told.stdout)).toMatchObject({
    templates: [{ prefix: "quay", state: "different", repositories: 2 }],
    plan: { repositories: ["quay/org/old"], totals: { "image tags": 1 }, lostAccess: [], held: 0, beyondLimit: 0 },
    fixed: { repositories: [{ name: "quay/org/old", changed: ["image tags"] }] },
  });
  expect((await run("audit", "--env", "dev", "--only", "colour")).stderr).toContain(
    "--only takes encryption, image-tags,",
  );
});

test("audit and cleanup: without permission there is no verdict", async () => {
  await start(dev);
  for (let index = 0; index < 120; index++) server.ecr.state.pull(`quay/org/app-${index}`);
  const denied = new EcrError("AccessDeniedException", "User: arn:aws:sts::1:x is not authorized to perform: ecr:X");
  for (const action of ["GetLifecyclePolicy", "DescribeImages"]) {
    server.ecr.faults.inject({ action, fault: denied, times: 10_000 });
  }
  for (const args of [["audit"], ["cleanup", "--prefix", "quay"], ["usage"]] as const) {
    const { status, stdout, stderr } = await run(args[0], "--env", "dev", ...args.slice(1));
    expect([status, stdout.includes("no differences")]).toEqual([1, false]);
    expect(stderr).toMatch(/^\d+ repositories could not be read, e\.g\. quay\/org\/app-\d+: User: arn/m);
    expect(stderr).toMatch(/^\d+ repositories were not tried, because they would fail for the same reason$/m);
  }
});

test("cleanup: --json has the plan and, with --yes, the results; --keep reads what runs from the input", async () => {
  await start(dev);
  for (const tag of ["v1", "v2"]) server.ecr.state.pull("quay/org/app", { tag });
  const file = join(folder, "keep.txt");
  writeFileSync(file, "quay.io/org/app:v1\n");
  const args = ["--env", "dev", "--prefix", "quay", "--json"];
  const shown = jsonOf((await run("cleanup", ...args, "--keep", file)).stdout);
  expect([shown.items, shown.cleaned]).toEqual([
    [expect.objectContaining({ toDelete: [expect.anything()] })],
    undefined,
  ]);
  const empty = await run("cleanup", ...args, "--keep", "-", "--yes");
  expect(jsonOf(empty.stdout).cleaned).toEqual({
    repositories: [{ repository: "quay/org/app", deleted: 2, wholeRepository: true }],
    failures: [],
    untried: 0,
  });
  expect((await run("cleanup", ...args, "--keep", join(folder, "none"))).stderr).toMatch(
    /^error: cannot read the keep list/,
  );
});

test("cleanup: with a clock that is a year ahead nothing is deleted", async () => {
  await start(dev);
  server.ecr.state.pull("quay/org/app");
  server.ecr.clockOffset = -365 * 24 * 60 * 60;
  const { status, stderr } = await run("cleanup", "--env", "dev", "--prefix", "quay", "--older-than", "90", "--yes");
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("the clock of this machine differs by more than five minutes"),
  ]);
  expect(server.actions()).not.toContain("BatchDeleteImage");
});

test("usage: a table, CSV and JSON", async () => {
  await start(dev);
  server.ecr.state.pull("quay/org/app");
  const table = await run("usage", "--env", "dev", "--price", "0.10");
  expect([table.status, table.stderr]).toEqual([0, ""]);
  expect(table.stdout.split("\n").map((line) => line.trim().split(/  +/))).toEqual([
    ["cache", "repositories", "images", "size", "unused for 30 days", "archived", "cost a month"],
    ["dev", "0", "0", "0.0 MB", "-", "0 images", "0.00"],
    ["ecr-public", "0", "0", "0.0 MB", "-", "0 images", "0.00"],
    ["kubernetes", "0", "0", "0.0 MB", "-", "0 images", "0.00"],
    ["quay", "1", "1", "0.0 MB", "0 %", "0 images", "0.00"],
    ["total", "1", "1", "0.0 MB", "0 %", "0 images", "0.00"],
    [""],
  ]);
  const csv = await run("usage", "--env", "dev", "--csv");
  expect(csv.stdout.split("\n")[0]).toBe(
    "cache,upstream,repositories,images,bytes,unusedImages,unusedBytes,archivedImages,archivedBytes",
  );
  expect(csv.stdout).toContain("\nquay,quay.io,1,1,1000,0,0,0,0\n");
  expect(jsonOf((await run("usage", "--env", "dev", "--json")).stdout)).toMatchObject({ command: "usage", days: 30 });
  expect((await run("usage", "--env", "dev", "--archive-price", "1")).stderr).toMatch(
    /^error: --archive-price needs --price/,
  );
});

describe("without credentials or a network", () => {
  async function lost(env: Readonly<Record<string, string>>) {
    await start(dev);
    Reflect.deleteProperty(process.env, "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED");
    return runScript("verify", ["--env", "dev"], { env: { ...server.env, ...env } });
  }

  test("one sentence says what to do, without a warning about Node.js", async () => {
    const { status, stdout, stderr } = await lost({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^error: Could not load credentials from any providers; run `aws sso login`, set AWS_PROFILE, or pass --profile\n/,
    );
    expect(stderr.split("\n")).toHaveLength(3);
  });

  test("a network that is not there is told with what to check", async () => {
    const { status, stderr } = await lost({ AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9" });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: AWS cannot be reached at 127\.0\.0\.1 \(.*ECONNREFUSED.*\); check the network; behind a proxy, set HTTPS_PROXY/,
    );
    expect(stderr.split("\n")).toHaveLength(3);
  });

  test("expired credentials are told with how to renew them", async () => {
    await start(dev);
    server.sts.failure = "ExpiredToken";
    const { status, stderr } = await run("verify", "--env", "dev");
    expect([status, stderr]).toEqual([
      1,
      "error: the AWS credentials have expired or are not valid (ExpiredToken here); " +
        "run `aws sso login`, set AWS_PROFILE, or pass --profile\nhelp/verify.md is about this command\n",
    ]);
  });
});

test("audit and cleanup: a repository that cannot be read is told, and the others are shown", async () => {
  await start(dev);
  for (const name of ["quay/a", "quay/b"]) server.ecr.state.pull(name);
  const denied = new EcrError("AccessDeniedException", "explicit deny");
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "quay/b";
  for (const action of ["GetLifecyclePolicy", "DescribeImages"]) {
    server.ecr.faults.inject({ action, fault: denied, times: 2, where });
  }
  const unread = [{ reason: "explicit deny", count: 1, example: "quay/b" }];
  for (const [command, ...args] of [["audit"], ["cleanup", "--prefix", "quay"]] as const) {
    const { status, stdout, stderr } = await run(command, "--env", "dev", ...args);
    expect([status, stderr.split("\n")[0]]).toEqual([1, "quay/b could not be read: explicit deny"]);
    expect(stdout).toMatch(/1 cached repository compared, and not all of them|quay\/a .*of those that could be read/s);
    const json = await run(command, "--env", "dev", ...args, "--json");
    expect([json.status, jsonOf(json.stdout).unread]).toEqual([1, unread]);
  }
  expect((await run("cleanup", "--env", "dev", "--prefix", "quay/nothere")).stderr).toBe(
    "no cached repository is under quay/nothere\n",
  );
});

test("warm: imports what a file lists", async () => {
  await start(dev);
  const file = join(folder, "images.txt");
  writeFileSync(file, "# web\nnginx:1.27\n\nghcr.io/a/b:1 # no cache\n");
  const { status, stdout, stderr } = await run("warm", "--env", "dev", file);
  expect([status, stderr]).toEqual([
    2,
    "1 image failed: help/warm.md has the reasons; run it again for what is left\n",
  ]);
  expect(stdout.split("\n").map((line) => line.slice(0, 50).trimEnd())).toEqual([
    "failed         ghcr.io/a/b:1: comes from ghcr.io,",
    "imported       nginx:1.27 in dev/library/nginx",
    "",
  ]);
  const json = await run("warm", "--env", "dev", file, "--json");
  expect((jsonOf(json.stdout).images as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
    "there already",
    "failed",
  ]);
  expect((await run("warm", "--env", "dev", join(folder, "none"))).stderr).toMatch(/^error: cannot read /);
});

test("warm and its policy: warn whom repositories let in their pullers only", async () => {
  await start(prod);
  const file = join(folder, "images.txt");
  writeFileSync(file, "nginx:1.27\n");
  const pullersOnly = "warning: what is under prod lets in its pullers only, and";
  const role =
    `${pullersOnly} arn:aws:iam::123456789012:role/TerraformDeploy is none of them: ` +
    "say --no-assume-role, with the credentials of a puller\n";
  expect((await run("policy", "warm", "--env", "prod")).stderr).toBe(role);
  expect((await run("warm", "--env", "prod", file)).stderr).toBe(role);
  expect((await run("warm", "--env", "prod", "--no-assume-role", file)).stderr).toBe(
    `${pullersOnly} these credentials must be of one of them\n`,
  );
});

test("policy: prints what a command needs, without asking AWS", async () => {
  await start(prod);
  const { status, stdout } = await run("policy", "audit", "--fix", "--env", "prod");
  const { Statement } = JSON.parse(stdout) as { Statement: { Action: string | string[] }[] };
  expect(status).toBe(0);
  expect(Statement[1]!.Action).toContain("ecr:TagResource");
  expect((await run("policy", "audit", "--env", "prod")).stdout).not.toContain("ecr:TagResource");
  expect([server.ecr.calls, server.sts.calls]).toEqual([[], []]);
});
