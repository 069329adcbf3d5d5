import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkEnvironments, Environment, hubAndSpokes, synthesize } from "../../stacks";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";
import { addresses, resources, StackJson } from "../helpers/synth";

const folder = mkdtempSync(join(tmpdir(), "ecr-hub-"));
const stacks = new Map(
  synthesize(hubAndSpokesSample, folder).map(({ name, file }) => [
    name,
    JSON.parse(readFileSync(file, "utf8")) as StackJson,
  ]),
);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function rulesOf(name: string) {
  return resources(stacks.get(name)!, "aws_ecr_pull_through_cache_rule").map(({ depends_on: _, ...rule }) => rule);
}

describe("the sample of a hub and two spokes", () => {
  const HUB = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

  test("has nothing wrong with it", () => {
    expect(checkEnvironments(hubAndSpokesSample)).toEqual([]);
    expect([...stacks.keys()]).toEqual(["hub", "workloads", "hub-europe"]);
  });

  test("caches from the internet in the hub only", () => {
    expect(rulesOf("hub").map(({ upstream_registry_url }) => upstream_registry_url)).toEqual([
      "registry-1.docker.io",
      "quay.io",
    ]);
    expect(stacks.get("hub")!.resource).toHaveProperty("aws_secretsmanager_secret");
    for (const name of ["workloads", "hub-europe"]) {
      expect(rulesOf(name).map(({ upstream_registry_url }) => upstream_registry_url)).toEqual([HUB, HUB]);
      expect(stacks.get(name)!.resource).not.toHaveProperty("aws_secretsmanager_secret");
    }
  });

  test("gives an image the same path everywhere", () => {
    for (const name of ["workloads", "hub-europe"]) {
      expect(
        rulesOf(name).map(({ ecr_repository_prefix, upstream_repository_prefix }) => [
          ecr_repository_prefix,
          upstream_repository_prefix,
        ]),
      ).toEqual([
        ["docker-hub", "docker-hub"],
        ["quay", "quay"],
      ]);
    }
  });

  test("needs roles and permissions between accounts, and none within one", () => {
    expect(
      addresses(stacks.get("workloads")!).filter((address) => /^aws_iam_role\.registry_upstream/.test(address)),
    ).toHaveLength(2);
    expect(addresses(stacks.get("hub-europe")!).filter((address) => address.includes("upstream-roles"))).toEqual([]);
    const [policy] = resources(stacks.get("hub")!, "aws_ecr_registry_policy");
    const { Statement } = JSON.parse(policy!.policy as string) as { Statement: { Sid: string; Principal: unknown }[] };
    expect(Statement.find(({ Sid }) => Sid === "AllowDownstream")!.Principal).toEqual({
      AWS: "arn:aws:iam::444455556666:root",
    });
  });
});

test("spokes keep their own caches, and two spokes of one account are let in once", () => {
  const environment = (name: string, region: string): Environment => ({
    name,
    accountId: name === "hub" ? "111122223333" : "444455556666",
    region,
    backend: { type: "local" },
    caches: [{ upstream: "quay", prefix: name === "hub" ? "quay" : "own" }],
  });
  const spokes = [environment("one", "us-east-1"), environment("two", "us-east-2")];
  const [hub, one] = hubAndSpokes({ hub: environment("hub", "us-east-1"), spokes });
  expect(hub!.downstreamAccounts).toEqual(["444455556666"]);
  expect(one!.caches.map(({ prefix }) => prefix)).toEqual(["quay", "own"]);
});
