import { checkRepositoryAccess, Conditions, Principal } from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };

function isAccepted(principal: Principal, conditions: Conditions, effect?: "Deny"): boolean {
  const statement = {
    sid: "Own",
    effect,
    principals: [principal],
    actions: ["ecr:BatchGetImage" as const],
    conditions,
  };
  return checkRepositoryAccess(SCOPE, { statements: [statement] }).length === 0;
}

const everyone: Principal = { everyone: true };
const service: Principal = { service: "codebuild.amazonaws.com" };
const ROLE = "arn:aws:iam::444455556666:role/deployer";

describe("a statement that allows something to everyone", () => {
  test.each<[Conditions]>([
    [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    [{ StringEquals: { "aws:principalorgid": ["o-a1b2c3d4e5", "o-b1b2c3d4e5"] } }],
    [{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }],
    [{ StringEquals: { "aws:PrincipalAccount": "444455556666" } }],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }],
    [{ StringEquals: { "aws:PrincipalOrgID": "${data.aws_organizations_organization.all.id}" } }],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/*" } }],
    [{ StringLike: { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/ci-*" } }],
    [{ StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } }],
    [{ StringEquals: { "aws:SourceVpc": "vpc-01234567" }, Bool: { "aws:SecureTransport": "true" } }],
  ])("is accepted with %j", (conditions) => {
    expect(isAccepted(everyone, conditions)).toBe(true);
  });

  test.each<[Conditions]>([
    [{ Bool: { "aws:SecureTransport": "true" } }],
    [{ Bool: { "aws:PrincipalIsAWSService": "false" } }],
    [{ Null: { "aws:PrincipalOrgID": "false" } }],
    [{ StringLike: { "aws:PrincipalOrgID": "o-*" } }],
    [{ StringLike: { "aws:PrincipalOrgID": "*o-a1b2c3d4e5" } }],
    [{ StringEquals: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5", "${aws:PrincipalOrgID}"] } }],
    [{ StringLike: { "aws:PrincipalAccount": "4444*" } }],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } }],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deployer" } }],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/deployer" } }],
    [{ StringLike: { "aws:PrincipalArn": ["arn:aws:iam::444455556666:role/a", "arn:*"] } }],
    [{ StringLike: { "aws:SourceVpce": "vpce-*" } }],
    [{ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    [{ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*" } }],
    [{ StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    [{ StringNotLike: { "aws:PrincipalArn": ROLE } }],
    [{ ArnNotEquals: { "aws:PrincipalArn": ROLE } }],
    [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }],
    [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
    [{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }],
    [{ StringEquals: { "aws:PrincipalTag/team": "platform" } }],
    [{ StringEquals: { "ecr:ResourceTag/team": "platform" } }],
    [{ DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }],
  ])("is refused with %j, which other accounts can meet", (conditions) => {
    expect(isAccepted(everyone, conditions)).toBe(false);
  });
});

describe("a statement that allows something to a service", () => {
  test.each<[Conditions]>([
    [{ StringEquals: { "aws:SourceAccount": "111122223333" } }],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:project/*" } }],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::example-bucket" } }],
    [{ StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }],
  ])("is accepted with %j", (conditions) => {
    expect(isAccepted(service, conditions)).toBe(true);
  });

  test.each<[Conditions]>([
    [{ Bool: { "aws:SecureTransport": "true" } }],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:*:project/app" } }],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::example-*" } }],
    [{ StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } }],
    [{ StringNotEquals: { "aws:SourceAccount": "444455556666" } }],
    // A service that calls by itself belongs to no organization of a customer, and has no account of theirs.
    [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
  ])("is refused with %j", (conditions) => {
    expect(isAccepted(service, conditions)).toBe(false);
  });
});

test("a denial to everyone but an organization is accepted", () => {
  const outsiders = { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
  expect(isAccepted(everyone, outsiders, "Deny")).toBe(true);
});
