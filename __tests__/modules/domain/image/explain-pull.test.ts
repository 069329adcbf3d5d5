import { explainPull, ExplainedPull, FIRST_PULL_ACTIONS, Registry } from "../../../../modules/domain";

const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [{ upstream: "docker-hub", prefix: "prod", credential: { type: "new-secret" } }],
  pullers: [{ role: "node" }],
};
const DIGEST = `sha256:${"a".repeat(64)}`;

function only(image: string, change: Partial<Registry> = {}): ExplainedPull {
  const explained = explainPull(image, { ...registry, ...change });
  if ("diagnostics" in explained) throw new Error(JSON.stringify(explained.diagnostics));
  expect(explained.pulls).toHaveLength(1);
  return explained.pulls[0]!;
}

describe("explainPull", () => {
  test("goes from what to pull to what becomes of it", () => {
    const { template, ...explained } = only("nginx:1.27");
    expect(explained).toEqual({
      uri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/prod/library/nginx:1.27",
      rule: {
        prefix: "prod",
        upstream: "Docker Hub",
        upstreamRegistryUrl: "registry-1.docker.io",
        credential: "the secret ecr-pullthroughcache/docker-hub, created here and filled from Terraform variables",
      },
      upstreamImage: "docker.io/library/nginx:1.27",
      repository: "prod/library/nginx",
      actions: FIRST_PULL_ACTIONS,
      pullers: [{ who: "the role node", missing: [], unknown: [] }],
      refresh: "never: 1.27 cannot move here, so it stays the image of its first pull",
      lifecycle: "no rule takes it as long as it has the tag",
    });
    expect(template!.prefix).toBe("prod");
    expect(template!.settings).toContainEqual({ name: "image tags", value: "no tag except latest can move" });
  });

  test("says what ECR does where a cache's only template is not for pulls", () => {
    const templates = [
      { prefix: "prod", appliedFor: ["REPLICATION" as const], imageTagMutability: "IMMUTABLE" as const },
    ];
    const { template, pullers, refresh, lifecycle } = only("nginx", { templates });
    expect({ template, pullers, lifecycle }).toEqual({
      template: undefined,
      pullers: [
        {
          who: "the role node",
          missing: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          unknown: [],
        },
      ],
      lifecycle: "no rule: it is kept",
    });
    expect(refresh).toMatch(/^at the first pull after 24 hours/);
  });

  test.each([
    ["nginx", /^at the first pull after 24 hours ECR asks whether latest has moved/],
    ["nginx:1", /^never: 1 cannot move here/],
    [`nginx:latest@${DIGEST}`, /^never: a digest names one image/],
  ])("tells of %s when ECR asks the upstream again", (image, expected) => {
    expect(only(image).refresh).toMatch(expected);
  });

  test.each([
    ["nginx:v1", undefined, "no rule takes it as long as it has the tag"],
    [`nginx@${DIGEST}`, undefined, "untagged images expire 30 days after their push"],
    ["nginx:v1", [], "no rule: it is kept"],
    ["nginx:v1", [{ keepLast: { count: 3 } }], "of images all but the newest 3 expire"],
    [
      "nginx:1",
      [{ keepReleases: { tagPatterns: ["v*"], expireOthersAfterDays: 9 } }],
      "images expire 9 days after their push",
    ],
  ])("tells of %s under %j what takes it away", (image, lifecycle, expected) => {
    const change = { repositories: { lifecycle } };
    expect(only(image, change).lifecycle).toBe(expected);
  });

  test("tells what a puller lacks", () => {
    const repositories = { access: { pull: [{ user: "ci" }] } };
    expect(only("nginx", { repositories }).pullers).toEqual([
      {
        who: "the role node",
        missing: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        unknown: [],
      },
      { who: "the user ci", missing: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], unknown: [] },
    ]);
  });

  test("explains each cache that serves the image", () => {
    const caches = [...registry.caches, { ...registry.caches[0]!, prefix: "other" }] as Registry["caches"];
    const explained = explainPull("nginx", { ...registry, caches });
    expect("pulls" in explained && explained.pulls.map(({ repository }) => repository)).toEqual([
      "prod/library/nginx",
      "other/library/nginx",
    ]);
  });

  test("says what is wrong with an image that no cache serves", () => {
    expect(explainPull("quay.io/a/b", registry)).toEqual({
      diagnostics: [
        {
          severity: "error",
          path: [],
          message: "comes from quay.io, which no cache serves",
          value: "quay.io/a/b",
          fix: 'add the cache { upstream: "quay" }',
        },
      ],
    });
  });
});
