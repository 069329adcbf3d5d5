import { escapeForTerraform, PolicyDocument, renderPolicyDocument } from "../../../../modules/domain/policy";
import { checkSize } from "../../../../modules/domain/policy/policy-document";

const DOCUMENT: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Sid: "B",
      Condition: {
        StringEquals: { "aws:SourceVpc": ["vpc-2", "vpc-1", "vpc-2"], "aws:SourceAccount": ["111122223333"] },
        ArnLike: { "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:*" },
        Bool: undefined,
      },
      Resource: ["*"],
      Action: ["ecr:PutImage", "ecr:BatchGetImage", "ecr:PutImage"],
      Principal: { Service: ["codebuild.amazonaws.com"], AWS: ["arn:b", "arn:a"] },
    },
    { Sid: "A", Effect: "Allow", Principal: "*", Action: "ecr:PutImage" },
  ],
};

describe("renderPolicyDocument", () => {
  test("writes compact JSON with sorted lists and keys, and lists of one without brackets", () => {
    expect(renderPolicyDocument(DOCUMENT)).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"B","Effect":"Deny",' +
        '"Principal":{"AWS":["arn:a","arn:b"],"Service":"codebuild.amazonaws.com"},' +
        '"Action":["ecr:BatchGetImage","ecr:PutImage"],"Resource":"*",' +
        '"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:codebuild:us-east-1:111122223333:*"},' +
        '"StringEquals":{"aws:SourceAccount":"111122223333","aws:SourceVpc":["vpc-1","vpc-2"]}}},' +
        '{"Sid":"A","Effect":"Allow","Principal":"*","Action":"ecr:PutImage"}]}',
    );
  });

  test("renders what was read from its text as the same text", () => {
    const text = renderPolicyDocument(DOCUMENT);
    expect(renderPolicyDocument(JSON.parse(text) as PolicyDocument)).toBe(text);
  });

  test("makes an action that no policy of the library has a compile error", () => {
    // @ts-expect-error nothing gets ecr:*
    const document: PolicyDocument = { ...DOCUMENT, Statement: [{ Sid: "A", Effect: "Allow", Action: "ecr:*" }] };
    expect(renderPolicyDocument(document)).toContain("ecr:*");
  });
});

describe("escapeForTerraform", () => {
  test.each([
    ["${aws:PrincipalAccount}", "$${aws:PrincipalAccount}"],
    ["a/${aws:PrincipalTag/team}/${aws:username}", "a/$${aws:PrincipalTag/team}/$${aws:username}"],
    ["${aws:PrincipalTag/team, 'none'}", "$${aws:PrincipalTag/team, 'none'}"],
    ["${cognito-identity.amazonaws.com:sub}", "$${cognito-identity.amazonaws.com:sub}"],
    ["${saml:sub}", "$${saml:sub}"],
  ])("escapes the variable of IAM in %s", (text, escaped) => {
    expect(escapeForTerraform(text)).toBe(escaped);
  });

  test.each([
    ["${var.role}"],
    ["${TfToken[TOKEN.7]}"],
    ["${aws_iam_role.node.arn}"],
    ["${provider::aws::arn_parse(var.arn)}"],
    ["${var.strict ? var.a : var.b}"],
    ["${{a:1}}"],
    ["$${aws:PrincipalAccount}"],
    ["aws:PrincipalAccount $ { }"],
  ])("leaves %s alone", (text) => {
    expect(escapeForTerraform(text)).toBe(text);
  });
});

describe("checkSize", () => {
  const limit = { kind: "repository policy", characters: renderPolicyDocument(DOCUMENT).length, fix: "shorten it" };

  test("accepts a text as long as the limit", () => {
    expect(checkSize(DOCUMENT, limit, ["access"])).toEqual([]);
  });

  test("refuses one character more", () => {
    const { characters } = limit;
    expect(checkSize(DOCUMENT, { ...limit, characters: characters - 1 }, ["access"])).toEqual([
      {
        severity: "error",
        path: ["access"],
        message: `must make a repository policy of at most ${characters - 1} characters, but makes ${characters}`,
        fix: "shorten it",
      },
    ]);
  });

  test("counts IAM's variables as they are, and nothing for what only Terraform knows", () => {
    const long = (value: string): PolicyDocument => ({
      Version: "2012-10-17",
      Statement: [{ Sid: "A", Effect: "Allow", Action: "ecr:PutImage", Resource: value.repeat(10) }],
    });
    expect(checkSize(long("${aws:username}"), { ...limit, characters: 200 }, [])).toHaveLength(1);
    const { length } = renderPolicyDocument(long(""));
    expect(checkSize(long("${var.arn}"), { ...limit, characters: length }, [])).toEqual([]);
    expect(checkSize(long('${f({a = "b"})}'), { ...limit, characters: length }, [])).toEqual([]);
    expect(checkSize(long("${var.arn}"), { ...limit, characters: length - 1 }, [])).toHaveLength(1);
  });
});
