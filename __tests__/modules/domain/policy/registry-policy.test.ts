import {
  checkRegistryPolicy,
  PolicyDocument,
  Principal,
  registryPolicy,
  RegistryPolicyGrants,
  RegistryPolicyStatement,
  renderPolicyDocument,
} from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const NODES: Principal[] = [{ role: "node" }];
const OTHERS: Principal[] = [{ account: "444455556666" }];
const REPLICATION: RegistryPolicyStatement = {
  sid: "AllowReplication",
  principals: OTHERS,
  actions: ["ecr:ReplicateImage", "ecr:CreateRepository"],
  prefixes: ["prod"],
};

function text(grants: RegistryPolicyGrants, scope = SCOPE): string {
  return renderPolicyDocument(registryPolicy(scope, grants)!);
}

/** What each statement is about, by Sid. */
function resources(grants: RegistryPolicyGrants) {
  const { Statement } = JSON.parse(text(grants)) as PolicyDocument;
  return Statement.map(({ Sid, Resource }) => [Sid, Resource]);
}

function under(prefix: string): string {
  return `arn:aws:ecr:us-east-1:111122223333:repository/${prefix}/*`;
}

describe("registryPolicy", () => {
  test.each<[RegistryPolicyGrants]>([[{}], [{ pullThrough: [], statements: [] }], [{ pullThrough: undefined }]])(
    "is nothing for %j",
    (grants) => {
      expect(registryPolicy(SCOPE, grants)).toBeUndefined();
    },
  );

  test("says nothing of a cache that nobody may pull through", () => {
    const closed = { prefix: "quay", principals: [] };
    const open = { prefix: "docker-hub", principals: NODES };
    expect(registryPolicy(SCOPE, { pullThrough: [closed] })).toBeUndefined();
    expect(resources({ pullThrough: [closed, open] })).toEqual([["AllowPullThrough", under("docker-hub")]]);
  });

  test("allows what a first pull needs under the prefix, and the user's statements under theirs", () => {
    expect(text({ pullThrough: [{ prefix: "docker-hub", principals: NODES }], statements: [REPLICATION] })).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"AllowPullThrough","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::111122223333:role/node"},' +
        '"Action":["ecr:BatchImportUpstreamImage","ecr:CreateRepository"],' +
        '"Resource":"arn:aws:ecr:us-east-1:111122223333:repository/docker-hub/*"},' +
        '{"Sid":"AllowReplication","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::444455556666:root"},' +
        '"Action":["ecr:CreateRepository","ecr:ReplicateImage"],' +
        '"Resource":"arn:aws:ecr:us-east-1:111122223333:repository/prod/*"}]}',
    );
  });

  test("allows members of organizations beside others", () => {
    const principals = [...NODES, { organization: "o-a1b2c3d4e5" }];
    expect(resources({ pullThrough: [{ prefix: "quay", principals }] })).toEqual([
      ["AllowPullThrough", under("quay")],
      ["AllowPullThroughOrganizations", under("quay")],
    ]);
  });

  test("merges caches with the same pullers, in whatever order these are", () => {
    const both: Principal[] = [...NODES, ...OTHERS];
    const pullThrough = [
      { prefix: "quay", principals: both },
      { prefix: "docker-hub", principals: [...both].reverse() },
    ];
    expect(resources({ pullThrough })).toEqual([["AllowPullThrough", [under("docker-hub"), under("quay")]]]);
    expect(text({ pullThrough: [...pullThrough].reverse() })).toBe(text({ pullThrough }));
  });

  test("merges the pullers of one cache that is listed twice", () => {
    const merged = text({ pullThrough: [{ prefix: "quay", principals: [...NODES, ...OTHERS] }] });
    const twice = [
      { prefix: "quay", principals: OTHERS },
      { prefix: "quay", principals: NODES },
    ];
    expect(text({ pullThrough: twice })).toBe(merged);
  });

  test("names statements with different pullers by the first of their prefixes", () => {
    const pullThrough = [
      { prefix: "quay", principals: NODES },
      { prefix: "docker-hub", principals: OTHERS },
      { prefix: "team.a/gh_cr", principals: NODES },
    ];
    expect(resources({ pullThrough })).toEqual([
      ["AllowPullThroughDockerHub", under("docker-hub")],
      ["AllowPullThroughQuay", [under("quay"), under("team.a/gh_cr")]],
    ]);
  });

  test("changes only the statement that another cache joins", () => {
    const pullThrough = [
      { prefix: "quay", principals: NODES },
      { prefix: "docker-hub", principals: OTHERS },
    ];
    const more = [{ prefix: "azure", principals: NODES }, ...pullThrough];
    const [dockerHub] = resources({ pullThrough });
    expect(resources({ pullThrough: more })).toEqual([
      ["AllowPullThroughAzure", [under("azure"), under("quay")]],
      dockerHub,
    ]);
  });

  test("numbers prefixes that read the same as a Sid", () => {
    const pullThrough = [
      { prefix: "docker/hub", principals: OTHERS },
      { prefix: "docker-hub", principals: NODES },
    ];
    expect(resources({ pullThrough }).map(([sid]) => sid)).toEqual([
      "AllowPullThroughDockerHub",
      "AllowPullThroughDockerHub2",
    ]);
  });

  test("covers the whole registry for ROOT and passes on what only Terraform knows", () => {
    const pullThrough = [
      { prefix: "ROOT", principals: NODES },
      { prefix: "${var.prefix}", principals: OTHERS },
      { prefix: "${var.other}", principals: [{ role: "${var.role}" }] },
    ];
    expect(resources({ pullThrough })).toEqual([
      ["AllowPullThroughROOT", "arn:aws:ecr:us-east-1:111122223333:repository/*"],
      ["AllowPullThrough", under("${var.prefix}")],
      ["AllowPullThrough2", under("${var.other}")],
    ]);
  });

  test.each([
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("writes ARNs for %s in the partition %s", (region, partition) => {
    const arns = text({ statements: [REPLICATION] }, { accountId: "111122223333", region }).match(/arn:[^"]+/g);
    expect(arns).toEqual([
      `arn:${partition}:iam::444455556666:root`,
      `arn:${partition}:ecr:${region}:111122223333:repository/prod/*`,
    ]);
  });
});

describe("checkRegistryPolicy", () => {
  function problems(grants: RegistryPolicyGrants) {
    return checkRegistryPolicy(SCOPE, grants, ["registry"]);
  }

  test("accepts what the policy is made from", () => {
    expect(problems({ pullThrough: [{ prefix: "quay", principals: NODES }], statements: [REPLICATION] })).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  test("finds every kind of mistake at its place", () => {
    const grants = {
      pullThrough: [{ prefix: "Quay", principals: [{ everyone: true }] }],
      statements: [
        { ...REPLICATION, sid: "", prefixes: ["prod", "/"] },
        { ...REPLICATION, prefixes: [] },
      ],
    } as unknown as RegistryPolicyGrants;
    expect(problems(grants).map(({ path, fix }) => [path.slice(1).join("."), fix])).toEqual([
      ["pullThrough.0.prefix", 'write "quay"'],
      [
        "pullThrough.0.principals.0",
        expect.stringMatching(/^name it in a statement of its own whose conditions identify the caller/),
      ],
      ["statements.0.sid", 'write e.g. "AllowSigners"'],
      ["statements.0.prefixes.1", 'choose another prefix, e.g. "docker-hub"'],
      ["statements.1.prefixes", 'write e.g. ["docker-hub"], or ["ROOT"] for every repository'],
    ]);
  });

  test("refuses a Sid that a grant has", () => {
    const pullThrough = [{ prefix: "quay", principals: NODES }];
    expect(problems({ pullThrough, statements: [{ ...REPLICATION, sid: "AllowPullThrough" }] })).toEqual([
      {
        severity: "error",
        path: ["registry", "statements", 0, "sid"],
        message: "must not repeat the Sid AllowPullThrough of the policy",
        value: "AllowPullThrough",
        fix: "choose another",
      },
    ]);
  });

  test("accepts a policy of 10,240 characters and refuses one of 10,241", () => {
    const padded = (padding: number): RegistryPolicyGrants => ({
      statements: [{ ...REPLICATION, conditions: { StringEquals: { "aws:PrincipalTag/x": "x".repeat(padding) } } }],
    });
    const padding = 10_240 - text(padded(0)).length;
    expect(text(padded(padding))).toHaveLength(10_240);
    expect(problems(padded(padding))).toEqual([]);
    expect(problems(padded(padding + 1))).toEqual([
      {
        severity: "error",
        path: ["registry"],
        message: "must make a registry policy of at most 10240 characters, but makes 10241",
        fix: "name accounts or an organization instead of single identities, or allow the same to all caches",
      },
    ]);
  });

  test("has room for the 50 caches that a registry can have, with ten pullers each", () => {
    const principals = Array.from({ length: 10 }, (_, index) => ({ role: `team-${index}/puller-of-images` }));
    const pullThrough = Array.from({ length: 50 }, (_, index) => ({
      prefix: `upstream-registry-number-${index}`,
      principals,
    }));
    expect(problems({ pullThrough })).toEqual([]);
  });
});
