import { audit, fix, FixedRepository } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { SERVER_FAILED, THROTTLED } from "../ecr-server/faults";
import { deploy, LiveServer, startLiveServer } from "./live-server";

const [dev, , prod] = samples as [Environment, Environment, Environment];
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const READS = ["DescribeRepositories", "GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource"];

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(prod);
  await deploy(server.ecr, prod);
});
afterEach(() => server.close());

/** A repository from before there was a template, with a key. */
function createOld(name: string) {
  return server.ecr.state.repositories.create(name, { encryption: { encryptionType: "KMS", kmsKey: KEY } });
}

test("what ECR creates from today's template is as it should be", async () => {
  server.ecr.state.pull("prod/library/nginx", { tag: "1.27" });
  expect(await audit(server.port, prod)).toEqual({ repositories: 1, outdated: [], unread: [] });
  expect(server.actions().sort()).toEqual(READS);
});

test("what ECR created before differs, and what is under no cache is not looked at", async () => {
  server.ecr.state.repositories.create("prod/old/app", { tags: [{ Key: "team", Value: "other" }] });
  server.ecr.state.repositories.create("production/app");
  const { repositories, outdated } = await audit(server.port, prod);
  expect(repositories).toBe(1);
  expect(outdated).toHaveLength(1);
  expect(outdated[0]!.repository.name).toBe("prod/old/app");
  expect(outdated[0]!.template.prefix).toBe("prod");
  expect(outdated[0]!.differences.map(({ setting, expected, actual }) => [setting, expected, actual])).toEqual([
    ["encryption", "KMS", "AES256"],
    ["image tags", "IMMUTABLE", "MUTABLE"],
    ["lifecycle policy", "untagged images expire 30 days after their push", "none"],
    ["repository policy", expect.stringContaining("AllowPull"), "none"],
    ["tags", "environment=prod, team=platform", "team=other"],
  ]);
});

test("a key of AWS is not the registry's own", async () => {
  server.ecr.state.repositories.create("prod/app", { encryption: { encryptionType: "KMS" } });
  const { outdated } = await audit(server.port, prod);
  expect(outdated[0]!.differences[0]).toEqual({
    setting: "encryption",
    expected: "KMS",
    actual: "KMS with the key of AWS",
  });
});

test("tags that somebody added are left alone", async () => {
  const { repository } = server.ecr.state.pull("prod/library/nginx");
  repository.tags = [...repository.tags, { Key: "owner", Value: "web" }];
  expect((await audit(server.port, prod)).outdated).toEqual([]);
});

test("a fix changes what can be changed in place, and what it changed is right afterwards", async () => {
  createOld("prod/old/one");
  createOld("prod/old/two");
  const { outdated } = await audit(server.port, prod);
  server.ecr.calls.length = 0;
  const lines: FixedRepository[] = [];
  const fixed = await fix(server.port, prod, outdated, (one) => lines.push(one));
  const changed = ["image tags", "lifecycle policy", "repository policy", "tags"];
  expect(fixed).toEqual(["prod/old/one", "prod/old/two"].map((name) => ({ name, changed })));
  expect(lines).toHaveLength(2);
  expect(server.ecr.calls).toHaveLength(8);
  expect(server.actions().sort()).toEqual([
    "PutImageTagMutability",
    "PutLifecyclePolicy",
    "SetRepositoryPolicy",
    "TagResource",
  ]);
  expect((await audit(server.port, prod)).outdated).toEqual([]);
});

test("a policy that should not be there is deleted", async () => {
  const open = {
    ...prod,
    pullers: [],
    repositories: { ...(prod.repositories as object), access: {}, lifecycle: [] },
  };
  const { repository } = server.ecr.state.pull("prod/library/nginx");
  const { outdated } = await audit(server.port, open);
  expect(outdated[0]!.differences.map(({ setting }) => setting)).toEqual(["lifecycle policy", "repository policy"]);
  await fix(server.port, open, outdated);
  expect([repository.lifecyclePolicy, repository.policy]).toEqual([undefined, undefined]);
});

test("a fix that failed in the middle says where, and does the rest when it is done again", async () => {
  for (let index = 0; index < 5; index++) createOld(`prod/app-${index}`);
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "prod/app-3";
  const { outdated } = await audit(server.port, prod);
  server.ecr.faults.inject({ action: "PutLifecyclePolicy", fault: SERVER_FAILED, times: 10, where });
  const fixed = await fix(server.port, prod, outdated);
  expect(fixed.filter(({ failure }) => failure !== undefined)).toEqual([
    { name: "prod/app-3", changed: ["image tags"], failure: "Service failure" },
  ]);
  const again = await audit(server.port, prod);
  expect(again.outdated.map(({ repository }) => repository.name)).toEqual(["prod/app-3"]);
  expect(again.outdated[0]!.differences).toHaveLength(3);
  await fix(server.port, prod, again.outdated);
  expect((await audit(server.port, prod)).outdated).toEqual([]);
});

test("credentials of another account change nothing", async () => {
  createOld("prod/app");
  const { outdated } = await audit(server.port, prod);
  server.sts.accountId = "999999999999";
  server.ecr.calls.length = 0;
  await expect(audit(server.port, prod)).rejects.toThrow("nothing was done");
  await expect(fix(server.port, prod, outdated)).rejects.toThrow("nothing was done");
  expect(server.ecr.calls).toEqual([]);
});

test("a repository that is gone by then is left out, and one that cannot be read is told", async () => {
  for (const name of ["prod/a", "prod/b", "prod/c"]) createOld(name);
  const fails = (name: string, fault: EcrError) => {
    const where = (input: object) => (input as { repositoryName: string }).repositoryName === name;
    server.ecr.faults.inject({ action: "GetRepositoryPolicy", fault, where });
  };
  fails("prod/a", new EcrError("RepositoryNotFoundException", "no such repository"));
  fails("prod/b", new EcrError("AccessDeniedException", "explicit deny"));
  const { repositories, outdated, unread } = await audit(server.port, prod);
  expect([repositories, outdated.map(({ repository }) => repository.name)]).toEqual([1, ["prod/c"]]);
  expect(unread).toEqual([{ repository: "prod/b", failure: "explicit deny" }]);
  server.ecr.state.repositories.delete({ repositoryName: "prod/c", force: true });
  expect(await fix(server.port, prod, outdated)).toEqual([{ name: "prod/c", changed: [] }]);
});

test("no more than ten calls are made at once", async () => {
  for (let index = 0; index < 30; index++) server.ecr.state.pull(`prod/team/app-${index}`);
  server.ecr.faults.delay = 50;
  await audit(server.port, prod);
  expect(server.ecr.mostInFlight()).toBe(10);
});

test("a registry that is busy for long is asked more slowly, so that it hardly ever refuses", async () => {
  for (let index = 0; index < 50; index++) server.ecr.state.pull(`prod/team/app-${index}`);
  server.ecr.faults.quota = { burst: 2, perSecond: 20 };
  expect(await audit(server.port, prod)).toEqual({ repositories: 50, outdated: [], unread: [] });
  const throttled = server.ecr.calls.filter(({ failure }) => failure === "ThrottlingException");
  expect(throttled.length).toBeGreaterThan(0);
  expect(throttled.length).toBeLessThan(30);
});

test("thousands of repositories are read page by page, through throttling", async () => {
  await server.close();
  server = await startLiveServer(dev);
  await deploy(server.ecr, dev);
  for (let index = 0; index < 1500; index++) server.ecr.state.pull(`quay/org/app-${index}`);
  for (let index = 0; index < 2; index++) {
    server.ecr.faults.inject({ action: "GetLifecyclePolicy", fault: THROTTLED, call: 100 * index + 1 });
  }
  const done: number[] = [];
  const { repositories, outdated } = await audit(server.port, dev, (count) => done.push(count));
  expect([repositories, outdated]).toEqual([1500, []]);
  expect(done).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1));
  const counts = new Map<string, number>();
  for (const { action } of server.ecr.calls) counts.set(action, (counts.get(action) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({
    DescribeRepositories: 2,
    GetLifecyclePolicy: 1502,
    GetRepositoryPolicy: 1500,
    ListTagsForResource: 1500,
  });
});
