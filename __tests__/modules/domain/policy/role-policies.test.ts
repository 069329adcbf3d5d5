import {
  checkCreationTemplateRolePermissions,
  checkEcrPullThroughRolePermissions,
  creationTemplateRolePermissions,
  CreationTemplateRoleNeeds,
  creationTemplateRoleTrust,
  EcrPullThroughRoleNeeds,
  ecrPullThroughRolePermissions,
  ecrPullThroughRoleTrust,
  renderPolicyDocument,
} from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const UPSTREAM = { accountId: "444455556666", region: "us-west-2" };

describe("the trust of a role", () => {
  test("of repository creation templates is in ECR", () => {
    expect(renderPolicyDocument(creationTemplateRoleTrust())).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"AssumeRole","Effect":"Allow",' +
        '"Principal":{"Service":"ecr.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    );
  });

  test("of pulls from another private registry is in ECR's pull through cache", () => {
    expect(renderPolicyDocument(ecrPullThroughRoleTrust())).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"AssumeRole","Effect":"Allow",' +
        '"Principal":{"Service":"pullthroughcache.ecr.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    );
  });
});

describe("creationTemplateRolePermissions", () => {
  function text(needs: CreationTemplateRoleNeeds): string {
    return renderPolicyDocument(creationTemplateRolePermissions(SCOPE, needs));
  }

  test("creates repositories under the prefixes, and no more if no more is needed", () => {
    expect(text({ prefixes: ["docker-hub"], kmsKeyArns: [], tags: false, replication: false })).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"CreateRepositories","Effect":"Allow",' +
        '"Action":"ecr:CreateRepository","Resource":"arn:aws:ecr:us-east-1:111122223333:repository/docker-hub/*"}]}',
    );
    expect(text({ prefixes: ["docker-hub"] })).toBe(
      text({ prefixes: ["docker-hub"], kmsKeyArns: [], tags: false, replication: false }),
    );
  });

  test("tags, replicates and uses the given keys where that is needed", () => {
    expect(
      text({ prefixes: ["quay", "docker-hub"], kmsKeyArns: [KEY, "${key.arn}"], tags: true, replication: true }),
    ).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"CreateRepositories","Effect":"Allow",' +
        '"Action":["ecr:CreateRepository","ecr:ReplicateImage","ecr:TagResource"],' +
        '"Resource":["arn:aws:ecr:us-east-1:111122223333:repository/docker-hub/*",' +
        '"arn:aws:ecr:us-east-1:111122223333:repository/quay/*"]},' +
        '{"Sid":"UseKeys","Effect":"Allow","Action":["kms:CreateGrant","kms:DescribeKey","kms:RetireGrant"],' +
        `"Resource":["${KEY}","\${key.arn}"]}]}`,
    );
  });

  test.each([
    [{ tags: true }, '"Action":["ecr:CreateRepository","ecr:TagResource"]'],
    [{ replication: true }, '"Action":["ecr:CreateRepository","ecr:ReplicateImage"]'],
  ])("with %j has exactly %s", (needs, actions) => {
    expect(text({ prefixes: ["quay"], ...needs })).toContain(actions);
  });

  test("leaves out prefixes that lie under others", () => {
    expect(text({ prefixes: ["prod/team", "prod", "production", "prod"] })).toBe(
      text({ prefixes: ["prod", "production"] }),
    );
    expect(text({ prefixes: ["prod", "ROOT"] })).toBe(text({ prefixes: ["ROOT"] }));
  });
});

describe("checkCreationTemplateRolePermissions", () => {
  test("finds every kind of mistake at its place", () => {
    const needs = { prefixes: ["Prod"], kmsKeyArns: [KEY, "alias/ecr"] };
    expect(checkCreationTemplateRolePermissions(SCOPE, needs, ["role"])).toEqual([
      expect.objectContaining({ path: ["role", "prefixes", 0], fix: 'write "prod"' }),
      {
        severity: "error",
        path: ["role", "kmsKeyArns", 1],
        message: "must be the full ARN of a KMS key, not an alias or a key id",
        value: "alias/ecr",
        fix: 'write e.g. "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
      },
    ]);
  });

  test("refuses a role without prefixes, which would have to work on no repository", () => {
    expect(checkCreationTemplateRolePermissions(SCOPE, { prefixes: [] })).toEqual([
      {
        severity: "error",
        path: ["prefixes"],
        message: "must be a list of at least one prefix",
        value: [],
        fix: 'write e.g. ["docker-hub"], or ["ROOT"] for every repository',
      },
    ]);
  });

  test("accepts a policy of 10,240 characters and refuses one of 10,241", () => {
    const padded = (padding: number) => ({ prefixes: ["quay"], kmsKeyArns: [`${KEY}${"a".repeat(padding)}`] });
    const length = (padding: number) =>
      renderPolicyDocument(creationTemplateRolePermissions(SCOPE, padded(padding))).length;
    const padding = 10_240 - length(0);
    expect(length(padding)).toBe(10_240);
    expect(checkCreationTemplateRolePermissions(SCOPE, padded(padding))).toEqual([]);
    expect(checkCreationTemplateRolePermissions(SCOPE, padded(padding + 1), ["role"])).toEqual([
      {
        severity: "error",
        path: ["role"],
        message: "must make a role's inline policy of at most 10240 characters, but makes 10241",
        fix: "use a role for each part of the prefixes, or prefixes that include others",
      },
    ]);
  });
});

describe("ecrPullThroughRolePermissions", () => {
  test("copies from the upstream, and uploads to the caches only", () => {
    const document = ecrPullThroughRolePermissions(SCOPE, { prefixes: ["ecr"], upstream: UPSTREAM });
    expect(renderPolicyDocument(document)).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"Authenticate","Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},' +
        '{"Sid":"CopyImages","Effect":"Allow",' +
        '"Action":["ecr:BatchGetImage","ecr:BatchImportUpstreamImage","ecr:GetDownloadUrlForLayer",' +
        '"ecr:GetImageCopyStatus"],' +
        '"Resource":["arn:aws:ecr:us-east-1:111122223333:repository/ecr/*",' +
        '"arn:aws:ecr:us-west-2:444455556666:repository/*"]},' +
        '{"Sid":"FillCaches","Effect":"Allow",' +
        '"Action":["ecr:CompleteLayerUpload","ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"],' +
        '"Resource":"arn:aws:ecr:us-east-1:111122223333:repository/ecr/*"}]}',
    );
  });
});

describe("checkEcrPullThroughRolePermissions", () => {
  test("finds every kind of mistake at its place", () => {
    const needs: EcrPullThroughRoleNeeds = { prefixes: ["a"], upstream: { accountId: "4", region: "us-west" } };
    expect(checkEcrPullThroughRolePermissions(SCOPE, needs, ["role"]).map(({ path }) => path)).toEqual([
      ["role", "prefixes", 0],
      ["role", "upstream", "accountId"],
      ["role", "upstream", "region"],
    ]);
  });

  test("accepts a policy of 10,240 characters and refuses one of 10,241", () => {
    const [first, ...rest] = Array.from({ length: 24 }, (_, index) => `p${index}-${"a".repeat(145)}`);
    const padded = (padding: number) => ({ prefixes: [`${first}${"a".repeat(padding)}`, ...rest], upstream: UPSTREAM });
    const length = (padding: number) =>
      renderPolicyDocument(ecrPullThroughRolePermissions(SCOPE, padded(padding))).length;
    // Each cache's ARN is in two statements: a padding of one makes two characters.
    const padding = Math.floor((10_240 - length(0)) / 2);
    expect([10_239, 10_240]).toContain(length(padding));
    expect(checkEcrPullThroughRolePermissions(SCOPE, padded(padding))).toEqual([]);
    expect(checkEcrPullThroughRolePermissions(SCOPE, padded(padding + 1))).toEqual([
      {
        severity: "error",
        path: [],
        message: `must make a role's inline policy of at most 10240 characters, but makes ${length(padding + 1)}`,
        fix: "use a role for each part of the prefixes, or prefixes that include others",
      },
    ]);
  });
});
