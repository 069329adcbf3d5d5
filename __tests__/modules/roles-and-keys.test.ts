import {
  checkRegistry,
  deployerPolicy,
  EcrRegistry,
  formatDiagnostic,
  plannerPolicy,
  Registry,
  renderPolicyDocument,
} from "../../modules";
import { onlyResource, resources, StackJson, synth } from "../helpers/synth";

const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  tags: { team: "platform" },
  caches: [
    { upstream: "quay" },
    { upstream: "ecr", upstreamRegistry: { accountId: "444455556666", region: "us-east-1" } },
  ],
};
const BOUNDARY = "arn:aws:iam::111122223333:policy/Boundary";

function synthRegistry(change: Partial<Registry>): StackJson {
  return synth((stack) => new EcrRegistry(stack, "registry", { ...registry, ...change }));
}

function errors(change: Partial<Registry>): string[] {
  return checkRegistry({ ...registry, ...change }).map(formatDiagnostic);
}

describe("roles", () => {
  const roles = {
    permissionsBoundaryArn: BOUNDARY,
    path: "/platform/ecr/",
    namePrefix: "acme-",
    tags: { owner: "iam" },
  };

  test("every created role has the boundary, the path, the prefix and the tags", () => {
    const common = {
      path: "/platform/ecr/",
      permissions_boundary: BOUNDARY,
      tags: { owner: "iam", team: "platform" },
    };
    expect(resources(synthRegistry({ roles }), "aws_iam_role")).toEqual([
      expect.objectContaining({ ...common, name: "acme-EcrRepositoryCreation-us-east-1" }),
      expect.objectContaining({ ...common, name: "acme-EcrPullThrough-us-east-1-ecr" }),
    ]);
    for (const role of resources(synthRegistry({}), "aws_iam_role")) {
      expect(Object.keys(role).sort()).toEqual(["assume_role_policy", "description", "name", "tags"]);
    }
  });

  test("the deploy policy creates roles with this boundary only, at their paths", () => {
    const { Statement } = deployerPolicy({ ...registry, roles });
    const arns = ["acme-EcrRepositoryCreation-us-east-1", "acme-EcrPullThrough-us-east-1-ecr"].map(
      (name) => `arn:aws:iam::111122223333:role/platform/ecr/${name}`,
    );
    expect(Statement.find(({ Sid }) => Sid === "BoundedRoles")).toEqual({
      Sid: "BoundedRoles",
      Effect: "Allow",
      Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"],
      Resource: arns,
      Condition: { StringEquals: { "iam:PermissionsBoundary": BOUNDARY } },
    });
    const elsewhere = Statement.filter(({ Sid }) => Sid !== "BoundedRoles").flatMap(({ Action }) => Action);
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"] as const) {
      expect(elsewhere).not.toContain(action);
    }
    expect(Statement.find(({ Sid }) => Sid === "PassRoles")!.Resource).toEqual(arns);
    expect(renderPolicyDocument(plannerPolicy({ ...registry, roles }))).not.toContain("PermissionsBoundary");
    expect(renderPolicyDocument(deployerPolicy(registry))).not.toContain("PermissionsBoundary");
  });

  test.each<[Registry["roles"], RegExp]>([
    [{ permissionsBoundaryArn: "Boundary" }, /^roles\.permissionsBoundaryArn must be the ARN of a managed IAM policy/],
    [
      { permissionsBoundaryArn: "arn:aws:iam::444455556666:policy/B" },
      /^roles\.permissionsBoundaryArn must be in the registry's account 111122223333, but is in 444455556666/,
    ],
    [{ path: "platform/" }, /^roles\.path must start and end with '\/', got "platform\/"/],
    [{ namePrefix: "a b" }, /^roles\.namePrefix must be letters, digits/],
    [{ namePrefix: "x".repeat(40) }, /^roles\.namePrefix must leave each role a name of at most 64 characters/],
    [{ tags: { "aws:x": "y" } }, /^roles\.tags\["aws:x"\] must have a key/],
  ])("refuses %j", (wrong, message) => {
    expect(errors({ roles: wrong })).toEqual([expect.stringMatching(message)]);
  });

  test("accepts a boundary of AWS and values that only Terraform knows", () => {
    const boundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    expect(errors({ roles: { permissionsBoundaryArn: boundary } })).toEqual([]);
    expect(errors({ roles: { permissionsBoundaryArn: "${var.b}", path: "${var.p}", namePrefix: "${var.n}" } })).toEqual(
      [],
    );
  });
});

describe("the created key", () => {
  const key = {
    rotationPeriodInDays: 180,
    deletionWindowInDays: 7,
    administrators: [{ role: "KeyAdmin" }],
    alias: "ecr-images",
  };

  test("has rotation, deletion window, administrators and alias", () => {
    const json = synthRegistry({ key });
    const block = onlyResource(json, "aws_kms_key");
    expect(block).toMatchObject({
      enable_key_rotation: true,
      rotation_period_in_days: 180,
      deletion_window_in_days: 7,
    });
    expect(String(block.policy)).toContain(
      '"Sid":"AllowAdministrators","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/KeyAdmin"}',
    );
    expect(onlyResource(json, "aws_kms_alias").name).toBe("alias/ecr-images");
    expect(onlyResource(synthRegistry({}), "aws_kms_key")).not.toHaveProperty("rotation_period_in_days");
  });

  test("is told by its alias in the deploy policy", () => {
    const text = renderPolicyDocument(deployerPolicy({ ...registry, key }));
    expect(text).toContain("alias/ecr-images");
    expect(text).not.toContain("alias/ecr-pull-through-cache");
  });

  test.each<[Registry["key"], RegExp]>([
    [{ rotationPeriodInDays: 30 }, /^key\.rotationPeriodInDays must be a whole number from 90 to 2560, got 30/],
    [{ deletionWindowInDays: 31 }, /^key\.deletionWindowInDays must be a whole number from 7 to 30, got 31/],
    [{ alias: "aws/ecr" }, /^key\.alias must be 1 to 250 letters/],
    [{ administrators: [{ role: "a b" }] }, /^key\.administrators\[0\]\.role must be the name of a role/],
  ])("refuses %j", (wrong, message) => {
    expect(errors({ key: wrong })).toEqual([expect.stringMatching(message)]);
  });
});

describe("the key that AWS manages", () => {
  const encryption = { type: "KMS", key: "aws-managed" } as const;

  test("needs no key here, and no permission of the role for one", () => {
    const json = synthRegistry({ caches: [{ upstream: "quay" }], repositories: { encryption } });
    expect(json.resource).not.toHaveProperty("aws_kms_key");
    expect(onlyResource(json, "aws_ecr_repository_creation_template").encryption_configuration).toEqual([
      { encryption_type: "KMS" },
    ]);
    expect(String(onlyResource(json, "aws_iam_role_policy").policy)).not.toContain("kms:");
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toHaveProperty("custom_role_arn");
  });

  test("cannot be chosen where a key is named", () => {
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    expect(errors({ repositories: { encryption: { ...encryption, keyArn } } })).toEqual([
      expect.stringMatching(/^repositories\.encryption\.key must be left out where keyArn names a key/),
    ]);
  });
});

describe("KMS_DSSE", () => {
  const repositories = { encryption: { type: "KMS_DSSE" } } as const;

  test("is used in GovCloud, with the registry's key", () => {
    const gov = { ...registry, region: "us-gov-west-1", caches: [{ upstream: "quay" }], repositories } as const;
    const json = synth((stack) => new EcrRegistry(stack, "registry", gov));
    expect(onlyResource(json, "aws_ecr_repository_creation_template").encryption_configuration).toEqual([
      { encryption_type: "KMS_DSSE", kms_key: expect.stringMatching(/^\$\{aws_kms_key\./) as unknown },
    ]);
  });

  test("is refused elsewhere", () => {
    expect(errors({ repositories })).toEqual([
      expect.stringMatching(/^repositories\.encryption\.type must be "KMS" in us-east-1: .*GovCloud/),
    ]);
  });
});
