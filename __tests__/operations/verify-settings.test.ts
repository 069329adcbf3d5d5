import { commandPolicy } from "../../operations/command-policies";
import { verify } from "../../operations";
import { completeSample } from "../../stacks/complete-sample";
import { Environment } from "../../stacks";
import { call } from "../ecr-server/call";
import { deploy, LiveServer, startLiveServer } from "./live-server";

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(completeSample);
  await deploy(server, completeSample);
});
afterEach(() => server.close());

async function differences(environment: Environment = completeSample) {
  const found = await verify(server.port, environment);
  return found.differences.map(({ subject, state, what, expected, actual }) => [
    subject,
    state,
    what,
    ...(expected === undefined ? [] : [expected, actual]),
  ]);
}

test("nothing is different once everything is deployed, and verify asks only for what its policy allows", async () => {
  expect(await differences()).toEqual([]);
  const [registry] = commandPolicy("verify", completeSample).Statement;
  const asked = server.actions().map((action) => `ecr:${action}`);
  expect(asked).toEqual(expect.arrayContaining(["ecr:GetAccountSetting", "ecr:DescribeRegistry"]));
  expect(asked.filter((action) => !(registry!.Action as string[]).includes(action))).toEqual([]);
});

test("account settings and replication that somebody changed are different", async () => {
  await call(server.ecr, "PutAccountSetting", { name: "REGISTRY_POLICY_SCOPE", value: "V1" });
  await call(server.ecr, "PutReplicationConfiguration", { replicationConfiguration: { rules: [] } });
  expect(await differences()).toEqual([
    ["account setting REGISTRY_POLICY_SCOPE", "different", "value", "V2", "V1"],
    ["replication", "different", "rules", "quay/* to 777788889999 in eu-west-1", "none"],
  ]);
});

test("a pull-time exclusion is missing until it is there; others are left alone", async () => {
  const scanner = "arn:aws:iam::777788889999:role/Scanner";
  const environment = { ...completeSample, pullTimeExclusions: [scanner] };
  expect(await differences(environment)).toEqual([[`pull-time exclusion ${scanner}`, "missing", "is not there"]]);
  for (const principalArn of [scanner, "arn:aws:iam::777788889999:role/Other"]) {
    await call(server.ecr, "RegisterPullTimeUpdateExclusion", { principalArn });
  }
  expect(await differences(environment)).toEqual([]);
});
