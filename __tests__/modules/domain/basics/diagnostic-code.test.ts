import { checkRegistry, DiagnosticCode, Registry } from "../../../../modules/domain";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const quay = { upstream: "quay" } as const;
const roleOf = (account: string) => `arn:aws:iam::${account}:role/EcrRepositoryCreation`;
const keyOf = (region: string) => `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...quay, prefix: `quay-${index}` }));
const deny = { sid: "Deny", effect: "Deny" as const, actions: ["ecr:SetRepositoryPolicy" as const] };

/** A description in which the check finds something, and one that is like it and fine. */
const CASES: readonly (readonly [DiagnosticCode, Partial<Registry>, Partial<Registry>])[] = [
  ["china-not-confirmed", { region: "cn-north-1" }, { region: "us-gov-west-1" }],
  [
    "overlapping-caches",
    { caches: [quay, { upstream: "k8s", prefix: "quay/k8s" }] },
    { caches: [quay, { upstream: "k8s", prefix: "quay-k8s" }] },
  ],
  ["too-many-caches", { caches: many(51) }, { caches: many(50) }],
  [
    "key-elsewhere",
    { repositories: { encryption: { type: "KMS", keyArn: keyOf("eu-west-1") } } },
    { repositories: { encryption: { type: "KMS", keyArn: keyOf("us-east-1") } } },
  ],
  [
    "role-elsewhere",
    { repositories: { customRoleArn: roleOf("444455556666") } },
    { repositories: { customRoleArn: roleOf("111122223333") } },
  ],
  [
    "repository-lockout",
    { repositories: { access: { statements: [{ ...deny, principals: [{ account: "111122223333" }] }] } } },
    { repositories: { access: { statements: [{ ...deny, principals: [{ role: "ci" }] }] } } },
  ],
  [
    "repository-name-too-long",
    { workloads: [{ name: "web", images: [`quay.io/${"a".repeat(252)}:1.0.0`] }] },
    { workloads: [{ name: "web", images: [`quay.io/${"a".repeat(251)}:1.0.0`] }] },
  ],
];

describe.each(CASES)("%s", (code, wrong, right) => {
  const codes = (change: Partial<Registry>) => {
    return checkRegistry({ ...SCOPE, caches: [quay], ...change }).map((problem) => problem.code);
  };

  test("is found, and nothing beside it", () => {
    expect(codes(wrong)).toEqual([code]);
  });

  test("is not found where all is well", () => {
    expect(codes(right)).toEqual([]);
  });
});
