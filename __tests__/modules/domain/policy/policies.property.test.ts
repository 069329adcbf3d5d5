import fc from "fast-check";
import {
  checkCreationTemplateRolePermissions,
  checkKmsKeyPolicy,
  checkPullerIdentityPolicy,
  checkRegistryPolicy,
  checkRepositoryAccess,
  Conditions,
  creationTemplateRolePermissions,
  ECR_ACTIONS,
  EcrAction,
  escapeForTerraform,
  kmsKeyPolicy,
  PolicyDocument,
  Principal,
  pullerIdentityPolicy,
  registryPolicy,
  RegistryPolicyStatement,
  renderPolicyDocument,
  RepositoryAccess,
  repositoryPolicy,
  UPLOAD_ACTIONS,
} from "../../../../modules/domain/policy";
import { evaluate } from "./evaluate";

const OWN = "111122223333";
const SCOPE = { accountId: OWN, region: "us-east-1" };

const account = fc.constantFrom(OWN, "444455556666", "777788889999", "000000000001");
const organization = fc.constantFrom("o-a1b2c3d4e5", "o-bbbbbbbbbb");
const role = fc.constantFrom("node", "ci/deployer", "a", "b", "x/node", "Admin");
const principal: fc.Arbitrary<Principal> = fc.oneof(
  fc.record({ role }),
  fc.record({ role, account }),
  fc.record({ user: role }),
  fc.record({ account }),
  fc.record({ organization }),
  fc.record({ organizationalUnit: organization.map((id) => `${id}/r-ab12/ou-ab12-11111111`) }),
  fc.record({ permissionSet: fc.constantFrom("Developer", "Admin"), account }),
  fc.record({ roleLike: fc.constantFrom("ci-*", "x/n?de"), account }),
  fc.record({ arn: fc.tuple(account, role).map(([id, name]) => `arn:aws:iam::${id}:role/${name}`) }),
);
/** Roles that IAM Identity Center creates for permission sets, in its home Region and in others. */
const SSO_ROLES = [
  ["Developer", "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef"],
  ["Admin", "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_fedcba9876543210"],
] as const;
const principals = fc.uniqueArray(principal, { maxLength: 6, selector: (value) => JSON.stringify(value) });
const somebody = fc.uniqueArray(principal, { minLength: 1, maxLength: 6, selector: (value) => JSON.stringify(value) });
const actions = fc.uniqueArray(fc.constantFrom<EcrAction>(...ECR_ACTIONS), { minLength: 1, maxLength: 8 });
const prefix = fc.stringMatching(/^[a-z0-9]{2,6}([._/-][a-z0-9]{1,6}){0,3}$/);
const prefixes = fc.uniqueArray(prefix, { minLength: 1, maxLength: 30 });
const conditions: fc.Arbitrary<Conditions> = fc.record(
  {
    StringEquals: fc.record({ "aws:SourceAccount": fc.array(account, { minLength: 1, maxLength: 3 }) }),
    ArnLike: fc.constant({ "aws:SourceArn": "arn:aws:codebuild:us-east-1:111122223333:*" }),
    StringLike: fc.constant({ "aws:PrincipalTag/team": "${aws:PrincipalTag/unit}-*" }),
  },
  { requiredKeys: ["ArnLike"] },
);
const statement: fc.Arbitrary<RegistryPolicyStatement> = fc.record(
  {
    sid: fc.stringMatching(/^[0-9A-Za-z]{1,8}$/),
    effect: fc.constantFrom("Allow" as const, "Deny" as const),
    principals: fc.oneof(
      somebody,
      fc.constant<Principal[]>([{ everyone: true }]),
      fc.constant<Principal[]>([{ service: "codebuild.amazonaws.com" }]),
    ),
    actions,
    conditions,
    prefixes,
    repositories: fc.uniqueArray(fc.constantFrom("quay/org/app", "prod-*", "a?/b"), { minLength: 1 }),
  },
  { requiredKeys: ["sid", "principals", "actions", "conditions", "prefixes"] },
);
const statements = fc.array(statement, { maxLength: 4 });
const access: fc.Arbitrary<RepositoryAccess> = fc.record(
  {
    pull: principals,
    push: principals,
    audit: principals,
    lambdaPull: fc.record({ accounts: fc.uniqueArray(account, { minLength: 1 }) }),
    denyOthers: fc.boolean(),
    statements,
  },
  { requiredKeys: [] },
);
const pullThrough = fc.array(
  fc.record({ prefix: prefix.map((text) => text.slice(0, 20).replace(/[._/-]$/, "")), principals }),
  { maxLength: 60 },
);

/** What AWS asks of every policy, beside what each kind asks. */
function expectValid(document: PolicyDocument, limit: number): void {
  const text = renderPolicyDocument(document);
  expect(text.length).toBeLessThanOrEqual(limit);
  expect(renderPolicyDocument(JSON.parse(text) as PolicyDocument)).toBe(text);
  const { Statement } = JSON.parse(text) as PolicyDocument;
  const sids = Statement.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  for (const { Sid, Effect, Principal, Action, Condition } of Statement) {
    expect(Sid).toMatch(/^[0-9A-Za-z]+$/);
    const named = [Action].flat();
    expect(named.length).toBeGreaterThan(0);
    expect(named).toEqual([...new Set(named)].sort());
    expect(text).not.toContain('"ecr:*"');
    // Nobody lets in the world: a wildcard has conditions.
    if (Principal === "*" && Effect === "Allow") expect(Object.keys(Condition ?? {})).not.toEqual([]);
    if (typeof Principal === "object") expect(Object.values(Principal).flat()).not.toContain("*");
  }
}

describe("any repository policy", () => {
  test("is refused, or is valid, within the limit and without Resource", () => {
    fc.assert(
      fc.property(access, (given) => {
        fc.pre(checkRepositoryAccess(SCOPE, given).length === 0);
        const document = repositoryPolicy(SCOPE, given);
        if (!document) return;
        expectValid(document, 10_240);
        for (const one of document.Statement) expect(one).not.toHaveProperty("Resource");
      }),
    );
  });

  test("that is refused names a place, a rule and a fix", () => {
    fc.assert(
      fc.property(access, (given) => {
        for (const { path, message, fix } of checkRepositoryAccess(SCOPE, given, ["access"])) {
          expect(path[0]).toBe("access");
          expect(message).toMatch(/^(must|has) .*[^.]$/);
          expect(fix).toMatch(/[^.]$/);
        }
      }),
    );
  });

  test("has the same text in whatever order the lists of the grants are", () => {
    fc.assert(
      fc.property(access, (given) => {
        const reversed: RepositoryAccess = {
          ...given,
          pull: given.pull && [...given.pull].reverse(),
          push: given.push && [...given.push].reverse(),
          statements: given.statements?.map((one) => ({ ...one, actions: [...one.actions, ...one.actions].reverse() })),
        };
        const [one, other] = [repositoryPolicy(SCOPE, given), repositoryPolicy(SCOPE, reversed)];
        expect(other && renderPolicyDocument(other)).toBe(one && renderPolicyDocument(one));
      }),
    );
  });

  test("that is exclusive denies an upload to exactly those who may not push", () => {
    const name = fc.oneof(role, fc.constantFrom("ci-web", "x/node", ...SSO_ROLES.map(([, name]) => name)));
    const caller = fc.record({ account, name, organization: fc.option(organization, { nil: undefined }) });
    fc.assert(
      fc.property(principals, principals, caller, (pull, push, { account: id, name, organization: member }) => {
        const arn = `arn:aws:iam::${id}:role/${name}`;
        const mayPush = push.some((one) => {
          if ("role" in one) return id === (one.account ?? OWN) && name === one.role;
          if ("arn" in one) return one.arn === arn;
          if ("organization" in one) return one.organization === member;
          if ("organizationalUnit" in one) return one.organizationalUnit.split("/")[0] === member;
          if ("permissionSet" in one) {
            return (
              id === (one.account ?? OWN) && SSO_ROLES.some(([set, of]) => set === one.permissionSet && of === name)
            );
          }
          if ("roleLike" in one) {
            return id === (one.account ?? OWN) && (one.roleLike === "ci-*" ? name === "ci-web" : name === "x/node");
          }
          return !("user" in one) && "account" in one && one.account === id;
        });
        const context = {
          "aws:PrincipalAccount": id,
          "aws:PrincipalArn": arn,
          "aws:PrincipalIsAWSService": "false",
          ...(member && {
            "aws:PrincipalOrgID": member,
            "aws:PrincipalOrgPaths": `${member}/r-ab12/ou-ab12-11111111/ou-ab12-22222222/`,
          }),
        };
        const document = repositoryPolicy(SCOPE, { pull, push, denyOthers: true });
        for (const action of UPLOAD_ACTIONS) {
          expect(evaluate(document, { action, context })).toBe(mayPush ? "Allow" : "Deny");
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("any registry policy", () => {
  test("is refused, or is valid, within the limit and about repositories of the registry only", () => {
    fc.assert(
      fc.property(pullThrough, statements, (grants, own) => {
        fc.pre(checkRegistryPolicy(SCOPE, { pullThrough: grants, statements: own }).length === 0);
        const document = registryPolicy(SCOPE, { pullThrough: grants, statements: own });
        if (!document) return;
        expectValid(document, 10_240);
        for (const { Resource } of document.Statement) {
          expect([Resource].flat().length).toBeGreaterThan(0);
          for (const arn of [Resource].flat()) {
            expect(arn).toMatch(
              /^arn:aws:ecr:us-east-1:111122223333:repository\/(([a-z0-9._/-]+\/)?\*|quay\/org\/app|prod-\*|a\?\/b)$/,
            );
          }
        }
      }),
    );
  });

  test("has the same text in whatever order the caches are", () => {
    fc.assert(
      fc.property(pullThrough, (grants) => {
        const one = registryPolicy(SCOPE, { pullThrough: grants });
        const other = registryPolicy(SCOPE, { pullThrough: [...grants].reverse() });
        expect(other && renderPolicyDocument(other)).toBe(one && renderPolicyDocument(one));
      }),
    );
  });
});

describe("any policy of a role, an identity or a key", () => {
  test("is refused, or is valid and within its limit", () => {
    fc.assert(
      fc.property(prefixes, fc.boolean(), principals, (under, flag, administrators) => {
        const role = { prefixes: under, tags: flag, replication: !flag };
        if (checkCreationTemplateRolePermissions(SCOPE, role).length === 0) {
          expectValid(creationTemplateRolePermissions(SCOPE, role), 10_240);
        }
        if (checkPullerIdentityPolicy(SCOPE, { prefixes: under }).length === 0) {
          expectValid(pullerIdentityPolicy(SCOPE, { prefixes: under }), 6144);
        }
        expect(checkKmsKeyPolicy(SCOPE, { administrators })).toEqual([]);
        expectValid(kmsKeyPolicy(SCOPE, { administrators }), 32_768);
      }),
    );
  });
});

describe("escapeForTerraform", () => {
  test("is undone by Terraform, and escapes nothing twice", () => {
    const variable = fc.constantFrom("${aws:username}", "${aws:PrincipalTag/team}", "plain", '"', "${saml:sub}");
    fc.assert(
      fc.property(fc.array(variable), (parts) => {
        const escaped = escapeForTerraform(parts.join(" "));
        expect(escaped.replaceAll("$${", "${")).toBe(parts.join(" "));
        expect(escapeForTerraform(escaped)).toBe(escaped);
      }),
    );
  });
});
