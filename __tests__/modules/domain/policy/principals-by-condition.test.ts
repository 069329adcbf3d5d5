import {
  checkRegistryPolicy,
  checkRepositoryAccess,
  describePrincipal,
  kmsKeyPolicy,
  Principal,
  registryPolicy,
  repositoryPolicy,
} from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111";
const pull: Principal[] = [
  { role: "node" },
  { permissionSet: "Developer" },
  { roleLike: "ci-*", account: "444455556666" },
  { organizationalUnit: UNIT },
];
const PATTERNS = [
  "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Developer_*",
  "arn:aws:iam::444455556666:role/ci-*",
];

describe("principals that IAM cannot name", () => {
  test("are everybody under a condition, in statements of their own", () => {
    expect(checkRepositoryAccess(SCOPE, { pull })).toEqual([]);
    const { Statement } = repositoryPolicy(SCOPE, { pull })!;
    expect(Statement.map(({ Sid, Principal, Condition }) => ({ Sid, Principal, Condition }))).toEqual([
      { Sid: "AllowPull", Principal: { AWS: ["arn:aws:iam::111122223333:role/node"] }, Condition: undefined },
      {
        Sid: "AllowPullOrganizationalUnits",
        Principal: "*",
        Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [`${UNIT}/*`] } },
      },
      { Sid: "AllowPullRolesLike", Principal: "*", Condition: { ArnLike: { "aws:PrincipalArn": PATTERNS } } },
    ]);
  });

  test("are spared by denyOthers", () => {
    const { Statement } = repositoryPolicy(SCOPE, { pull, denyOthers: true })!;
    const deny = Statement.find(({ Sid }) => Sid === "DenyPullToOthers")!;
    expect(deny.Condition).toEqual({
      ArnNotLike: {
        "aws:PrincipalArn": [
          "arn:aws:iam::111122223333:role/node",
          ...PATTERNS,
          "arn:aws:iam::111122223333:role/aws-service-role/*",
        ],
      },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": [`${UNIT}/*`] },
    });
  });

  test("use the partition of the registry", () => {
    const china = { accountId: "111122223333", region: "cn-north-1" };
    expect(JSON.stringify(repositoryPolicy(china, { pull: [{ permissionSet: "Developer" }] }))).toContain(
      "arn:aws-cn:iam::111122223333:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Developer_*",
    );
  });

  test("can pull through, and administer a key", () => {
    const grants = { pullThrough: [{ prefix: "quay", principals: pull }] };
    expect(checkRegistryPolicy(SCOPE, grants)).toEqual([]);
    expect(registryPolicy(SCOPE, grants)!.Statement.map(({ Sid }) => Sid)).toEqual([
      "AllowPullThrough",
      "AllowPullThroughOrganizationalUnits",
      "AllowPullThroughRolesLike",
    ]);
    expect(kmsKeyPolicy(SCOPE, { administrators: [{ permissionSet: "Developer" }] }).Statement).toHaveLength(2);
  });

  const ARN = "arn:aws:ecr:us-east-1:111122223333:repository/x";

  test("keep the conditions of their statement, unless it has one on the same key", () => {
    const statement = (operator: string, key: string) => ({
      sid: "A",
      principals: [{ permissionSet: "Developer" }, { organizationalUnit: UNIT }],
      actions: ["ecr:BatchGetImage"] as const,
      conditions: { [operator]: { [key]: ARN } },
    });
    const access = { statements: [statement("ArnLike", "aws:SourceArn")] };
    expect(repositoryPolicy(SCOPE, access)!.Statement.map(({ Condition }) => Condition)).toEqual([
      { ArnLike: { "aws:SourceArn": ARN }, "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [`${UNIT}/*`] } },
      { ArnLike: { "aws:SourceArn": ARN, "aws:PrincipalArn": [PATTERNS[0]] } },
    ]);
    expect(checkRepositoryAccess(SCOPE, { statements: [statement("ArnLike", "aws:PrincipalArn")] })).toEqual([
      {
        severity: "error",
        path: ["statements", 0, "conditions", "ArnLike", "aws:PrincipalArn"],
        message:
          "must not be set beside principals that are permission sets or roles by a pattern, which set it themselves",
        value: ARN,
        fix: "name the permission sets or roles by a pattern as principals only",
      },
    ]);
  });

  test.each<[Principal, string]>([
    [{ permissionSet: "Developer" }, "the permission set Developer"],
    [{ permissionSet: "Developer", account: "444455556666" }, "the permission set Developer of account 444455556666"],
    [{ roleLike: "ci-*" }, "roles named ci-*"],
    [{ organizationalUnit: UNIT }, `the organizational unit ${UNIT}`],
    [{ service: "omics.amazonaws.com", withoutConditions: true }, "the service omics.amazonaws.com"],
  ])("%j is described", (principal, words) => {
    expect(describePrincipal(principal)).toBe(words);
  });
});

describe("a service without conditions", () => {
  const omics = { service: "omics.amazonaws.com", withoutConditions: true } as const;

  test("is allowed by name wherever a principal is", () => {
    expect(checkRepositoryAccess(SCOPE, { pull: [omics] })).toEqual([]);
    expect(repositoryPolicy(SCOPE, { pull: [omics] })!.Statement[0]).toMatchObject({
      Sid: "AllowPull",
      Principal: { Service: ["omics.amazonaws.com"] },
    });
    expect(repositoryPolicy(SCOPE, { pull: [omics] })!.Statement[0]).not.toHaveProperty("Condition");
  });

  test("is refused where the option is left out", () => {
    const [problem] = checkRepositoryAccess(SCOPE, { pull: [{ service: "omics.amazonaws.com" }] });
    expect(problem!.fix).toContain("add withoutConditions: true");
  });
});

describe("a registry statement about repositories", () => {
  const statement = { sid: "A", principals: [{ role: "ci" }], actions: ["ecr:CreateRepository"] as const };
  const resources = (places: object) => {
    const grants = { statements: [{ ...statement, ...places }] };
    const problems = checkRegistryPolicy(SCOPE, grants);
    return problems.length > 0 ? problems : registryPolicy(SCOPE, grants)!.Statement[0]!.Resource;
  };
  const ARN = "arn:aws:ecr:us-east-1:111122223333:repository";

  test("names them exactly, by patterns, and together with prefixes", () => {
    expect(resources({ repositories: ["quay/prometheus/node-exporter", "prod-*"] })).toEqual([
      `${ARN}/prod-*`,
      `${ARN}/quay/prometheus/node-exporter`,
    ]);
    expect(resources({ prefixes: ["quay"], repositories: ["prod-*"] })).toEqual([`${ARN}/prod-*`, `${ARN}/quay/*`]);
    expect(resources({ repositories: ["${var.name}"] })).toEqual([`${ARN}/\${var.name}`]);
  });

  test.each([
    [
      {},
      ["prefixes"],
      'write e.g. prefixes: ["docker-hub"], or repositories: ["quay/prometheus/node-exporter", "prod-*"]',
    ],
    [{ repositories: [] }, ["repositories"], 'write e.g. ["quay/prometheus/node-exporter", "prod-*"]'],
    [{ repositories: ["*"] }, ["repositories", 0], 'write prefixes: ["ROOT"], which says so'],
    [{ repositories: ["ROOT"] }, ["repositories", 0], 'write prefixes: ["ROOT"], which says so'],
    [{ repositories: ["quay/"] }, ["repositories", 0], 'write prefixes: ["quay"] for all that is under it'],
    [{ repositories: [`${ARN}/quay/a`] }, ["repositories", 0], 'write "quay/a"'],
    [{ repositories: ["Quay/a"] }, ["repositories", 0], 'write e.g. "quay/prometheus/node-exporter" or "prod-*"'],
    [{ prefixes: ["prod-*"] }, ["prefixes", 0], 'write repositories: ["prod-*"] for names that match'],
    [{ prefixes: ["quay/*"] }, ["prefixes", 0], 'write "quay", which includes all that is under it'],
  ])("refuses %j", (places, path, fix) => {
    expect(resources(places)).toEqual([expect.objectContaining({ path: ["statements", 0, ...path], fix })]);
  });
});
