import fc from "fast-check";
import {
  EcrAction,
  policyDecision,
  PolicyDecision,
  Principal,
  PULL_ACTIONS,
  PUSH_ACTIONS,
  RepositoryAccess,
  repositoryPolicy,
} from "../../../../modules/domain/policy";
import { evaluate } from "./evaluate";

const OWN = "111122223333";
const SCOPE = { accountId: OWN, region: "us-east-1" };

const UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111";
const account = fc.constantFrom(OWN, "444455556666");
const organization = fc.constantFrom("o-a1b2c3d4e5", "o-bbbbbbbbbb");
const role = fc.constantFrom("node", "ci/deployer");
const identity = fc.record({ role, account });
const principal: fc.Arbitrary<Principal> = fc.oneof(
  identity,
  fc.record({ account }),
  fc.record({ organization }),
  fc.record({ organizationalUnit: organization.map((id) => `${id}/r-ab12/ou-ab12-11111111`) }),
  fc.record({ roleLike: fc.constantFrom("no?e", "ci/*"), account }),
  fc.record({ permissionSet: fc.constant("Developer"), account }),
);
const principals = fc.uniqueArray(principal, { maxLength: 3, selector: (value) => JSON.stringify(value) });
const somebody = fc.uniqueArray(principal, { minLength: 1, maxLength: 2, selector: (value) => JSON.stringify(value) });
const action = fc.constantFrom<EcrAction>(...PULL_ACTIONS, ...PUSH_ACTIONS);
const statement = fc.record({
  sid: fc.constant("More"),
  effect: fc.constantFrom("Allow" as const, "Deny" as const),
  principals: somebody,
  actions: fc.uniqueArray(action, { minLength: 1, maxLength: 3 }),
});
const access: fc.Arbitrary<RepositoryAccess> = fc.record({
  pull: principals,
  push: principals,
  denyOthers: fc.boolean(),
  statements: fc.uniqueArray(statement, { maxLength: 1 }),
});

const SAME: Readonly<Record<PolicyDecision, string | undefined>> = {
  allowed: "Allow",
  denied: "Deny",
  "not-allowed": "nothing",
  unknown: undefined,
};

test("what is decided of a role is what IAM decides, of whatever organization its account is", () => {
  const decided = { allowed: 0, denied: 0, "not-allowed": 0, unknown: 0 };
  fc.assert(
    fc.property(access, identity, action, fc.option(organization, { nil: undefined }), (given, who, what, member) => {
      const document = repositoryPolicy(SCOPE, given);
      const decision = policyDecision(SCOPE, document, { principal: who, action: what });
      decided[decision]++;
      if (decision === "unknown") return;
      const context = {
        "aws:PrincipalArn": `arn:aws:iam::${who.account}:role/${who.role}`,
        "aws:PrincipalAccount": who.account,
        "aws:PrincipalIsAWSService": "false",
        ...(member !== undefined && {
          "aws:PrincipalOrgID": member,
          "aws:PrincipalOrgPaths": `${member}/r-ab12/ou-ab12-11111111/ou-ab12-22222222/`,
        }),
      };
      expect(SAME[decision]).toBe(evaluate(document, { action: what, context }));
    }),
    { seed: 20261124, numRuns: 5000 },
  );
  for (const count of Object.values(decided)) expect(count).toBeGreaterThan(100);
});

describe("policyDecision", () => {
  const decide = (given: RepositoryAccess, who: Principal) => {
    return policyDecision(SCOPE, repositoryPolicy(SCOPE, given), { principal: who, action: "ecr:BatchGetImage" });
  };

  test.each<[Principal, RepositoryAccess, PolicyDecision]>([
    [{ organization: "o-a1b2c3d4e5" }, { pull: [{ organization: "o-a1b2c3d4e5" }] }, "allowed"],
    [{ organization: "o-a1b2c3d4e5" }, { pull: [{ organization: "o-bbbbbbbbbb" }] }, "not-allowed"],
    [{ organization: "o-a1b2c3d4e5" }, { pull: [{ role: "node" }] }, "unknown"],
    [{ account: "444455556666" }, { pull: [{ account: "444455556666" }] }, "allowed"],
    [{ account: "444455556666" }, { pull: [{ role: "node", account: "444455556666" }] }, "unknown"],
    [{ account: "444455556666" }, { pull: [{ role: "node" }] }, "not-allowed"],
    [{ arn: "${aws_iam_role.a.arn}" }, { pull: [{ arn: "${aws_iam_role.a.arn}" }] }, "allowed"],
    [{ arn: "${aws_iam_role.a.arn}" }, { pull: [{ arn: "${aws_iam_role.b.arn}" }] }, "unknown"],
    [{ service: "lambda.amazonaws.com" }, { pull: [{ role: "node" }] }, "not-allowed"],
    [{ role: "node" }, {}, "not-allowed"],
    [{ permissionSet: "Developer" }, { pull: [{ permissionSet: "Developer" }] }, "allowed"],
    [{ permissionSet: "Developer" }, { pull: [{ permissionSet: "Admin" }] }, "not-allowed"],
    [{ permissionSet: "Developer" }, { pull: [{ roleLike: "ci-*" }] }, "not-allowed"],
    [{ permissionSet: "Developer" }, { pull: [{ account: OWN }] }, "allowed"],
    [{ permissionSet: "Developer" }, { pull: [{ permissionSet: "Developer" }], denyOthers: true }, "allowed"],
    [{ permissionSet: "Admin" }, { pull: [{ permissionSet: "Developer" }], denyOthers: true }, "denied"],
    [{ role: "ci-web" }, { pull: [{ roleLike: "ci-*" }], denyOthers: true }, "allowed"],
    [{ role: "node" }, { pull: [{ roleLike: "ci-*" }], denyOthers: true }, "denied"],
    [{ roleLike: "ci-*" }, { pull: [{ roleLike: "ci-*" }] }, "allowed"],
    [{ roleLike: "ci-web-*" }, { pull: [{ roleLike: "ci-*" }] }, "allowed"],
    [{ roleLike: "ci-*" }, { pull: [{ roleLike: "ci-web-*" }] }, "unknown"],
    [{ roleLike: "ci-*" }, { pull: [{ role: "ci-web" }] }, "unknown"],
    [{ roleLike: "ci-*" }, { pull: [{ role: "node" }] }, "not-allowed"],
    [{ organizationalUnit: UNIT }, { pull: [{ organizationalUnit: UNIT }] }, "allowed"],
    [{ organizationalUnit: `${UNIT}/ou-ab12-22222222` }, { pull: [{ organizationalUnit: UNIT }] }, "allowed"],
    [{ organizationalUnit: UNIT }, { pull: [{ organization: "o-a1b2c3d4e5" }] }, "allowed"],
    [{ organizationalUnit: UNIT }, { pull: [{ organization: "o-bbbbbbbbbb" }] }, "not-allowed"],
    [{ organization: "o-a1b2c3d4e5" }, { pull: [{ organizationalUnit: UNIT }] }, "unknown"],
    [{ organizationalUnit: UNIT }, { pull: [{ organizationalUnit: UNIT }], denyOthers: true }, "allowed"],
    [
      { service: "omics.amazonaws.com", withoutConditions: true },
      { pull: [{ service: "omics.amazonaws.com", withoutConditions: true }] },
      "allowed",
    ],
  ])("of %j in %j is %s", (who, given, expected) => {
    expect(decide(given, who)).toBe(expected);
  });

  test("decides about all repositories under a prefix only where all are meant", () => {
    const statements = (Resource: string) => {
      const statement = {
        Sid: "A",
        Effect: "Allow" as const,
        Principal: "*" as const,
        Action: ["ecr:CreateRepository"] as const,
      };
      return { Version: "2012-10-17" as const, Statement: [{ ...statement, Resource }] };
    };
    const arn = (prefix: string) => `arn:aws:ecr:us-east-1:${OWN}:repository/${prefix}`;
    const request = { principal: { role: "node" }, action: "ecr:CreateRepository", resource: arn("quay/*") };
    expect(policyDecision(SCOPE, statements(arn("*")), request)).toBe("allowed");
    expect(policyDecision(SCOPE, statements(arn("quay/*")), request)).toBe("allowed");
    expect(policyDecision(SCOPE, statements(arn("quay/org/*")), request)).toBe("unknown");
    expect(policyDecision(SCOPE, statements(arn("github/*")), request)).toBe("not-allowed");
    expect(policyDecision(SCOPE, statements("${var.arn}"), request)).toBe("unknown");
  });
});
