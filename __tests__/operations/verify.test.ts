import { verify } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";
import { call } from "../ecr-server/call";
import { THROTTLED } from "../ecr-server/faults";
import { deploy, LiveServer, NOW, startLiveServer } from "./live-server";

const [dev, , prod] = samples as [Environment, Environment, Environment];

let server: LiveServer;
afterEach(() => server.close());

test.each([...samples, ...hubAndSpokesSample].map((environment) => [environment.name, environment] as const))(
  "%s is as it should be once its stack is deployed",
  async (_, environment) => {
    server = await startLiveServer(environment);
    await deploy(server, environment);
    const { rules, templates, skipped, differences } = await verify(server.port, environment);
    expect(differences).toEqual([]);
    expect(skipped).toEqual([]);
    expect(rules).toBe(environment.caches.length);
    expect(templates).toBe(environment.caches.length);
    expect(server.actions().sort()).toEqual([
      "DescribePullThroughCacheRules",
      "DescribeRepositoryCreationTemplates",
      "GetRegistryPolicy",
      "GetRegistryScanningConfiguration",
      "ValidatePullThroughCacheRule",
    ]);
    expect(server.ecr.calls).toHaveLength(4 + environment.caches.length);
  },
);

const DAY = 24 * 60 * 60;
const chainguard: Environment = {
  ...dev,
  caches: [
    { upstream: "chainguard", credential: { type: "new-secret" } },
    { upstream: "docker-hub", prefix: "hub", credential: { type: "new-secret" } },
    { upstream: "docker-hub", prefix: "hub2", credential: { type: "new-secret" } },
  ],
};

describe("the ages of credentials", () => {
  /** What is said of credentials whose values were set so many days ago. */
  async function aged(days: number, tokenDays?: number) {
    for (const arn of server.sts.secrets.keys()) server.sts.secrets.set(arn, NOW - days * DAY - 60);
    const { credentials, differences } = await verify(server.port, chainguard, [], tokenDays);
    return { credentials, differences: differences.map(({ subject, state, what }) => [subject, state, what]) };
  }
  beforeEach(async () => {
    server = await startLiveServer(chainguard);
    await deploy(server, chainguard);
  });

  test("are reported for each secret, with the rules that use it", async () => {
    const { credentials, differences } = await aged(22);
    expect(credentials).toEqual([
      { secret: expect.stringContaining("chainguard"), rules: ["chainguard"], ageDays: 22, tokenDays: 30 },
      { secret: expect.stringContaining("docker-hub"), rules: ["hub", "hub2"], ageDays: 22 },
    ]);
    expect(differences).toEqual([]);
  });

  test("are a difference where the upstream's tokens expire within a week, or have expired", async () => {
    const subject = "credential of rule chainguard";
    const said = async (days: number, tokenDays?: number) => (await aged(days, tokenDays)).differences;
    expect(await said(25)).toEqual([
      [subject, "expiring", "was set 25 days ago; tokens of this upstream last 30 days, so it expires in 5"],
    ]);
    expect(await said(31)).toEqual([
      [subject, "expiring", "was set 31 days ago; tokens of this upstream last 30 days"],
    ]);
    expect(await said(31, 90)).toEqual([]);
  });

  test("are unknown to a caller without permission, which is said and is no difference", async () => {
    server.sts.denied.add("ListSecretVersionIds");
    const { credentials, differences } = await aged(31);
    expect(differences).toEqual([]);
    expect(credentials.map(({ ageDays, failure }) => [ageDays, failure])).toEqual(
      Array(2).fill([undefined, "not authorized to perform ListSecretVersionIds"]),
    );
  });
});

describe("verify", () => {
  /** What is found after something was changed behind Terraform's back. */
  async function after(environment: Environment, ...changes: (readonly [string, object])[]) {
    server = await startLiveServer(environment);
    await deploy(server, environment);
    for (const [action, input] of changes) expect((await call(server.ecr, action, input)).status).toBe(200);
    const { differences } = await verify(server.port, environment);
    return differences;
  }

  test("tells what is missing, and tries no rule that is not there", async () => {
    const found = await after(
      prod,
      ["DeletePullThroughCacheRule", { ecrRepositoryPrefix: "prod" }],
      ["DeleteRepositoryCreationTemplate", { prefix: "prod" }],
      ["DeleteRegistryPolicy", {}],
    );
    expect(found.map(({ subject, state, what }) => [subject, state, what])).toEqual([
      ["rule prod", "missing", "is not there"],
      ["template prod", "missing", "is not there"],
      ["registry policy", "missing", "is not there"],
    ]);
    expect(server.actions()).not.toContain("ValidatePullThroughCacheRule");
  });

  test("tells what is extra, but for what another environment has", async () => {
    const quay = { ecrRepositoryPrefix: "team", upstreamRegistryUrl: "quay.io" };
    const template = { prefix: "team", appliedFor: ["PULL_THROUGH_CACHE"] };
    const found = await after(
      prod,
      ["CreatePullThroughCacheRule", quay],
      ["CreateRepositoryCreationTemplate", template],
    );
    expect(found).toEqual([
      { subject: "rule team", state: "extra", what: "is in no environment" },
      { subject: "template team", state: "extra", what: "is in no environment" },
    ]);
    const team = { ...prod, caches: [{ upstream: "quay" as const, prefix: "team" }] };
    expect((await verify(server.port, prod, [team])).differences).toEqual([]);
    const underRoot = { ...team, templates: [{ prefix: "ROOT" }] };
    expect((await verify(server.port, prod, [underRoot])).differences.map(({ subject }) => subject)).toEqual([
      "template team",
    ]);
  });

  test("tells what is different, with what it should be", async () => {
    const credentialArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/other-Zz99Zz";
    const found = await after(
      prod,
      ["UpdatePullThroughCacheRule", { ecrRepositoryPrefix: "prod", credentialArn }],
      [
        "UpdateRepositoryCreationTemplate",
        {
          prefix: "prod",
          imageTagMutability: "MUTABLE",
          encryptionConfiguration: { encryptionType: "AES256" },
          resourceTags: [{ Key: "environment", Value: "dev" }],
          appliedFor: ["PULL_THROUGH_CACHE", "REPLICATION"],
        },
      ],
      ["PutRegistryScanningConfiguration", { scanType: "BASIC", rules: [] }],
    );
    expect(found).toEqual([
      {
        subject: "rule prod",
        state: "different",
        what: "credential",
        expected: "ecr-pullthroughcache/docker-hub",
        actual: "ecr-pullthroughcache/other",
      },
      {
        subject: "template prod",
        state: "different",
        what: "applied for",
        expected: "PULL_THROUGH_CACHE",
        actual: "PULL_THROUGH_CACHE, REPLICATION",
      },
      { subject: "template prod", state: "different", what: "encryption", expected: "KMS", actual: "AES256" },
      { subject: "template prod", state: "different", what: "image tags", expected: "IMMUTABLE", actual: "MUTABLE" },
      {
        subject: "template prod",
        state: "different",
        what: "tags",
        expected: "environment=prod, team=platform",
        actual: "environment=dev",
      },
      {
        subject: "scanning",
        state: "different",
        what: "how",
        expected: "BASIC SCAN_ON_PUSH of prod/*",
        actual: "BASIC",
      },
    ]);
  });

  test("explains a principal that was deleted, and does not mind the case of an action", async () => {
    server = await startLiveServer(dev);
    await deploy(server, dev);
    const { policyText } = (await call(server.ecr, "GetRegistryPolicy")).body as { policyText: string };
    server.ecr.state.registryPolicy = policyText.replaceAll("ecr:CreateRepository", "ecr:createrepository");
    expect((await verify(server.port, dev)).differences).toEqual([]);
    server.ecr.state.registryPolicy = policyText.replace(/"arn:aws:iam[^"]*"/, '"AROAEXAMPLEID1234"');
    expect((await verify(server.port, dev)).differences.map(({ subject, note }) => [subject, note])).toEqual([
      ["registry policy", expect.stringContaining("AROAEXAMPLEID1234 is the id of a role that was deleted")],
    ]);
  });

  test("does not compare what something else owns", async () => {
    const environment = { ...dev, registryPolicy: "unmanaged" as const, scanning: "unmanaged" as const };
    server = await startLiveServer(environment);
    await deploy(server, environment);
    const { skipped, differences } = await verify(server.port, environment);
    expect([skipped, differences]).toEqual([["registry policy", "scanning"], []]);
  });

  test("tells what ECR says of a rule that does not work", async () => {
    server = await startLiveServer(dev);
    await deploy(server, dev);
    const port = {
      ...server.port,
      ruleFailure: (prefix: string) => Promise.resolve(prefix === "dev" ? "the secret has no accessToken" : undefined),
    };
    expect((await verify(port, dev)).differences).toEqual([
      { subject: "rule dev", state: "broken", what: "the secret has no accessToken" },
    ]);
  });

  test("refuses credentials of another account before it asks ECR anything", async () => {
    server = await startLiveServer(dev, "999999999999");
    await expect(verify(server.port, dev)).rejects.toThrow(
      "the credentials are of account 999999999999, but the environment is in 111122223333: nothing was done",
    );
    expect(server.ecr.calls).toEqual([]);
  });

  test("waits where ECR is busy", async () => {
    server = await startLiveServer(dev);
    await deploy(server, dev);
    server.ecr.faults.inject({ action: "DescribePullThroughCacheRules", fault: THROTTLED, times: 3 });
    expect((await verify(server.port, dev)).differences).toEqual([]);
    const failures = server.ecr.calls.filter(({ failure }) => failure !== undefined);
    expect(failures.map(({ failure }) => failure)).toEqual(Array(3).fill("ThrottlingException"));
  });
});
