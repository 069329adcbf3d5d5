import {
  audit as auditAs,
  connectToEcr,
  AuditedRepository,
  AuditRequest,
  fix as fixPlanned,
  FixedRepository,
  planFix,
} from "../../operations";
import { Registry } from "../../modules/domain";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { SERVER_FAILED, THROTTLED } from "../ecr-server/faults";
import { deploy, LiveServer, startLiveServer } from "./live-server";

const prod = samples[2] as Environment;
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const READS = [
  "DescribeRepositories",
  "DescribeRepositoryCreationTemplates",
  "GetLifecyclePolicy",
  "GetRepositoryPolicy",
  "ListTagsForResource",
];

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(prod);
  await deploy(server, prod);
});
afterEach(() => server.close());

const audit = (port: LiveServer["port"], registry: Registry, request?: AuditRequest) =>
  auditAs(port, registry, request);
const fix = async (
  port: LiveServer["port"],
  registry: Registry,
  outdated: readonly AuditedRepository[],
  report?: (one: FixedRepository) => void,
) => (await fixPlanned(port, registry, planFix(outdated), report)).repositories;

/** What an audit that found everything as it should be says. */
const fine = (repositories: number) => {
  return {
    repositories,
    elsewhere: 0,
    uncovered: 0,
    unmatched: [],
    templates: [],
    outdated: [],
    unread: [],
    untried: 0,
  };
};

/** A repository from before there was a template, with a key. */
function createOld(name: string) {
  return server.ecr.state.repositories.create(name, { encryption: { encryptionType: "KMS", kmsKey: KEY } });
}

test("what ECR creates from today's template is as it should be", async () => {
  server.ecr.state.pull("prod/library/nginx", { tag: "1.27" });
  expect(await audit(server.port, prod)).toEqual(fine(1));
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
    ["encryption", `KMS with ${KEY}`, "AES256"],
    ["image tags", "IMMUTABLE", "MUTABLE"],
    ["lifecycle policy", "untagged images expire 30 days after their push", "none"],
    ["repository policy", expect.stringContaining("AllowPull"), "none"],
    ["tags", "environment=prod, team=platform", "team=other"],
  ]);
});

test("another key than the template's is a difference, also where the registry has a key of its own", async () => {
  const other = KEY.replace("1234abcd", "9999abcd");
  server.ecr.state.repositories.create("prod/app", { encryption: { encryptionType: "KMS", kmsKey: other } });
  const { outdated } = await audit(server.port, prod);
  expect(outdated[0]!.differences[0]).toEqual({
    setting: "encryption",
    expected: `KMS with ${KEY}`,
    actual: `KMS with ${other}`,
  });
});

test("a template with the key of AWS creates repositories with its ARN", async () => {
  const { templates, repositories } = server.ecr.state;
  templates.update({ prefix: "prod", encryptionConfiguration: { encryptionType: "KMS" } });
  repositories.create("prod/app", { encryption: { encryptionType: "KMS", kmsKey: KEY } });
  repositories.create("prod/plain");
  const { outdated } = await audit(server.port, prod, { settings: ["encryption"] });
  expect(outdated.map(({ repository }) => repository.name)).toEqual(["prod/plain"]);
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
  server.ecr.state.templates.delete({ prefix: "prod" });
  server.ecr.state.rules.delete({ ecrRepositoryPrefix: "prod" });
  await deploy(server, open);
  const { outdated } = await audit(server.port, open);
  expect(outdated[0]!.differences.map(({ setting }) => setting)).toEqual(["lifecycle policy", "repository policy"]);
  await fix(server.port, open, outdated);
  expect([repository.lifecyclePolicy, repository.policy]).toEqual([undefined, undefined]);
});

test("a fix that failed in the middle says where, and does the rest when it is done again", async () => {
  for (let index = 0; index < 5; index++) createOld(`prod/app-${index}`);
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "prod/app-3";
  const { outdated } = await audit(server.port, prod);
  server.ecr.faults.inject({ action: "PutLifecyclePolicy", fault: SERVER_FAILED, times: 100, where });
  const fixed = await fix(server.port, prod, outdated);
  expect(fixed.filter(({ failure }) => failure !== undefined)).toEqual([
    { name: "prod/app-3", changed: ["image tags"], failure: "Service failure" },
  ]);
  server.ecr.faults.clear();
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
  expect(unread).toEqual([{ reason: "explicit deny", count: 1, example: "prod/b" }]);
  server.ecr.state.repositories.delete({ repositoryName: "prod/c", force: true });
  expect(await fix(server.port, prod, outdated)).toEqual([{ name: "prod/c", changed: [] }]);
});

test("no more than ten calls are made at once", async () => {
  for (let index = 0; index < 30; index++) server.ecr.state.pull(`prod/team/app-${index}`);
  server.ecr.faults.delay = 50;
  await audit(server.port, prod);
  expect(server.ecr.mostInFlight()).toBe(10);
});

test("a busy registry is asked again until it answers", async () => {
  for (let index = 0; index < 50; index++) server.ecr.state.pull(`prod/team/app-${index}`);
  server.ecr.faults.quota = { burst: 2, perSecond: 30 };
  const port = connectToEcr({ region: prod.region, retryDelay: () => 100 });
  expect(await audit(port, prod)).toEqual(fine(50));
  const throttled = server.ecr.calls.filter(({ failure }) => failure === "ThrottlingException");
  expect(throttled.length).toBeGreaterThan(0);
});

test("many repositories are read page by page, through throttling, with their tags from the tagging API", async () => {
  for (let index = 0; index < 150; index++) server.ecr.state.pull(`prod/org/app-${index}`);
  server.ecr.calls.length = 0;
  const where = (input: object) => !("nextToken" in input);
  server.ecr.faults.inject({ action: "DescribeRepositories", fault: THROTTLED, where });
  for (let index = 0; index < 2; index++) {
    server.ecr.faults.inject({ action: "GetLifecyclePolicy", fault: THROTTLED, call: 100 * index + 1 });
  }
  const done: number[] = [];
  expect(await auditAs(server.port, prod, {}, (count) => done.push(count))).toEqual(fine(150));
  expect(done).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  const counts = new Map<string, number>();
  for (const { action } of server.ecr.calls) counts.set(action, (counts.get(action) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({
    DescribeRepositories: 2,
    DescribeRepositoryCreationTemplates: 1,
    GetLifecyclePolicy: 152,
    GetRepositoryPolicy: 150,
  });
  expect(server.sts.actions).toEqual(["GetResources", "GetResources"]);
});

test("what the tagging API reports late is checked, and without permission for it the tags are read one by one", async () => {
  for (let index = 0; index < 101; index++) server.ecr.state.pull(`prod/org/app-${index}`);
  const { repositories } = server.ecr.state;
  const stale = {
    ...server.port,
    allTags: () => Promise.resolve(new Map([[repositories.all[0]!.arn, { team: "old" }]])),
  };
  expect(await audit(stale, prod)).toEqual(fine(101));
  server.sts.denied.add("GetResources");
  server.ecr.calls.length = 0;
  expect(await audit(server.port, prod)).toEqual(fine(101));
  expect(server.ecr.calls.filter(({ action }) => action === "ListTagsForResource")).toHaveLength(101);
});

test("where the template has no tags, nobody asks for any", async () => {
  server.ecr.state.templates.update({ prefix: "prod", resourceTags: [] });
  server.ecr.state.pull("prod/library/nginx");
  await audit(server.port, { ...prod, repositories: { ...(prod.repositories as object), resourceTags: {} } });
  expect(server.actions()).not.toContain("ListTagsForResource");
});

describe("the template in AWS decides, not the description", () => {
  const changed = () =>
    server.ecr.calls.map(({ action }) => action).filter((action) => /^(?:Put|Set|Tag|Delete)/.test(action));
  const bare = (name: string) =>
    server.ecr.state.repositories.create(name, { encryption: { encryptionType: "KMS", kmsKey: KEY } });

  test("a description that is not what is deployed is reported once, and its repositories are left alone", async () => {
    const stale: Environment = {
      ...prod,
      repositories: {
        ...(prod.repositories as object),
        imageTagMutability: "MUTABLE",
        access: { pull: [{ role: "Other" }] },
      },
    };
    const { repository } = server.ecr.state.pull("prod/library/nginx");
    bare("prod/old");
    const found = await audit(server.port, stale);
    expect(found.templates).toEqual([
      {
        prefix: "prod",
        state: "different",
        differences: [
          { setting: "image tags", expected: "MUTABLE", actual: "IMMUTABLE" },
          ...Array(3).fill(expect.objectContaining({ setting: "repository policy" })),
        ],
        repositories: 2,
      },
    ]);
    // What the template in AWS created is as the template in AWS says.
    expect(found.outdated.map(({ repository: { name }, isHeld }) => [name, isHeld])).toEqual([["prod/old", true]]);
    expect(planFix(found.outdated)).toEqual({ repositories: [], totals: {}, lostAccess: [], held: 1, beyondLimit: 0 });
    await fix(server.port, stale, found.outdated);
    expect([changed(), repository.mutability.imageTagMutability]).toEqual([[], "IMMUTABLE"]);
    // If told to, repositories become what the template in AWS says.
    await fixPlanned(server.port, stale, planFix(found.outdated, { includeHeld: true }));
    expect((await audit(server.port, stale)).outdated).toEqual([]);
    expect(server.ecr.state.repositories.find("prod/old")!.mutability.imageTagMutability).toBe("IMMUTABLE");
  });

  test("an environment that is not deployed yet changes nothing", async () => {
    server.ecr.state.templates.delete({ prefix: "prod" });
    bare("prod/old");
    const found = await audit(server.port, prod);
    expect(found).toEqual({
      ...fine(0),
      uncovered: 1,
      templates: [{ prefix: "prod", state: "missing", differences: [], repositories: 1 }],
    });
  });

  test("a template that somebody made by hand is reported, and its repositories are left alone", async () => {
    server.ecr.state.templates.create({ prefix: "prod/secure", appliedFor: ["PULL_THROUGH_CACHE"] });
    server.ecr.state.pull("prod/secure/app");
    server.ecr.state.pull("prod/library/nginx");
    const found = await audit(server.port, prod);
    expect(found).toEqual({
      ...fine(2),
      templates: [{ prefix: "prod/secure", state: "extra", differences: [], repositories: 1 }],
    });
  });

  test("the repositories of another environment's more specific template are left to it", async () => {
    server.ecr.state.templates.create({ prefix: "prod/secure", appliedFor: ["PULL_THROUGH_CACHE"] });
    bare("prod/secure/app");
    const other: Environment = { ...prod, name: "secure", caches: [], templates: [{ prefix: "prod/secure" }] };
    expect(await audit(server.port, prod, { others: [other] })).toEqual({ ...fine(0), elsewhere: 1 });
    const cache: Environment = { ...prod, name: "secure", caches: [{ upstream: "quay", prefix: "prod/secure" }] };
    expect(await audit(server.port, prod, { others: [cache] })).toEqual({ ...fine(0), elsewhere: 1 });
  });

  test("a tag that somebody added to the template is a difference of the template", async () => {
    const tags = [
      { Key: "environment", Value: "prod" },
      { Key: "team", Value: "platform" },
      { Key: "cost", Value: "1" },
    ];
    server.ecr.state.templates.update({ prefix: "prod", resourceTags: tags });
    server.ecr.state.pull("prod/library/nginx");
    const { templates } = await audit(server.port, prod);
    expect(templates.map(({ differences }) => differences)).toEqual([
      [
        {
          setting: "tags",
          expected: "environment=prod, team=platform",
          actual: "cost=1, environment=prod, team=platform",
        },
      ],
    ]);
  });
});

describe("a plan of a fix", () => {
  test("says what is changed, and which access is taken away", async () => {
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "CI", Effect: "Allow", Principal: { AWS: "AROAEXAMPLEID1234" }, Action: "ecr:BatchGetImage" }],
    });
    for (const name of ["prod/b", "prod/a"]) createOld(name).policy = policy;
    createOld("prod/c");
    const { outdated } = await audit(server.port, prod, { settings: ["image tags", "repository policy"] });
    const plan = planFix(outdated, { limit: 2 });
    expect(plan).toMatchObject({ totals: { "image tags": 2, "repository policy": 2 }, held: 0, beyondLimit: 1 });
    expect(plan.lostAccess).toEqual([
      { statement: expect.stringMatching(/^CI .*AROAEXAMPLEID1234/), count: 2, example: "prod/a" },
    ]);
    expect(outdated[0]!.differences.flatMap(({ note = [] }) => note)).toEqual([
      "AROAEXAMPLEID1234 is the id of a role that was deleted; a new role of the same name does not have its permissions",
    ]);
    const { repositories } = await fixPlanned(server.port, prod, plan);
    expect(repositories.map(({ name }) => name)).toEqual(["prod/a", "prod/b"]);
  });

  test("is about the given prefixes and settings only", async () => {
    for (const name of ["prod/team/a", "prod/team", "prod/teams"]) createOld(name);
    const { repositories, outdated } = await audit(server.port, prod, { prefixes: ["prod/team"], settings: ["tags"] });
    expect([repositories, outdated.map(({ repository }) => repository.name)]).toEqual([
      2,
      ["prod/team", "prod/team/a"],
    ]);
    expect(server.actions()).not.toContain("GetLifecyclePolicy");
    expect((await audit(server.port, prod, { prefixes: ["prod/none"] })).unmatched).toEqual(["prod/none"]);
    await fix(server.port, prod, outdated);
    expect(server.actions()).not.toContain("PutImageTagMutability");
  });

  test("that names a principal which does not exist changes nothing", async () => {
    createOld("prod/a");
    const { outdated } = await audit(server.port, prod);
    server.sts.principals = new Set();
    await expect(fix(server.port, prod, outdated)).rejects.toThrow(
      /names (?:a principal that does|principals that do) not exist: arn:aws:iam::123456789012:role\/\w+.*nothing was changed/,
    );
    expect(server.actions()).not.toContain("PutImageTagMutability");
    // Who may not ask IAM goes on, and ECR says what it does not know.
    server.sts.denied.add("GetRole");
    expect((await fix(server.port, prod, outdated)).map(({ failure }) => failure)).toEqual([undefined]);
  });
});

describe("without permission", () => {
  const deny = (name: string) => {
    const fault = new EcrError(
      name,
      "not authorized to perform: ecr:GetLifecyclePolicy on resource: arn:aws:ecr:us-east-1:123456789012:repository/x",
    );
    server.ecr.faults.inject({ action: "GetLifecyclePolicy", fault, times: 1000 });
  };

  test.each([
    ["AccessDeniedException", 20],
    ["ExpiredTokenException", 10],
  ])("%s ends the run soon, with the reason, a count and an example", async (name, most) => {
    for (let index = 0; index < 120; index++) createOld(`prod/app-${index}`);
    deny(name);
    const { repositories, outdated, unread, untried } = await audit(server.port, prod);
    expect([repositories, outdated, unread.length]).toEqual([0, [], 1]);
    const [{ count, reason, example }] = unread as [(typeof unread)[number]];
    expect(count).toBeLessThanOrEqual(most);
    expect([count + untried, example]).toEqual([120, expect.stringMatching(/^prod\/app-/)]);
    expect(reason).toContain("not authorized to perform");
  });

  test("a fix ends soon as well", async () => {
    for (let index = 0; index < 120; index++) createOld(`prod/app-${index}`);
    const { outdated } = await audit(server.port, prod);
    const fault = new EcrError("AccessDeniedException", "denied");
    server.ecr.faults.inject({ action: "PutImageTagMutability", fault, times: 1000 });
    const { repositories, failures, untried } = await fixPlanned(server.port, prod, planFix(outdated));
    expect(repositories.length).toBeLessThan(20);
    expect(failures).toEqual([{ reason: "denied", count: repositories.length, example: "prod/app-0" }]);
    expect(untried).toBe(120 - repositories.length);
  });
});
