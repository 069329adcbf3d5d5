import { EcrRegistry, EcrRegistryProps, PullThroughCacheRule } from "../../modules";
import { onlyResource, StackJson, synth } from "../helpers/synth";

const registry = { accountId: "111122223333", region: "us-east-1" };
const hub = { accountId: "444455556666", region: "us-east-1" };

function synthRegistry(props: Partial<EcrRegistryProps>): StackJson {
  const aes = { encryption: { type: "AES256" } } as const;
  return synth((stack) => new EcrRegistry(stack, "registry", { ...registry, caches: [], repositories: aes, ...props }));
}

function statementsOf(json: StackJson, type: string, argument: string) {
  const { Statement } = JSON.parse(onlyResource(json, type)[argument] as string) as {
    Statement: Record<string, unknown>[];
  };
  return Statement;
}

describe("a cache of another account's registry", () => {
  const json = synthRegistry({
    caches: [{ upstream: "ecr", upstreamRegistry: hub, prefix: "hub/all" }],
    tags: { a: "b" },
  });

  test("names the upstream, all of it, and the role", () => {
    expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toEqual({
      ecr_repository_prefix: "hub/all",
      upstream_registry_url: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
      upstream_repository_prefix: "ROOT",
      custom_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.registry_upstream-roles_hub--all_\w+\.arn\}$/),
      depends_on: [
        expect.stringMatching(/^aws_ecr_repository_creation_template\./),
        expect.stringMatching(/^aws_iam_role_policy\.registry_upstream-roles_hub--all_Policy_/),
      ],
    });
  });

  test("has a role that reads only the part of the upstream that is cached", () => {
    const upstreamRepositoryPrefix = "prod";
    const part = synthRegistry({
      caches: [{ upstream: "ecr", upstreamRegistry: hub, prefix: "hub", upstreamRepositoryPrefix }],
      repositories: { encryption: { type: "AES256" } },
    });
    const [, copy] = statementsOf(part, "aws_iam_role_policy", "policy");
    expect(copy).toMatchObject({
      Sid: "CopyImages",
      Resource: [
        "arn:aws:ecr:us-east-1:111122223333:repository/hub/*",
        "arn:aws:ecr:us-east-1:444455556666:repository/prod/*",
      ],
    });
  });

  test("has a role that reads the upstream, fills the cache, and does no more", () => {
    const roles = Object.entries(json.resource!.aws_iam_role!).filter(([name]) => name.includes("upstream-roles"));
    expect(roles).toHaveLength(1);
    expect(roles[0]![1]).toMatchObject({ name: "EcrPullThrough-us-east-1-hub+all", tags: { a: "b" } });
    expect(JSON.parse(roles[0]![1].assume_role_policy as string)).toMatchObject({
      Statement: [{ Principal: { Service: "pullthroughcache.ecr.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const policies = Object.entries(json.resource!.aws_iam_role_policy!).filter(([name]) =>
      name.includes("upstream-roles"),
    );
    const { Statement } = JSON.parse(policies[0]![1].policy as string) as { Statement: { Resource: unknown }[] };
    expect(Statement.map(({ Resource }) => Resource)).toEqual([
      "*",
      ["arn:aws:ecr:us-east-1:111122223333:repository/hub/all/*", "arn:aws:ecr:us-east-1:444455556666:repository/*"],
      "arn:aws:ecr:us-east-1:111122223333:repository/hub/all/*",
    ]);
  });

  test("takes a role of the user's, and creates none", () => {
    const customRoleArn = "arn:aws:iam::111122223333:role/Ours";
    const own = synthRegistry({ caches: [{ upstream: "ecr", upstreamRegistry: hub, customRoleArn }] });
    expect(own.resource).not.toHaveProperty("aws_iam_role");
    expect(onlyResource(own, "aws_ecr_pull_through_cache_rule")).toMatchObject({ custom_role_arn: customRoleArn });
  });

  test("lets the role fill repositories that are closed to everybody else", () => {
    const customRoleArn = "arn:aws:iam::111122223333:role/Ours";
    const closed = synthRegistry({
      caches: [{ upstream: "ecr", upstreamRegistry: hub, customRoleArn }],
      pullers: [{ role: "Puller" }],
      repositories: { encryption: { type: "AES256" }, access: { denyOthers: true } },
    });
    const statements = statementsOf(closed, "aws_ecr_repository_creation_template", "repository_policy");
    expect(statements.find(({ Sid }) => Sid === "DenyPushToOthers")).toMatchObject({
      Condition: { ArnNotLike: { "aws:PrincipalArn": expect.arrayContaining([customRoleArn]) } },
    });
  });

  test("is refused as a rule of its own without a role", () => {
    const rule = () =>
      synth((stack) => new PullThroughCacheRule(stack, "cache", { registry, upstream: "ecr", upstreamRegistry: hub }));
    expect(rule).toThrow(
      "[test/cache] customRoleArn is missing: ECR reads another account's registry with a role only",
    );
  });
});

test("a cache of another region of the same account needs no role", () => {
  const upstreamRegistry = { ...registry, region: "eu-west-1" };
  const json = synthRegistry({ caches: [{ upstream: "ecr", upstreamRegistry, upstreamRepositoryPrefix: "prod" }] });
  expect(json.resource).not.toHaveProperty("aws_iam_role");
  expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toEqual({
    ecr_repository_prefix: "ecr",
    upstream_registry_url: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    upstream_repository_prefix: "prod",
    depends_on: [expect.stringMatching(/^aws_ecr_repository_creation_template\./)],
  });
});

describe("downstream accounts", () => {
  test("are let in by the registry policy and by the repository policies", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      downstreamAccounts: ["444455556666", "777788889999"],
    });
    const Principal = { AWS: ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"] };
    expect(statementsOf(json, "aws_ecr_registry_policy", "policy")).toEqual([
      {
        Sid: "AllowDownstream",
        Effect: "Allow",
        Principal,
        Action: [
          "ecr:BatchGetImage",
          "ecr:BatchImportUpstreamImage",
          "ecr:CreateRepository",
          "ecr:GetDownloadUrlForLayer",
          "ecr:GetImageCopyStatus",
        ],
        Resource: "arn:aws:ecr:us-east-1:111122223333:repository/quay/*",
      },
    ]);
    expect(statementsOf(json, "aws_ecr_repository_creation_template", "repository_policy")).toEqual([
      {
        Sid: "AllowPull",
        Effect: "Allow",
        Principal,
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      },
      { Sid: "AllowDownstream", Effect: "Allow", Principal, Action: "ecr:GetImageCopyStatus" },
    ]);
  });

  test("may be among the pullers already, and are let in once", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      downstreamAccounts: ["444455556666", "777788889999"],
      pullers: [{ account: "777788889999" }, { role: "Puller", account: "444455556666" }],
    });
    const [pull] = statementsOf(json, "aws_ecr_repository_creation_template", "repository_policy");
    expect(pull!.Principal).toEqual({
      AWS: [
        "arn:aws:iam::444455556666:role/Puller",
        "arn:aws:iam::444455556666:root",
        "arn:aws:iam::777788889999:root",
      ],
    });
  });

  test.each([
    [["1"], "downstreamAccounts[0] must be 12 digits"],
    [["111122223333"], "downstreamAccounts[0] must not be the registry's own account"],
    [["444455556666", "444455556666"], "downstreamAccounts[1] must not be listed twice"],
  ])("are refused: %j", (downstreamAccounts, message) => {
    expect(() => synthRegistry({ downstreamAccounts })).toThrow(message);
  });
});
