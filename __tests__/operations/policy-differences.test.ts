import { lifecycleDifferences, policyDifferences } from "../../operations/policy-differences";

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Sid: string, account: string) => ({
  Sid,
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "ecr:BatchGetImage",
});
const text = (Sid: string, account: string) => {
  return `${Sid} {"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":{"AWS":"${account}"}}`;
};

describe("policyDifferences", () => {
  const [a, b, c, d, e] = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(12)) as [
    string,
    string,
    string,
    string,
    string,
  ];

  test("are only the statements that differ, those of one name beside each other", () => {
    const expected = policy(allow("Same", a), allow("Changed", b), allow("Missing", c));
    const actual = policy(allow("Extra", d), allow("Changed", e), allow("SameByAnotherName", a));
    expect(policyDifferences(expected, actual)).toEqual([
      { expected: text("Changed", b), actual: text("Changed", e), revokes: true },
      { expected: text("Missing", c), actual: "no such statement" },
      { expected: "no such statement", actual: text("Extra", d), revokes: true },
    ]);
  });

  test("are all of a policy where there is no other, and none where both mean the same", () => {
    const only = policy(allow("A", a));
    expect(policyDifferences(only, undefined)).toEqual([{ expected: only, actual: "none" }]);
    expect(policyDifferences(undefined, only)).toEqual([{ expected: "none", actual: only, revokes: true }]);
    expect(policyDifferences(only, policy(allow("B", a)))).toEqual([]);
  });
});

test("lifecycle policies that differ are told as sentences, and one that cannot be read as it is", () => {
  const expire = (countNumber: number) => {
    const selection = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber };
    return JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] });
  };
  const expected = "untagged images expire 7 days after their push";
  expect(lifecycleDifferences(expire(7), expire(30))).toEqual([
    { expected, actual: "untagged images expire 30 days after their push" },
  ]);
  expect(lifecycleDifferences(expire(7), "{}")).toEqual([{ expected, actual: "{}" }]);
  expect(lifecycleDifferences(undefined, expire(7))).toEqual([{ expected: "none", actual: expected }]);
  expect(lifecycleDifferences(expire(7), expire(7))).toEqual([]);
});
