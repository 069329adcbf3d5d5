import { deployerPolicy, PolicyStatement, Registry } from "../../../modules";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };

function statements(registry: Registry): Record<string, PolicyStatement> {
  return Object.fromEntries(deployerPolicy(registry).Statement.map((statement) => [statement.Sid, statement]));
}

describe("deployerPolicy", () => {
  const plain: Registry = {
    ...SCOPE,
    caches: [{ upstream: "quay" }],
    defaults: { encryption: { type: "AES256" } },
    scanning: "unmanaged",
  };

  test("allows nothing of services that the registry does not use", () => {
    const found = statements(plain);
    expect(Object.keys(found)).toEqual(["Registry", "ServiceLinkedRole"]);
    expect(found.Registry!.Action).not.toContain("ecr:PutRegistryPolicy");
    expect(found.Registry!.Action).not.toContain("ecr:PutRegistryScanningConfiguration");
    expect(found.ServiceLinkedRole).toEqual({
      Sid: "ServiceLinkedRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource:
        "arn:aws:iam::111122223333:role/aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache",
      Condition: { StringEquals: { "iam:AWSServiceName": "pullthroughcache.ecr.amazonaws.com" } },
    });
  });

  test("allows what each part of the registry needs, and only for that part", () => {
    const found = statements({
      ...SCOPE,
      caches: [
        { upstream: "docker-hub", credential: { type: "managed-secret" } },
        { upstream: "ecr", prefix: "hub", upstreamRegistry: { accountId: "444455556666", region: "us-east-1" } },
      ],
      pullers: [{ role: "App" }],
    });
    expect(Object.keys(found)).toEqual([
      "Registry",
      "ServiceLinkedRole",
      "Roles",
      "PassRoles",
      "CreateKey",
      "Key",
      "Secrets",
    ]);
    expect(found.Registry!.Action).toContain("ecr:PutRegistryPolicy");
    expect(found.Registry!.Action).toContain("ecr:PutRegistryScanningConfiguration");
    const roles = [
      "arn:aws:iam::111122223333:role/EcrRepositoryCreation-us-east-1",
      "arn:aws:iam::111122223333:role/EcrPullThrough-us-east-1-hub",
    ];
    expect(found.Roles!.Resource).toEqual(roles);
    expect(found.PassRoles).toEqual({
      Sid: "PassRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roles,
      Condition: {
        StringEquals: { "iam:PassedToService": ["ecr.amazonaws.com", "pullthroughcache.ecr.amazonaws.com"] },
      },
    });
    expect(found.Secrets!.Resource).toEqual([
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-??????",
    ]);
  });

  test("lets a role that the team brings be passed on, not changed", () => {
    const customRoleArn = "arn:aws:iam::111122223333:role/Ours";
    const found = statements({ ...plain, defaults: { ...plain.defaults, resourceTags: { a: "b" }, customRoleArn } });
    expect(Object.keys(found)).toEqual(["Registry", "ServiceLinkedRole", "PassRoles"]);
    expect(found.PassRoles!.Resource).toEqual([customRoleArn]);
  });

  test("never allows everything of a service, nor key use", () => {
    const actions = Object.values(
      statements({ ...SCOPE, caches: [{ upstream: "docker-hub", credential: { type: "managed-secret" } }] }),
    ).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.endsWith("*"))).toEqual([]);
    expect(actions).not.toContain("kms:Decrypt");
  });
});
