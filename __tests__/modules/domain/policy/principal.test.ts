import { checkPrincipals, Principal } from "../../../../modules/domain/policy";
import { principalGroups } from "../../../../modules/domain/policy/principal";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111";
const NARROWED = { conditions: { StringEquals: { "aws:SourceAccount": "111122223333" } } };
const HOW_TO_IDENTIFY =
  "name it in a statement of its own whose conditions identify the caller by StringEquals, StringLike or ArnLike on";

function problemOf(principal: unknown) {
  const problems = checkPrincipals([principal as Principal], ["pull"]);
  expect(problems).toHaveLength(1);
  return problems[0]!;
}

describe("checkPrincipals", () => {
  test.each<[Principal]>([
    [{ role: "deployer" }],
    [{ role: "ci/build+test=a,b.c@d_e-f" }],
    [{ role: "r".repeat(64) }],
    [{ role: "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef" }],
    [{ role: "deployer", account: "444455556666" }],
    [{ user: "ann", account: "${var.account}" }],
    [{ account: "000000000001" }],
    [{ organization: `o-${"a".repeat(10)}` }],
    [{ organization: `o-${"9".repeat(32)}` }],
    [{ arn: "arn:aws-us-gov:iam::111122223333:role/ci/deployer" }],
    [{ arn: "arn:aws-cn:iam::111122223333:user/ann" }],
    [{ arn: "${TfToken[TOKEN.7]}" }],
    [{ role: "${var.role}" }],
    [{ permissionSet: "Developer" }],
    [{ permissionSet: "Dev_Ops", account: "444455556666" }],
    [{ permissionSet: "${var.set}" }],
    [{ roleLike: "ci-*" }],
    [{ roleLike: "ci/deploy?r", account: "444455556666" }],
    [{ roleLike: "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Dev*" }],
    [{ roleLike: "${var.pattern}" }],
    [{ organizationalUnit: UNIT }],
    [{ organizationalUnit: `${UNIT}/ou-ab12-22222222` }],
    [{ organizationalUnit: "${var.unit}" }],
    [{ service: "omics.amazonaws.com", withoutConditions: true }],
    [{ organization: "${var.organization}" }],
  ])("accepts %j", (principal) => {
    expect(checkPrincipals([principal], ["pull"])).toEqual([]);
  });

  test("accepts nobody", () => {
    expect(checkPrincipals([], ["pull"])).toEqual([]);
  });

  test.each([
    [{ role: "" }, "role", 'write e.g. { role: "deployer" }'],
    [{ role: "r".repeat(65) }, "role", 'write e.g. { role: "deployer" }'],
    [{ role: "/deployer" }, "role", 'write e.g. { role: "deployer" }'],
    [{ role: "ci//deployer" }, "role", 'write e.g. { role: "deployer" }'],
    [{ role: "deploy*" }, "role", 'write { roleLike: "deploy*" } for all roles that match'],
    [
      { role: "arn:aws:iam::111122223333:role/deployer" },
      "role",
      'write { arn: "arn:aws:iam::111122223333:role/deployer" }',
    ],
    [{ user: "ann smith" }, "user", 'write e.g. { user: "deployer" }'],
    [{ account: "11112222333" }, "account", 'write the account id, e.g. "111122223333"'],
    [{ role: "deployer", account: "1" }, "account", 'write the account id, e.g. "111122223333"'],
    [{ organization: `o-${"a".repeat(9)}` }, "organization", 'write e.g. "o-a1b2c3d4e5"'],
    [{ organization: `o-${"a".repeat(33)}` }, "organization", 'write e.g. "o-a1b2c3d4e5"'],
    [{ organization: "O-A1B2C3D4E5" }, "organization", 'write e.g. "o-a1b2c3d4e5"'],
    [{ arn: "deployer" }, "arn", 'write e.g. "arn:aws:iam::111122223333:role/deployer"'],
    [{ arn: "arn:aws:iam::111122223333:role/*" }, "arn", 'write e.g. "arn:aws:iam::111122223333:role/deployer"'],
    [{ arn: "arn:aws:iam::444455556666:root" }, "arn", 'write { account: "444455556666" }'],
    [
      { arn: "arn:aws:sts::444455556666:assumed-role/deployer/session" },
      "arn",
      'write { role: "deployer", account: "444455556666" }, with the role\'s path',
    ],
  ])("refuses %j", (principal, field, fix) => {
    expect(problemOf(principal)).toEqual({
      severity: "error",
      path: ["pull", 0, field],
      message: expect.stringMatching(/^must be /),
      value: principal[field as keyof typeof principal],
      fix,
    });
  });

  test.each([[{}], ["deployer"], [null], [{ name: "deployer" }]])("refuses %j, which names nobody", (principal) => {
    expect(problemOf(principal)).toEqual({
      severity: "error",
      path: ["pull", 0],
      message:
        "must name somebody by one of role, user, organization, organizationalUnit, permissionSet, roleLike, service, arn, everyone, account",
      value: principal,
      fix: 'write e.g. { role: "deployer" } or { account: "111122223333" }',
    });
  });

  test("makes a field of another kind a compile error, and refuses it for those who compile nothing", () => {
    // @ts-expect-error an account has no region
    const principal: Principal = { account: "111122223333", region: "us-east-1" };
    expect(problemOf(principal)).toEqual({
      severity: "error",
      path: ["pull", 0, "region"],
      message: "must not be given beside account",
      value: "us-east-1",
      fix: "remove it, or write a principal for each",
    });
  });

  test("refuses what is no list", () => {
    expect(checkPrincipals({ role: "deployer" } as unknown as Principal[], ["pull"])).toEqual([
      {
        severity: "error",
        path: ["pull"],
        message: "must be a list of principals",
        value: { role: "deployer" },
        fix: 'write e.g. [{ role: "deployer" }]',
      },
    ]);
  });

  test("refuses a repetition, in whatever order its fields are", () => {
    const principals: Principal[] = [
      { role: "a", account: "444455556666" },
      { role: "a" },
      { account: "444455556666", role: "a" },
    ];
    expect(checkPrincipals(principals, ["pull"])).toEqual([
      {
        severity: "error",
        path: ["pull", 2],
        message: "must not repeat another of the list",
        value: principals[2],
        fix: "remove it",
      },
    ]);
  });

  test("refuses everyone and services without conditions, and says where they may be", () => {
    expect(checkPrincipals([{ everyone: true }], ["pull"])).toEqual([
      {
        severity: "error",
        path: ["pull", 0],
        message: "must not stand for every AWS account",
        value: { everyone: true },
        fix: `${HOW_TO_IDENTIFY} aws:PrincipalOrgID, aws:PrincipalAccount, aws:PrincipalArn or aws:SourceVpce`,
      },
    ]);
    expect(checkPrincipals([{ service: "codebuild.amazonaws.com" }], ["pull"])).toEqual([
      {
        severity: "error",
        path: ["pull", 0],
        message: "must not stand for a service that acts for every AWS account",
        value: { service: "codebuild.amazonaws.com" },
        fix: `${HOW_TO_IDENTIFY} aws:SourceAccount, aws:SourceArn or aws:SourceOrgID; for a service that AWS documents without conditions, such as HealthOmics, add withoutConditions: true`,
      },
    ]);
  });

  test.each([[{}], [{ StringEquals: undefined }]])("takes %j for no conditions", (conditions) => {
    expect(checkPrincipals([{ everyone: true }], [], { conditions })).toHaveLength(1);
  });

  test.each<[Principal]>([[{ everyone: true }], [{ service: "codebuild.amazonaws.com" }]])(
    "accepts %j with conditions",
    (principal) => {
      expect(checkPrincipals([principal], [], NARROWED)).toEqual([]);
    },
  );

  test("refuses everyone beside others", () => {
    expect(checkPrincipals([{ role: "a" }, { everyone: true }], ["pull"], NARROWED)).toEqual([
      {
        severity: "error",
        path: ["pull", 1],
        message: "must stand alone: it includes all others",
        value: { everyone: true },
        fix: "remove it, or the others",
      },
    ]);
  });

  test("refuses a service by another name than that of policies, and everyone but for true", () => {
    const given = [{ service: "codebuild" }, { everyone: false }] as unknown as Principal[];
    expect(checkPrincipals(given, [], NARROWED).map(({ path, message }) => [path, message])).toEqual([
      [[0, "service"], "must be the name of a service"],
      [[1, "everyone"], "must be true"],
    ]);
  });
});

describe("principalGroups", () => {
  test("merges all but organizations, which are everyone under a condition", () => {
    const groups = principalGroups(SCOPE, [
      { organization: "o-bbbbbbbbbb" },
      { user: "ann" },
      { service: "codebuild.amazonaws.com" },
      { account: "444455556666" },
      { role: "ci/deployer", account: "444455556666" },
      { arn: "arn:aws:iam::111122223333:role/b" },
      { organization: "o-aaaaaaaaaa" },
    ]);
    expect(groups).toEqual([
      {
        sidSuffix: "",
        element: {
          AWS: [
            "arn:aws:iam::111122223333:role/b",
            "arn:aws:iam::111122223333:user/ann",
            "arn:aws:iam::444455556666:role/ci/deployer",
            "arn:aws:iam::444455556666:root",
          ],
          Service: ["codebuild.amazonaws.com"],
        },
        conditions: undefined,
      },
      {
        sidSuffix: "Organizations",
        element: "*",
        conditions: { StringEquals: { "aws:PrincipalOrgID": ["o-aaaaaaaaaa", "o-bbbbbbbbbb"] } },
      },
    ]);
  });

  test.each([
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("names identities of %s by ARNs of %s", (region, partition) => {
    const [group] = principalGroups({ accountId: "111122223333", region }, [
      { role: "a" },
      { account: "444455556666" },
    ]);
    expect(group!.element).toEqual({
      AWS: [`arn:${partition}:iam::111122223333:role/a`, `arn:${partition}:iam::444455556666:root`],
    });
  });

  test("keeps what only Terraform knows last and in the order given", () => {
    const [group] = principalGroups(SCOPE, [
      { arn: "${TfToken[TOKEN.9]}" },
      { arn: "${TfToken[TOKEN.10]}" },
      { role: "z" },
    ]);
    expect(group!.element).toEqual({
      AWS: ["arn:aws:iam::111122223333:role/z", "${TfToken[TOKEN.9]}", "${TfToken[TOKEN.10]}"],
    });
  });

  test("is empty for nobody", () => {
    expect(principalGroups(SCOPE, [])).toEqual([]);
  });
});
