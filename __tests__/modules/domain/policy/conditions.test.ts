import { checkConditions, Conditions } from "../../../../modules/domain/policy";

/** One condition of many operators, in the form in which people write them. */
const CONDITIONS: Conditions = {
  ArnEquals: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:project/a" },
  ArnEqualsIfExists: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:project/a" },
  ArnLike: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:*" },
  ArnLikeIfExists: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:*" },
  ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/a" },
  ArnNotEqualsIfExists: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/a" },
  ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/a*" },
  ArnNotLikeIfExists: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/a*" },
  Bool: { "aws:SecureTransport": "true" },
  BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
  DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" },
  DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" },
  "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
  "ForAllValues:StringLike": { "aws:TagKeys": ["team-*"] },
  "ForAnyValue:StringEquals": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/" },
  "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" },
  IpAddress: { "aws:SourceIp": "192.0.2.0/24" },
  IpAddressIfExists: { "aws:SourceIp": "192.0.2.0/24" },
  NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" },
  NotIpAddressIfExists: { "aws:SourceIp": "192.0.2.0/24" },
  Null: { "aws:SourceVpce": "true" },
  StringEquals: { "aws:PrincipalTag/cost centre": ["a", "b"] },
  StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" },
  StringEqualsIgnoreCase: { "ecr:ResourceTag/team": "platform" },
  StringLike: { "aws:PrincipalTag/team": "${aws:PrincipalTag/unit}-*" },
  StringLikeIfExists: { "aws:SourceVpc": "vpc-*" },
  StringNotEquals: { "aws:PrincipalAccount": "${var.account}" },
  StringNotEqualsIfExists: { "aws:SourceVpc": "vpc-1" },
  StringNotEqualsIgnoreCase: { "aws:PrincipalTag/team": "platform" },
  StringNotLike: { "aws:PrincipalTag/team": "test-*" },
  StringNotLikeIfExists: { "aws:PrincipalTag/team": "test-*" },
};

/** A value of the type that an operator compares. */
function valueFor(comparison: string): string {
  if (comparison.startsWith("Arn")) return "arn:aws:iam::111122223333:role/a";
  if (comparison.startsWith("Date")) return "2026-01-01T00:00:00Z";
  if (comparison.endsWith("IpAddress")) return "192.0.2.0/24";
  if (comparison === "Bool") return "true";
  return "17";
}

describe("checkConditions", () => {
  test("accepts what people write", () => {
    expect(checkConditions(CONDITIONS, ["conditions"])).toEqual([]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
  const comparisons = [
    ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map(
      (one) => `String${one}`,
    ),
    ...["Numeric", "Date"].flatMap((kind) =>
      ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
        (one) => kind + one,
      ),
    ),
    ...["Equals", "Like", "NotEquals", "NotLike"].map((one) => `Arn${one}`),
    ...["Bool", "BinaryEquals", "IpAddress", "NotIpAddress"],
  ];

  test.each(comparisons)("accepts %s alone, of several values, and where the key may be absent", (comparison) => {
    for (const quantifier of ["", "ForAnyValue:", "ForAllValues:"]) {
      for (const presence of ["", "IfExists"]) {
        const conditions = { [`${quantifier}${comparison}${presence}`]: { "aws:Some": valueFor(comparison) } };
        expect(checkConditions(conditions, [])).toEqual([]);
      }
    }
  });

  test("refuses NullIfExists and a quantifier alone, which IAM does not have", () => {
    for (const operator of ["NullIfExists", "ForAnyValue:Null", "ForAnyValue:", "ForSomeValue:StringLike"]) {
      expect(checkConditions({ [operator]: { "aws:SourceAccount": "1" } }, [])).toHaveLength(1);
    }
  });

  test("makes an unknown operator a compile error, and refuses it with the nearest for those who compile nothing", () => {
    // @ts-expect-error the operator is spelled StringEquals
    const conditions: Conditions = { stringequals: { "aws:SourceAccount": "111122223333" } };
    expect(checkConditions(conditions, ["conditions"])).toEqual([
      {
        severity: "error",
        path: ["conditions", "stringequals"],
        message: "must be a condition operator",
        fix: "write StringEquals",
      },
    ]);
  });

  test("lists the operators where none is near", () => {
    const [problem] = checkConditions({ Equals: {} } as Conditions, []);
    expect(problem!.fix).toMatch(/^write one of ArnEquals, .*, StringNotLike or Null, alone or with ForAllValues:/);
  });

  test.each([[{}], [{ StringEquals: undefined }], [null]])("refuses %j, which has no operator", (conditions) => {
    expect(checkConditions(conditions as Conditions, ["conditions"])).toEqual([
      expect.objectContaining({ path: ["conditions"], message: "must have at least one operator" }),
    ]);
  });

  test("refuses an operator that compares nothing", () => {
    expect(checkConditions({ Bool: {} }, [])).toEqual([
      expect.objectContaining({ path: ["Bool"], message: "must compare at least one key" }),
    ]);
  });

  test("refuses a key without its service", () => {
    expect(checkConditions({ StringEquals: { SourceAccount: "111122223333" } }, [])).toEqual([
      {
        severity: "error",
        path: ["StringEquals", "SourceAccount"],
        message: "must be a condition key with its service's prefix",
        fix: 'write e.g. "aws:SourceAccount"',
      },
    ]);
  });

  test.each([[true], [111122223333], [[]], [["a", 1]], ["snow ☃"], [null]])("refuses the value %j", (value) => {
    const conditions = { StringEquals: { "aws:SourceAccount": value } } as unknown as Conditions;
    expect(checkConditions(conditions, [])).toEqual([
      {
        severity: "error",
        path: ["StringEquals", "aws:SourceAccount"],
        message: "must be text, or a list of at least one text, in the characters of Latin-1",
        value,
        fix: 'write e.g. "111122223333"; quote numbers, true and false',
      },
    ]);
  });

  test.each([["*"], [["arn:aws:iam::111122223333:role/a", "*"]]])("refuses %j, which restricts nothing", (value) => {
    expect(checkConditions({ StringLike: { "aws:PrincipalArn": value } }, [])).toEqual([
      {
        severity: "error",
        path: ["StringLike", "aws:PrincipalArn"],
        message: 'must not be "*", which is met by every value',
        value,
        fix: "write what it has to be",
      },
    ]);
  });

  test.each([
    ["Bool", "aws:SecureTransport", "yes", 'must be the text "true" or "false" for Bool'],
    ["Null", "aws:SourceVpce", "True", 'must be the text "true" or "false" for Null'],
    ["DateLessThan", "aws:CurrentTime", "tomorrow", "must be a date for DateLessThan"],
    ["DateLessThan", "aws:CurrentTime", "2026-02-30", "must be a date for DateLessThan"],
    ["DateGreaterThan", "aws:CurrentTime", "2026-01-01T25:00:00Z", "must be a date for DateGreaterThan"],
    ...[
      "10.0.0.0/33",
      "10.0.0",
      "300.1.1.1",
      "0.0.0.0/0",
      "::/0",
      "fe80::1%eth0",
      "2001:db8::/129",
      "10.0.0.0/8/8",
    ].map((value) => [
      "IpAddress",
      "aws:SourceIp",
      value,
      "must be an IP address or a CIDR block, and not all addresses, for IpAddress",
    ]),
    ["ArnLike", "aws:PrincipalArn", "deployer", "must be an ARN for ArnLike"],
  ])("refuses %s on %s with %s", (operator, key, value, message) => {
    const problems = checkConditions({ [operator]: { [key]: value } }, []);
    expect(problems).toEqual([expect.objectContaining({ path: [operator, key], message, value })]);
  });

  test.each([
    ["DateLessThan", "aws:CurrentTime", "2028-02-29"],
    ["DateLessThan", "aws:CurrentTime", "2026-01-01T12:30+02:00"],
    ["DateLessThan", "aws:EpochTime", "1767225600"],
    ["IpAddress", "aws:SourceIp", "192.0.2.7"],
    ["IpAddress", "aws:SourceIp", "2001:db8::/32"],
    ["IpAddress", "aws:SourceIp", "::ffff:192.0.2.0/120"],
    ["IpAddress", "aws:SourceIp", "${var.office}"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x"],
  ])("accepts %s on %s with %s", (operator, key, value) => {
    expect(checkConditions({ [operator]: { [key]: value } }, [])).toEqual([]);
  });

  test.each(["*", "**", "?*"])("refuses %s, which only consists of wildcards", (value) => {
    expect(checkConditions({ StringLike: { "aws:PrincipalArn": value } }, [])).toHaveLength(1);
  });
});
