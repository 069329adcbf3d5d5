import { lifecycleMeaning, policyMeaning } from "../../operations/policy-meaning";

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const root = (account: string) => `arn:aws:iam::${account}:root`;
const pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

describe("policyMeaning", () => {
  const one = policy(
    { Sid: "A", Effect: "Allow", Principal: { AWS: [root("111122223333"), root("444455556666")] }, Action: pull },
    { Sid: "B", Effect: "Deny", Principal: "*", Action: ["ecr:PutImage"] },
  );

  test("is the same however AWS writes the policy down", () => {
    const stored = policy(
      { Action: "ecr:PutImage", Principal: "*", Effect: "Deny", Sid: "Other" },
      { Effect: "Allow", Action: [...pull].reverse(), Principal: { AWS: ["444455556666", "111122223333"] } },
    );
    expect(policyMeaning(stored)).toBe(policyMeaning(one));
  });

  test.each([
    ["an action", one.replace("ecr:PutImage", "ecr:DeleteRepository")],
    ["an effect", one.replace("Deny", "Allow")],
    ["an account", one.replace("444455556666", "777788889999")],
    ["a statement", policy((JSON.parse(one) as { Statement: object[] }).Statement[0]!)],
  ])("differs where %s does", (_, other) => {
    expect(policyMeaning(other)).not.toBe(policyMeaning(one));
  });

  test("is the same for everybody in either spelling, and for a statement that stands twice", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "ecr:PutImage" };
    const stored = policy(deny, { ...deny, Principal: { AWS: "*" } }, { ...deny, Principal: { AWS: ["*"] }, Sid: "X" });
    expect(policyMeaning(stored)).toBe(policyMeaning(policy(deny)));
    expect(policyMeaning(policy({ ...deny, Principal: { Service: "*" } }))).not.toBe(policyMeaning(policy(deny)));
  });

  test("is the same for an empty list and for none", () => {
    const allow = { Effect: "Allow", Principal: { AWS: root("111122223333") }, Action: pull };
    const empty = { ...allow, Principal: { ...allow.Principal, Service: [] }, NotAction: [] };
    expect(policyMeaning(policy(empty))).toBe(policyMeaning(policy(allow)));
    expect(policyMeaning(policy())).toBe(undefined);
  });

  test("does not depend on the case of actions, nor in a repository on the resource that is all it has", () => {
    const allow = { Effect: "Allow", Principal: { AWS: root("111122223333") }, Action: pull };
    const upper = { ...allow, Action: ["ECR:batchGetImage", "ecr:GETDOWNLOADURLFORLAYER"] };
    expect(policyMeaning(policy(upper))).toBe(policyMeaning(policy(allow)));
    expect(policyMeaning(policy({ ...allow, Resource: "*" }), "repository")).toBe(
      policyMeaning(policy(allow), "repository"),
    );
    expect(policyMeaning(policy({ ...allow, Resource: "*" }))).not.toBe(policyMeaning(policy(allow)));
    const other = "arn:aws:ecr:us-east-1:111122223333:repository/other";
    expect(policyMeaning(policy({ ...allow, Resource: other }), "repository")).not.toBe(
      policyMeaning(policy(allow), "repository"),
    );
  });

  test("of none is none, and of what is no JSON the text itself", () => {
    expect([policyMeaning(undefined), policyMeaning(""), policyMeaning("{")]).toEqual([undefined, undefined, "{"]);
  });
});

describe("lifecycleMeaning", () => {
  const rule = (rulePriority: number, countNumber: number, tagStatus = "untagged") => ({
    rulePriority,
    selection: { tagStatus, countType: "sinceImagePushed", countUnit: "days", countNumber },
    action: { type: "expire" },
  });
  const rules = (...all: object[]) => JSON.stringify({ rules: all });

  test("is the same whatever the numbers, descriptions and places of rules are, if their order is", () => {
    const other = rules({ ...rule(20, 90, "any"), description: "all" }, { ...rule(10, 7), description: "x" });
    expect(lifecycleMeaning(other)).toBe(lifecycleMeaning(rules(rule(1, 7), rule(2, 90, "any"))));
  });

  const tagged = (list: object) => {
    const selection = { tagStatus: "tagged", ...list, countType: "imageCountMoreThan", countNumber: 5 };
    return rules({ rulePriority: 1, selection, action: { type: "expire" } });
  };

  test("is the same for the beginning of a tag and for the pattern of all tags that begin so", () => {
    const patterns = lifecycleMeaning(tagged({ tagPatternList: ["v*", "b*"] }));
    expect(lifecycleMeaning(tagged({ tagPrefixList: ["b", "v"] }))).toBe(patterns);
    expect(lifecycleMeaning(tagged({ tagPatternList: ["v", "b"] }))).not.toBe(patterns);
    expect(lifecycleMeaning(tagged({ tagPrefixList: ["v*"] }))).not.toBe(
      lifecycleMeaning(tagged({ tagPatternList: ["v**"] })),
    );
  });

  test("is the same for an empty list of tags and for none", () => {
    const empty = rules({ ...rule(1, 7), selection: { ...rule(1, 7).selection, tagPrefixList: [] } });
    expect(lifecycleMeaning(empty)).toBe(lifecycleMeaning(rules(rule(1, 7))));
    const beside = tagged({ tagPatternList: ["v*"], tagPrefixList: [] });
    expect(lifecycleMeaning(beside)).toBe(lifecycleMeaning(tagged({ tagPatternList: ["v*"] })));
  });

  test("differs where a number of days does", () => {
    expect(lifecycleMeaning(rules(rule(1, 8)))).not.toBe(lifecycleMeaning(rules(rule(1, 7))));
  });

  test("of none and of a policy without rules is none, and of what is no policy the text itself", () => {
    expect([lifecycleMeaning(undefined), lifecycleMeaning("{}")]).toEqual([undefined, "{}"]);
  });
});
