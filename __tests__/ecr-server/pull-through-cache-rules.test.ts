import { call, refusal } from "./call";
import { EcrServer, startEcrServer } from "./ecr-server";

const CREATE = "CreatePullThroughCacheRule";
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-Ab12Cd";
const hub = { ecrRepositoryPrefix: "dev", upstreamRegistryUrl: "registry-1.docker.io", credentialArn: secretArn };
const quay = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };
const otherRegistry = "444455556666.dkr.ecr.us-east-1.amazonaws.com";
const roleArn = "arn:aws:iam::111122223333:role/Cache";

let server: EcrServer;
beforeEach(
  async () => (server = await startEcrServer({ accountId: "111122223333", region: "us-east-1", now: () => 7 })),
);
afterEach(() => server.close());

test("a rule can be created, described, changed and deleted", async () => {
  const created = await call(server, CREATE, hub);
  expect(created.body).toEqual({
    ...hub,
    upstreamRegistry: "docker-hub",
    registryId: "111122223333",
    createdAt: 7,
  });
  const other = secretArn.replace("Ab12Cd", "Zz99Zz");
  const change = { ecrRepositoryPrefix: "dev", credentialArn: other };
  expect((await call(server, "UpdatePullThroughCacheRule", change)).body.credentialArn).toBe(other);
  const { body } = await call(server, "DescribePullThroughCacheRules", { ecrRepositoryPrefixes: ["dev"] });
  expect(body.pullThroughCacheRules).toEqual([{ ...created.body, credentialArn: other, updatedAt: 7 }]);
  expect((await call(server, "ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "dev" })).body.isValid).toBe(true);
  expect((await call(server, "DeletePullThroughCacheRule", { ecrRepositoryPrefix: "dev" })).status).toBe(200);
  expect(server.state.isEmpty).toBe(true);
  const gone = await refusal(server, "DescribePullThroughCacheRules", { ecrRepositoryPrefixes: ["dev"] });
  expect(gone).toBe("PullThroughCacheRuleNotFoundException");
});

test.each<[string, object, string]>([
  ["a prefix that is too short", { ...quay, ecrRepositoryPrefix: "q" }, "InvalidParameterException"],
  ["a prefix that is too long", { ...quay, ecrRepositoryPrefix: "q".repeat(31) }, "InvalidParameterException"],
  ["capital letters", { ...quay, ecrRepositoryPrefix: "Quay" }, "InvalidParameterException"],
  ["ROOT/", { ...quay, ecrRepositoryPrefix: "ROOT/" }, "InvalidParameterException"],
  ["no prefix", { upstreamRegistryUrl: "quay.io" }, "InvalidParameterException"],
  ["an unknown upstream", { ...quay, upstreamRegistryUrl: "gcr.io" }, "UnsupportedUpstreamRegistryException"],
  ["docker.io", { ...hub, upstreamRegistryUrl: "docker.io" }, "UnsupportedUpstreamRegistryException"],
  ["a scheme", { ...quay, upstreamRegistryUrl: "https://quay.io" }, "UnsupportedUpstreamRegistryException"],
  ["a false name for the upstream", { ...quay, upstreamRegistry: "k8s" }, "UnsupportedUpstreamRegistryException"],
  ["a name that is none", { ...quay, upstreamRegistry: "gcr" }, "InvalidParameterException"],
  ["no credential", { ...hub, credentialArn: undefined }, "UnsupportedUpstreamRegistryException"],
  ["another name", { ...hub, credentialArn: secretArn.replace("ecr-pull", "pull") }, "InvalidParameterException"],
  [
    "another region",
    { ...hub, credentialArn: secretArn.replace("us-east", "eu-west") },
    "UnableToAccessSecretException",
  ],
  ["another account", { ...hub, credentialArn: secretArn.replace("1111", "9999") }, "UnableToAccessSecretException"],
  ["no role", { ecrRepositoryPrefix: "ecr", upstreamRegistryUrl: otherRegistry }, "InvalidParameterException"],
  [
    "an upstream prefix for ROOT",
    {
      ecrRepositoryPrefix: "ROOT",
      upstreamRepositoryPrefix: "prod",
      upstreamRegistryUrl: otherRegistry,
      customRoleArn: roleArn,
    },
    "InvalidParameterException",
  ],
])("refuses %s", async (_, input, name) => {
  expect(await refusal(server, CREATE, input)).toBe(name);
  expect(server.state.rules.all).toEqual([]);
});

test("every upstream is accepted with what it needs", async () => {
  const hosts = ["public.ecr.aws", "registry.k8s.io", "quay.io", "registry-1.docker.io", "ghcr.io"];
  const others = ["registry.gitlab.com", "cgr.dev", "contoso.azurecr.io", otherRegistry];
  const names: string[] = [];
  for (const [index, upstreamRegistryUrl] of [...hosts, ...others].entries()) {
    const needs = { credentialArn: secretArn, customRoleArn: roleArn };
    const { body } = await call(server, CREATE, { ecrRepositoryPrefix: `p${index}`, upstreamRegistryUrl, ...needs });
    names.push(`${String(body.upstreamRegistry)} ${String(body.upstreamRepositoryPrefix)}`);
  }
  expect(names).toEqual([
    "ecr-public undefined",
    "k8s undefined",
    "quay undefined",
    "docker-hub undefined",
    "github-container-registry undefined",
    "gitlab-container-registry undefined",
    "chainguard undefined",
    "azure-container-registry undefined",
    "ecr ROOT",
  ]);
});

test("a prefix is given once, and the fifty-first rule is refused", async () => {
  await call(server, CREATE, quay);
  expect(await refusal(server, CREATE, quay)).toBe("PullThroughCacheRuleAlreadyExistsException");
  for (let index = 1; index < 50; index++) server.state.rules.create({ ...quay, ecrRepositoryPrefix: `quay${index}` });
  expect(await refusal(server, CREATE, { ...quay, ecrRepositoryPrefix: "one-more" })).toBe("LimitExceededException");
});

test("a secret that does not exist is not found", async () => {
  const strict = await startEcrServer({
    accountId: "111122223333",
    region: "us-east-1",
    secretExists: (arn) => Promise.resolve(arn === secretArn),
  });
  expect(await refusal(strict, CREATE, { ...hub, credentialArn: `${secretArn}x` })).toBe("SecretNotFoundException");
  expect(await refusal(strict, CREATE, hub)).toBe("");
  await strict.close();
});
