import {
  AUDIT_ACTIONS,
  checkRepositoryAccess,
  EcrAction,
  PULL_ACTIONS,
  renderPolicyDocument,
  RepositoryAccess,
  repositoryPolicy,
  UPLOAD_ACTIONS,
} from "../../../../modules/domain/policy";
import { evaluate } from "./evaluate";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const SIGNERS = { sid: "AllowSigners", principals: [{ role: "signer" }], actions: ["ecr:PutImage"] } as const;

function text(access: RepositoryAccess, scope = SCOPE): string {
  return renderPolicyDocument(repositoryPolicy(scope, access)!);
}

function problems(access: RepositoryAccess) {
  return checkRepositoryAccess(SCOPE, access, ["access"]);
}

describe("repositoryPolicy", () => {
  test.each<[RepositoryAccess]>([
    [{}],
    [{ pull: undefined, denyOthers: false }],
    [{ pull: [], push: [], audit: [], statements: [] }],
  ])("is nothing for %j", (access) => {
    expect(repositoryPolicy(SCOPE, access)).toBeUndefined();
  });

  test("allows each job with its own statement and never has a Resource", () => {
    const access: RepositoryAccess = {
      audit: [{ role: "auditor", account: "444455556666" }],
      push: [{ role: "ci/deployer" }],
      pull: [{ role: "node" }, { account: "444455556666" }],
      lambdaPull: { accounts: ["444455556666", "111122223333"] },
    };
    expect(text(access)).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"AllowPull","Effect":"Allow",' +
        '"Principal":{"AWS":["arn:aws:iam::111122223333:role/node","arn:aws:iam::444455556666:root"]},' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]},' +
        '{"Sid":"AllowPush","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::111122223333:role/ci/deployer"},' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:CompleteLayerUpload",' +
        '"ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"]},' +
        '{"Sid":"AllowAudit","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::444455556666:role/auditor"},' +
        '"Action":["ecr:DescribeImageReplicationStatus","ecr:DescribeImageScanFindings",' +
        '"ecr:DescribeImageSigningStatus","ecr:DescribeImages","ecr:DescribeRepositories",' +
        '"ecr:GetLifecyclePolicy","ecr:GetRepositoryPolicy","ecr:ListImages","ecr:ListTagsForResource"]},' +
        '{"Sid":"AllowLambdaPull","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},' +
        '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],' +
        '"Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:lambda:us-east-1:111122223333:function:*",' +
        '"arn:aws:lambda:us-east-1:444455556666:function:*"]}}}]}',
    );
  });

  test("recognises the members of an organization by a condition", () => {
    expect(text({ pull: [{ organization: "o-a1b2c3d4e5" }] })).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"AllowPullOrganizations","Effect":"Allow","Principal":"*",' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],' +
        '"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}',
    );
  });

  test("keeps everybody out of an exclusive repository but the listed and AWS itself", () => {
    expect(text({ pull: [{ role: "ECRDeveloperRole" }], denyOthers: true })).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"AllowPull","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::111122223333:role/ECRDeveloperRole"},' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]},' +
        '{"Sid":"DenyPullToOthers","Effect":"Deny","Principal":"*",' +
        '"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:BatchImportUpstreamImage",' +
        '"ecr:GetDownloadUrlForLayer"],' +
        '"Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/ECRDeveloperRole",' +
        '"arn:aws:iam::111122223333:role/aws-service-role/*"]},' +
        '"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}},' +
        '{"Sid":"DenyPushToOthers","Effect":"Deny","Principal":"*",' +
        '"Action":["ecr:CompleteLayerUpload","ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"],' +
        '"Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/aws-service-role/*"},' +
        '"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}]}',
    );
  });

  test("appends statements of the user in their order, with their conditions", () => {
    const access: RepositoryAccess = {
      statements: [
        {
          sid: "CodeBuild",
          principals: [{ service: "codebuild.amazonaws.com" }, { organization: "o-a1b2c3d4e5" }],
          actions: ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
          conditions: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
        {
          sid: "Archive",
          effect: "Deny",
          principals: [{ everyone: true }],
          actions: ["ecr:UpdateImageStorageClass"],
          conditions: { StringNotEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/unit}" } },
        },
      ],
    };
    expect(problems(access)).toEqual([]);
    expect(text(access)).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"CodeBuild","Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},' +
        '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],' +
        '"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}},' +
        '{"Sid":"CodeBuildOrganizations","Effect":"Allow","Principal":"*",' +
        '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],' +
        '"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:SourceAccount":"111122223333"}}},' +
        '{"Sid":"Archive","Effect":"Deny","Principal":"*","Action":"ecr:UpdateImageStorageClass",' +
        '"Condition":{"StringNotEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/unit}"}}}]}',
    );
  });

  test.each([
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
  ])("writes every ARN for %s in the partition %s", (region, partition) => {
    const access: RepositoryAccess = {
      pull: [{ role: "node" }, { account: "444455556666" }],
      lambdaPull: { accounts: ["444455556666"] },
      denyOthers: true,
    };
    const arns = text(access, { accountId: "111122223333", region }).match(/arn:[^"]+/g)!;
    expect([...new Set(arns)].sort()).toEqual([
      `arn:${partition}:iam::111122223333:role/aws-service-role/*`,
      `arn:${partition}:iam::111122223333:role/node`,
      `arn:${partition}:iam::444455556666:root`,
      `arn:${partition}:lambda:${region}:444455556666:function:*`,
    ]);
  });
});

describe("an exclusive repository", () => {
  const policy = repositoryPolicy(SCOPE, {
    pull: [
      { role: "node" },
      { role: "reader", account: "444455556666" },
      { account: "777788889999" },
      { organization: "o-a1b2c3d4e5" },
      { arn: "arn:aws:iam::111122223333:user/ann" },
    ],
    push: [{ role: "ci/deployer" }],
    audit: [{ role: "auditor" }],
    lambdaPull: { accounts: ["111122223333"] },
    denyOthers: true,
  });

  const identity = (account: string, name: string, organization?: string) => ({
    "aws:PrincipalAccount": account,
    "aws:PrincipalArn": `arn:aws:iam::${account}:${name}`,
    "aws:PrincipalIsAWSService": "false",
    ...(organization && { "aws:PrincipalOrgID": organization }),
  });
  const pullLinkedRole =
    "role/aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache";
  const lambda = {
    "aws:PrincipalAccount": "000000000000",
    "aws:PrincipalIsAWSService": "true",
    "aws:PrincipalServiceName": "lambda.amazonaws.com",
    "aws:SourceArn": "arn:aws:lambda:us-east-1:111122223333:function:resize",
  };

  test.each([
    ["a listed role", "Allow", "Deny", identity("111122223333", "role/node")],
    ["a listed user", "Allow", "Deny", identity("111122223333", "user/ann")],
    ["a listed role of another account", "Allow", "Deny", identity("444455556666", "role/reader")],
    ["an identity of a listed account", "Allow", "Deny", identity("777788889999", "role/any")],
    ["a member of a listed organization", "Allow", "Deny", identity("222233334444", "role/any", "o-a1b2c3d4e5")],
    ["a role that may push", "nothing", "Allow", identity("111122223333", "role/ci/deployer")],
    ["an administrator", "Deny", "Deny", identity("111122223333", "role/Administrator")],
    ["the account's root user", "Deny", "Deny", identity("111122223333", "root")],
    ["a role that may audit", "Deny", "Deny", identity("111122223333", "role/auditor")],
    ["a role with the name of a listed one under a path", "Deny", "Deny", identity("111122223333", "role/x/node")],
    ["a role of the listed name in another account", "Deny", "Deny", identity("222233334444", "role/node")],
    ["a member of another organization", "Deny", "Deny", identity("222233334444", "role/any", "o-zzzzzzzzzz")],
    ["a caller without credentials", "Deny", "Deny", { "aws:PrincipalAccount": "anonymous" }],
    ["ECR's role for pulls through the cache", "nothing", "nothing", identity("111122223333", pullLinkedRole)],
    ["such a role of another account", "Deny", "Deny", identity("222233334444", pullLinkedRole)],
    ["another AWS service", "nothing", "nothing", { ...lambda, "aws:PrincipalServiceName": "a.amazonaws.com" }],
  ])("for %s a pull meets %s and a push %s", (_who, pull, push, context) => {
    expect(evaluate(policy, { action: "ecr:GetDownloadUrlForLayer", context })).toBe(pull);
    for (const action of UPLOAD_ACTIONS) expect(evaluate(policy, { action, context })).toBe(push);
  });

  test("lets Lambda fetch for the listed accounts only", () => {
    expect(evaluate(policy, { action: "ecr:BatchGetImage", context: lambda })).toBe("Allow");
    const other = { ...lambda, "aws:SourceArn": "arn:aws:lambda:us-east-1:222233334444:function:resize" };
    expect(evaluate(policy, { action: "ecr:BatchGetImage", context: other })).toBe("nothing");
  });

  test("lets those who push look at what is there, as a push does", () => {
    const context = identity("111122223333", "role/ci/deployer");
    for (const action of ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"]) {
      expect(evaluate(policy, { action, context })).toBe("Allow");
    }
  });

  test("keeps nobody from managing its policy or reading about its images", () => {
    const context = identity("111122223333", "role/Administrator");
    const untouched: EcrAction[] = [
      ...AUDIT_ACTIONS,
      "ecr:DeleteRepositoryPolicy",
      "ecr:SetRepositoryPolicy",
      "ecr:BatchDeleteImage",
      "ecr:ReplicateImage",
    ];
    for (const action of untouched)
      expect([action, evaluate(policy, { action, context })]).toEqual([action, "nothing"]);
  });

  test("denies pulls by everybody where nobody is listed", () => {
    const shut = repositoryPolicy(SCOPE, { denyOthers: true });
    const context = identity("111122223333", "role/node");
    for (const action of PULL_ACTIONS) expect(evaluate(shut, { action, context })).toBe("Deny");
  });

  test("is not exclusive unless asked: the same policy without denies nothing", () => {
    const open = renderPolicyDocument(repositoryPolicy(SCOPE, { pull: [{ role: "node" }], push: [{ role: "ci" }] })!);
    expect(open).not.toContain("Deny");
  });
});

describe("checkRepositoryAccess", () => {
  test("accepts what a template inherits its pullers to", () => {
    expect(problems({ denyOthers: true })).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  test("finds every kind of mistake at its place", () => {
    const access = {
      pull: [{ role: "a b" }],
      push: [{ account: "1" }],
      audit: [{ everyone: true }],
      lambdaPull: { accounts: ["2"] },
      statements: [
        { sid: "a-b", effect: "allow", principals: [], actions: ["ecr:*"], conditions: {} },
        { sid: "A", principals: [{ role: "a" }], actions: ["ecr:GetAuthorizationToken", "ecr:CreateRepository"] },
      ],
    } as unknown as RepositoryAccess;
    expect(problems(access).map(({ path, message }) => [path.slice(1).join("."), message])).toEqual([
      ["pull.0.role", expect.stringMatching(/^must be the name of a role/)],
      ["push.0.account", "must be 12 digits"],
      ["audit.0", "must not stand for every AWS account"],
      ["lambdaPull.accounts.0", "must be 12 digits"],
      ["statements.0.sid", "must be letters and digits"],
      ["statements.0.effect", 'must be "Allow" or "Deny"'],
      ["statements.0.principals", "must name somebody"],
      ["statements.0.actions.0", "must be an action of Amazon ECR, spelled out"],
      ["statements.0.conditions", "must have at least one operator"],
      ["statements.1.actions.0", "has no effect in a repository policy"],
      ["statements.1.actions.1", "has no effect in a repository policy"],
    ]);
  });

  test("says where actions belong that no repository policy can allow", () => {
    const actions: EcrAction[] = ["ecr:CreateRepository", "ecr:GetAuthorizationToken"];
    const mends = problems({ statements: [{ ...SIGNERS, actions }] }).map(({ fix }) => fix);
    expect(mends).toEqual([
      "allow it in the registry policy or in an identity policy",
      "allow it in an identity policy",
    ]);
  });

  test.each([[[]], [undefined]])("refuses a pull by Lambda for the accounts %j", (accounts) => {
    expect(problems({ lambdaPull: { accounts: accounts as string[] } })).toEqual([
      {
        severity: "error",
        path: ["access", "lambdaPull", "accounts"],
        message: "must be a list of at least one account id",
        value: accounts,
        fix: 'write e.g. ["111122223333"]',
      },
    ]);
  });

  test("refuses a Sid that a grant, a statement or a statement's organizations have", () => {
    const organizations = { ...SIGNERS, principals: [{ organization: "o-a1b2c3d4e5" }] };
    const access: RepositoryAccess = {
      pull: [{ role: "node" }],
      statements: [SIGNERS, { ...SIGNERS, sid: "AllowPull" }, SIGNERS, organizations, organizations],
    };
    expect(problems(access)).toEqual([
      {
        severity: "error",
        path: ["access", "statements", 1, "sid"],
        message: "must not repeat the Sid AllowPull of the policy",
        value: "AllowPull",
        fix: "choose another",
      },
      expect.objectContaining({
        path: ["access", "statements", 2, "sid"],
        message: "must not repeat the Sid AllowSigners of the policy",
      }),
      expect.objectContaining({
        path: ["access", "statements", 4, "sid"],
        message: "must not repeat the Sid AllowSignersOrganizations of the policy",
      }),
    ]);
  });

  test("accepts the Sid of a grant that is not used", () => {
    expect(problems({ push: [{ role: "ci" }], statements: [{ ...SIGNERS, sid: "AllowPull" }] })).toEqual([]);
  });

  test("refuses a condition on the organization beside organizations", () => {
    const conditions = { StringEquals: { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } };
    const principals = [{ organization: "o-a1b2c3d4e5" }];
    expect(problems({ statements: [{ ...SIGNERS, principals, conditions }] })).toEqual([
      {
        severity: "error",
        path: ["access", "statements", 0, "conditions", "StringEquals", "aws:PrincipalOrgID"],
        message: "must not be set beside principals that are organizations, which set it themselves",
        value: "o-zzzzzzzzzz",
        fix: "name the organizations as principals only",
      },
    ]);
    expect(problems({ statements: [{ ...SIGNERS, conditions }] })).toEqual([]);
  });

  test("refuses a statement that denyOthers would undo, but no denial and no other action", () => {
    const access: RepositoryAccess = {
      pull: [{ role: "node" }],
      denyOthers: true,
      statements: [
        SIGNERS,
        { ...SIGNERS, sid: "Deny", effect: "Deny" },
        { ...SIGNERS, sid: "Delete", actions: ["ecr:BatchDeleteImage"] },
      ],
    };
    expect(problems(access)).toEqual([
      {
        severity: "error",
        path: ["access", "statements", 0, "actions"],
        message: "must not allow ecr:PutImage while denyOthers is true, which denies it again",
        fix: "list its principals under pull or push, or leave out denyOthers",
      },
    ]);
    expect(problems({ ...access, denyOthers: false })).toEqual([]);
  });

  test("refuses to shut out everybody in so many words", () => {
    expect(problems({ pull: [], denyOthers: true })).toEqual([
      {
        severity: "error",
        path: ["access", "denyOthers"],
        message: "must not shut out everybody",
        value: true,
        fix: "list somebody under pull or push, or leave out denyOthers",
        code: "repository-lockout",
      },
    ]);
    expect(problems({ pull: [], push: [{ role: "ci" }], denyOthers: true })).toEqual([]);
  });

  test("accepts a policy of 10,240 characters and refuses one of 10,241", () => {
    const padded = (padding: number): RepositoryAccess => ({
      statements: [{ ...SIGNERS, conditions: { StringEquals: { "aws:PrincipalTag/x": "x".repeat(padding) } } }],
    });
    const padding = 10_240 - text(padded(0)).length;
    expect(text(padded(padding))).toHaveLength(10_240);
    expect(problems(padded(padding))).toEqual([]);
    expect(problems(padded(padding + 1))).toEqual([
      {
        severity: "error",
        path: ["access"],
        message: "must make a repository policy of at most 10240 characters, but makes 10241",
        fix: "name accounts or an organization instead of single identities",
      },
    ]);
  });
});
