import { call, refusal } from "./call";
import { EcrServer, startEcrServer } from "./ecr-server";
import { SERVER_FAILED, THROTTLED } from "./faults";

const quay = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };
const arn = (region: string) => `arn:aws:ecr:${region}:111122223333:repository/quay/*`;
const registryPolicy = (Resource?: string) => ({
  policyText: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["ecr:CreateRepository"], Resource }],
  }),
});

let server: EcrServer;
beforeEach(async () => (server = await startEcrServer({ accountId: "111122223333", region: "us-east-1" })));
afterEach(() => server.close());

test("a registry has one policy, which names its own repositories", async () => {
  expect(await refusal(server, "GetRegistryPolicy", {})).toBe("RegistryPolicyNotFoundException");
  expect(await refusal(server, "PutRegistryPolicy", { policyText: "{" })).toBe("InvalidParameterException");
  expect(await refusal(server, "PutRegistryPolicy", registryPolicy())).toBe("InvalidParameterException");
  expect(await refusal(server, "PutRegistryPolicy", registryPolicy(arn("eu-west-1")))).toBe(
    "InvalidParameterException",
  );
  const own = registryPolicy(arn("us-east-1"));
  expect(await refusal(server, "PutRegistryPolicy", own)).toBe("");
  expect((await call(server, "GetRegistryPolicy")).body).toEqual({ registryId: "111122223333", ...own });
  expect(await refusal(server, "DeleteRegistryPolicy", {})).toBe("");
  expect(server.state.isEmpty).toBe(true);
});

test("a registry has one scanning configuration, whose frequency fits its type", async () => {
  const put = (scanType: string, scanFrequency: string, filter = "quay/*") =>
    refusal(server, "PutRegistryScanningConfiguration", {
      scanType,
      rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: "WILDCARD" }] }],
    });
  expect(await put("BASIC", "CONTINUOUS_SCAN")).toBe("InvalidParameterException");
  expect(await put("ENHANCED", "MANUAL")).toBe("InvalidParameterException");
  expect(await put("BASIC", "SCAN_ON_PUSH", "Quay")).toBe("InvalidParameterException");
  expect((await call(server, "GetRegistryScanningConfiguration")).body.scanningConfiguration).toEqual({
    scanType: "BASIC",
    rules: [],
  });
  expect(await put("ENHANCED", "CONTINUOUS_SCAN")).toBe("");
  expect(server.state.isEmpty).toBe(false);
});

test("calls go wrong as planned, and are recorded", async () => {
  const action = "CreatePullThroughCacheRule";
  server.faults.inject({ action, call: 2, times: 2, fault: THROTTLED });
  server.faults.inject({ action: "DescribeRegistry", fault: SERVER_FAILED });
  const refusals: string[] = [];
  for (const prefix of ["q1", "q2", "q3", "q4"]) {
    refusals.push(await refusal(server, action, { ...quay, ecrRepositoryPrefix: prefix }));
  }
  expect(refusals).toEqual(["", "ThrottlingException", "ThrottlingException", ""]);
  expect((await call(server, "DescribeRegistry")).status).toBe(500);
  expect((await call(server, "DescribeRegistry")).body.registryId).toBe("111122223333");
  expect(server.faults.pending).toBe(0);
  expect(server.calls.map(({ failure = "" }) => failure)).toEqual([...refusals, "ServerException", ""]);
  expect(server.calls[1]).toEqual({
    action,
    input: { ...quay, ecrRepositoryPrefix: "q2" },
    failure: "ThrottlingException",
  });
});

test("calls beyond the quota of their action are throttled", async () => {
  server.faults.quota = { burst: 2, perSecond: 100 };
  const describe = () => refusal(server, "DescribeRegistry", {});
  const answers = await Promise.all(Array.from({ length: 20 }, describe));
  expect(answers.filter((answer) => answer === "").length).toBeLessThan(20);
  expect(new Set(answers)).toEqual(new Set(["", "ThrottlingException"]));
  expect(await refusal(server, "DescribeRepositories", {})).toBe("");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await describe()).toBe("");
});

test("the calls that wait at once are counted", async () => {
  server.faults.delay = 20;
  await Promise.all([1, 2, 3].map(() => call(server, "DescribeRegistry")));
  await call(server, "DescribeRegistry");
  expect(server.mostInFlight()).toBe(3);
});

test("an answer can be lost after the call was carried out", async () => {
  server.faults.inject({ action: "CreatePullThroughCacheRule", fault: "lost-answer" });
  await expect(call(server, "CreatePullThroughCacheRule", quay)).rejects.toThrow("fetch failed");
  expect(server.state.rules.all.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix)).toEqual(["quay"]);
});

test("the answer to a refused call can be lost too", async () => {
  server.faults.inject({ action: "DeletePullThroughCacheRule", fault: "lost-answer" });
  await expect(call(server, "DeletePullThroughCacheRule", quay)).rejects.toThrow("fetch failed");
  expect(server.calls).toMatchObject([{ action: "DeletePullThroughCacheRule", failure: "lost-answer" }]);
});

test("a fault can be meant for one of several calls", async () => {
  const where = (input: object) => "ecrRepositoryPrefix" in input && input.ecrRepositoryPrefix === "q2";
  server.faults.inject({ action: "CreatePullThroughCacheRule", fault: THROTTLED, where });
  const create = (ecrRepositoryPrefix: string) =>
    refusal(server, "CreatePullThroughCacheRule", { ...quay, ecrRepositoryPrefix });
  expect([await create("q1"), await create("q2"), await create("q2")]).toEqual(["", "ThrottlingException", ""]);
});

test("an unknown action and another account's registry are refused", async () => {
  expect(await refusal(server, "PutRepositoryCreationTemplate", {})).toBe("UnknownOperationException");
  expect(await refusal(server, "toString", {})).toBe("UnknownOperationException");
  expect(await refusal(server, "DescribeRepositories", { registryId: "999999999999" })).toBe("AccessDeniedException");
});

test("an authorization token names where the registry answers", async () => {
  const { body } = await call(server, "GetAuthorizationToken");
  const [data, ...others] = body.authorizationData as { proxyEndpoint: string; authorizationToken: string }[];
  expect(others).toEqual([]);
  expect(data!.proxyEndpoint).toBe(server.url);
  expect(Buffer.from(data!.authorizationToken, "base64").toString()).toMatch(/^AWS:\S+$/);
});
