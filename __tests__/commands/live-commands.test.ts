import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
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

const run = (command: string, ...args: string[]) => runScript(command, args, { env: server.env });

test("verify: all as it should be, then something off with exit code 2; the environment's role is taken on", async () => {
  await start(prod);
  expect(await run("verify", "--env", "prod")).toEqual({
    status: 0,
    stdout: "prod: 1 rule, 1 template, all as it should be\n",
    stderr: "",
  });
  const assumed = server.sts.calls.find((call) => call.get("Action") === "AssumeRole")!;
  expect(assumed.get("RoleArn")).toBe("arn:aws:iam::123456789012:role/TerraformDeploy");
  server.ecr.state.rules.delete({ ecrRepositoryPrefix: "prod" });
  expect(await run("verify", "--env", "prod", "--no-assume-role")).toEqual({
    status: 2,
    stdout: "missing  rule prod  is not there\nprod: 1 rule, 1 template, 1 off\n",
    stderr: "help/verify.md tells what to do about each\n",
  });
  const { status, stdout } = await run("verify", "--env", "prod", "--json");
  expect([status, (JSON.parse(stdout) as { differences: unknown }).differences]).toEqual([
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
  server.ecr.state.repositories.create("quay/org/app", { mutability: { imageTagMutability: "IMMUTABLE" } });
  const shown = await run("audit", "--env", "dev");
  expect([shown.status, shown.stderr]).toEqual([2, "--fix changes what can be changed, after asking\n"]);
  expect(shown.stdout.split("\n").slice(0, 2)).toEqual([
    "quay/org/app (template quay)",
    "  image tags: should be MUTABLE, is IMMUTABLE",
  ]);
  const unasked = await run("audit", "--env", "dev", "--fix");
  expect([unasked.status, unasked.stderr]).toEqual([
    1,
    "error: nothing was changed: say --yes where there is no terminal to ask at\nhelp/audit.md is about this command\n",
  ]);
  expect(server.actions()).not.toContain("PutImageTagMutability");
  const fixed = await run("audit", "--env", "dev", "--fix", "--yes");
  expect([fixed.status, fixed.stderr]).toEqual([
    0,
    "quay/org/app: changed image tags, lifecycle policy, repository policy, tags\n",
  ]);
  expect(await run("audit", "--env", "dev")).toEqual({
    status: 0,
    stdout: "dev: 1 cached repository, all as it would be created today\n",
    stderr: "",
  });
});

test("audit: --json has what became of a fix", async () => {
  await start(dev);
  server.ecr.state.repositories.create("quay/org/app");
  const { status, stdout } = await run("audit", "--env", "dev", "--fix", "--yes", "--json");
  const { outdated, fixed } = JSON.parse(stdout) as { outdated: { repository: string }[]; fixed: unknown };
  expect([status, outdated.map(({ repository }) => repository)]).toEqual([0, ["quay/org/app"]]);
  expect(fixed).toEqual([{ name: "quay/org/app", changed: ["lifecycle policy", "repository policy", "tags"] }]);
});

test("cleanup: shows, then deletes; production must be named twice", async () => {
  await start(dev);
  server.ecr.state.pull("quay/org/app", { tag: "v1" });
  const shown = await run("cleanup", "--env", "dev", "--prefix", "quay");
  expect(shown).toEqual({
    status: 0,
    stdout: "quay/org/app  all  1 of 1 images  0.0 MB  last pull 2026-11-24\n1 repository, 1 image, 0.0 MB\n",
    stderr: "nothing was deleted: --yes does it\n",
  });
  expect(server.ecr.state.repositories.all).toHaveLength(1);
  const deleted = await run("cleanup", "--env", "dev", "--prefix", "quay", "--yes");
  expect([deleted.status, deleted.stderr]).toEqual([
    0,
    "deleted from quay/org/app\n" +
      "deleted what is listed above; the next pull brings an image back, if its upstream has it\n",
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
    "error: prod is production: nothing was deleted; say --confirm prod as well\nhelp/cleanup.md is about this command\n",
  ]);
  expect(server.ecr.calls).toEqual([]);
  expect((await run("cleanup", "--env", "prod", "--prefix", "prod", "--yes", "--confirm", "prod")).status).toBe(0);
  expect(server.ecr.state.repositories.all).toEqual([]);
});

test("audit and cleanup: a repository that cannot be read is told, and the others are shown", async () => {
  await start(dev);
  for (const name of ["quay/a", "quay/b"]) server.ecr.state.repositories.create(name);
  const denied = new EcrError("AccessDeniedException", "explicit deny");
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "quay/b";
  for (const action of ["GetLifecyclePolicy", "DescribeImages"]) {
    server.ecr.faults.inject({ action, fault: denied, times: 2, where });
  }
  const unread = [{ repository: "quay/b", failure: "explicit deny" }];
  for (const [command, ...args] of [["audit"], ["cleanup", "--prefix", "quay"]] as const) {
    const { status, stdout, stderr } = await run(command, "--env", "dev", ...args);
    expect([status, stderr.split("\n").slice(0, 2)]).toEqual([
      1,
      ["quay/b: explicit deny", "1 repository could not be read"],
    ]);
    expect(stdout).toContain("quay/a");
    const json = await run(command, "--env", "dev", ...args, "--json");
    expect([json.status, (JSON.parse(json.stdout) as { unread: unknown }).unread]).toEqual([1, unread]);
  }
  expect((await run("cleanup", "--env", "dev", "--prefix", "quay/nothere")).stderr).toBe(
    "nothing is under quay/nothere\n",
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
  expect((JSON.parse(json.stdout) as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
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
