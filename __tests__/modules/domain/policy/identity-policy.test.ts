import {
  checkPullerIdentityPolicy,
  pullerIdentityPolicy,
  renderPolicyDocument,
} from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };

describe("pullerIdentityPolicy", () => {
  test("allows a first pull under the prefixes and the token, which cannot be narrowed", () => {
    expect(renderPolicyDocument(pullerIdentityPolicy(SCOPE, { prefixes: ["quay", "docker-hub"] }))).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"Authenticate","Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},' +
        '{"Sid":"PullThroughCache","Effect":"Allow",' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:BatchImportUpstreamImage",' +
        '"ecr:CreateRepository","ecr:GetDownloadUrlForLayer"],' +
        '"Resource":["arn:aws:ecr:us-east-1:111122223333:repository/docker-hub/*",' +
        '"arn:aws:ecr:us-east-1:111122223333:repository/quay/*"]}]}',
    );
  });
});

describe("checkPullerIdentityPolicy", () => {
  test("refuses no prefixes and wrong ones", () => {
    expect(checkPullerIdentityPolicy(SCOPE, { prefixes: [] }, ["puller"])).toEqual([
      expect.objectContaining({ path: ["puller", "prefixes"], message: "must be a list of at least one prefix" }),
    ]);
    expect(checkPullerIdentityPolicy(SCOPE, { prefixes: ["quay", "Docker"] })).toEqual([
      expect.objectContaining({ path: ["prefixes", 1], fix: 'write "docker"' }),
    ]);
  });

  test("accepts a policy of 6,144 characters and refuses one of 6,145", () => {
    const prefixes = Array.from({ length: 25 }, (_, index) => `p${index}-${"a".repeat(170)}`);
    const padded = (padding: number) => ({ prefixes: [...prefixes, `q${"a".repeat(padding)}`] });
    const length = (padding: number) => renderPolicyDocument(pullerIdentityPolicy(SCOPE, padded(padding))).length;
    const padding = 6144 - length(0);
    expect(length(padding)).toBe(6144);
    expect(checkPullerIdentityPolicy(SCOPE, padded(padding))).toEqual([]);
    expect(checkPullerIdentityPolicy(SCOPE, padded(padding + 1), ["puller"])).toEqual([
      {
        severity: "error",
        path: ["puller"],
        message: "must make a managed policy of at most 6144 characters, but makes 6145",
        fix: "make a policy for each part of the prefixes, or use prefixes that include others",
      },
    ]);
  });
});
