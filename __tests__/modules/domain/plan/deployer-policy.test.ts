import { deployerPolicy, plannerPolicy, PolicyDocument, PolicyStatement, Registry } from "../../../../modules";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };

function statements(
  registry: Registry,
  policyOf: (registry: Registry) => PolicyDocument = deployerPolicy,
): Record<string, PolicyStatement> {
  return Object.fromEntries(policyOf(registry).Statement.map((statement) => [statement.Sid, statement]));
}

describe("deployerPolicy", () => {
  const plain: Registry = {
    ...SCOPE,
    caches: [{ upstream: "quay" }],
    repositories: { encryption: { type: "AES256" } },
    scanning: "unmanaged",
  };

  test("allows nothing of services that the registry does not use", () => {
    const found = statements(plain);
    expect(Object.keys(found)).toEqual([
      "Registry",
      "CreatedRepositories",
      "TemplateServiceLinkedRole",
      "ServiceLinkedRole",
    ]);
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

  test("changes repositories under the prefixes of templates only", () => {
    const templates = [{ prefix: "team/app" }, { prefix: "ROOT" }];
    const arn = (path: string) => `arn:aws:ecr:us-east-1:111122223333:repository/${path}`;
    const actions = ["ecr:CreateRepository", "ecr:PutLifecyclePolicy", "ecr:SetRepositoryPolicy"];
    expect(statements(plain).CreatedRepositories).toEqual({
      Sid: "CreatedRepositories",
      Effect: "Allow",
      Action: actions,
      Resource: [arn("quay"), arn("quay/*")],
    });
    const { CreatedRepositories } = statements({ ...plain, templates });
    expect(CreatedRepositories!.Resource).toEqual([arn("team/app"), arn("team/app/*"), arn("*")]);
    for (const statement of deployerPolicy({ ...plain, templates }).Statement) {
      if (statement.Resource === "*") for (const action of actions) expect(statement.Action).not.toContain(action);
    }
  });

  test("lets ECR make its role for templates, where there are any", () => {
    expect(statements(plain).TemplateServiceLinkedRole).toEqual({
      Sid: "TemplateServiceLinkedRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "arn:aws:iam::111122223333:role/aws-service-role/ecr.amazonaws.com/AWSServiceRoleForECRTemplate",
      Condition: { StringEquals: { "iam:AWSServiceName": "ecr.amazonaws.com" } },
    });
    expect(Object.keys(statements({ ...plain, caches: [] }))).toEqual(["Registry"]);
    expect(Object.keys(statements({ ...plain, caches: [], templates: [{ prefix: "app" }] }))).toEqual([
      "Registry",
      "CreatedRepositories",
      "TemplateServiceLinkedRole",
    ]);
  });

  test("changes no key but the registry's, and makes and removes none that has another alias", () => {
    const { ReadKey, Key, ChangeKey } = statements({ ...SCOPE, caches: [{ upstream: "quay" }] });
    const keys = "arn:aws:kms:us-east-1:111122223333:key/*";
    const own = { "kms:ResourceAliases": "alias/ecr-pull-through-cache" };
    expect(ReadKey).toMatchObject({ Resource: keys });
    expect(Key).toEqual({
      Sid: "Key",
      Effect: "Allow",
      // Called before the key has its alias or after it is gone.
      Action: [
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:EnableKeyRotation",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UpdateAlias",
      ],
      Resource: [keys, "arn:aws:kms:us-east-1:111122223333:alias/ecr-pull-through-cache"],
      Condition: { "ForAllValues:StringEquals": own },
    });
    expect(ChangeKey).toEqual({
      Sid: "ChangeKey",
      Effect: "Allow",
      Action: ["kms:EnableKey", "kms:PutKeyPolicy", "kms:UntagResource", "kms:UpdateKeyDescription"],
      Resource: keys,
      Condition: { "ForAnyValue:StringEquals": own },
    });
  });

  test("touches the value of no secret that is filled elsewhere", () => {
    const filled = { upstream: "docker-hub", credential: { type: "new-secret" } } as const;
    const elsewhere = {
      upstream: "github-container-registry",
      credential: { type: "new-secret", valueFrom: "outside-terraform" },
    } as const;
    const arn = (name: string) =>
      `arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/${name}-??????`;
    const both = statements({ ...plain, caches: [filled, elsewhere] });
    expect(both.Secrets!.Resource).toEqual([arn("docker-hub"), arn("github-container-registry")]);
    expect(both.SecretValues).toEqual({
      Sid: "SecretValues",
      Effect: "Allow",
      Action: [
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: arn("docker-hub"),
    });
    const one = statements({ ...plain, caches: [elsewhere] });
    expect(Object.keys(one)).toContain("Secrets");
    expect(Object.keys(one)).not.toContain("SecretValues");
    expect(one.Secrets!.Action).not.toContain("secretsmanager:GetSecretValue");
  });

  test("allows what each part of the registry needs, and only for that part", () => {
    const found = statements({
      ...SCOPE,
      caches: [
        { upstream: "docker-hub", credential: { type: "new-secret" } },
        { upstream: "ecr", prefix: "hub", upstreamRegistry: { accountId: "444455556666", region: "us-east-1" } },
      ],
      pullers: [{ role: "App" }],
    });
    expect(Object.keys(found)).toEqual([
      "Registry",
      "Roles",
      "PassRoles",
      "CreateKey",
      "ReadKey",
      "Key",
      "ChangeKey",
      "ListAliases",
      "CreatedRepositories",
      "TemplateServiceLinkedRole",
      "Secrets",
      "SecretValues",
      "ServiceLinkedRole",
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
    expect(found.Secrets!.Resource).toBe(
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-??????",
    );
  });

  test("lets a role that the team brings be passed on, not changed", () => {
    const customRoleArn = "arn:aws:iam::111122223333:role/Ours";
    const found = statements({
      ...plain,
      repositories: { ...(plain.repositories as object), resourceTags: { a: "b" }, customRoleArn },
    });
    expect(Object.keys(found)).toEqual([
      "Registry",
      "CreatedRepositories",
      "TemplateServiceLinkedRole",
      "PassRoles",
      "ServiceLinkedRole",
    ]);
    expect(found.PassRoles!.Resource).toBe(customRoleArn);
  });

  test("never allows everything of a service, nor key use", () => {
    const actions = Object.values(
      statements({ ...SCOPE, caches: [{ upstream: "docker-hub", credential: { type: "new-secret" } }] }),
    ).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.endsWith("*"))).toEqual([]);
    expect(actions).not.toContain("kms:Decrypt");
  });
});

describe("plannerPolicy", () => {
  const everything: Registry = {
    ...SCOPE,
    caches: [
      { upstream: "docker-hub", credential: { type: "new-secret" } },
      { upstream: "gitlab-container-registry", credential: { type: "new-secret", valueFrom: "outside-terraform" } },
      { upstream: "ecr", prefix: "hub", upstreamRegistry: { accountId: "444455556666", region: "us-east-1" } },
    ],
    pullers: [{ role: "App" }],
  };

  test("reads what the stack holds, and nothing else", () => {
    const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache";
    expect(plannerPolicy(everything).Statement).toEqual([
      {
        Sid: "Registry",
        Effect: "Allow",
        Action: [
          "ecr:DescribePullThroughCacheRules",
          "ecr:DescribeRepositoryCreationTemplates",
          "ecr:GetRegistryPolicy",
          "ecr:GetRegistryScanningConfiguration",
        ],
        Resource: "*",
      },
      {
        Sid: "Roles",
        Effect: "Allow",
        Action: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
        Resource: [
          "arn:aws:iam::111122223333:role/EcrRepositoryCreation-us-east-1",
          "arn:aws:iam::111122223333:role/EcrPullThrough-us-east-1-hub",
        ],
      },
      {
        Sid: "ReadKey",
        Effect: "Allow",
        Action: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
        Resource: "arn:aws:kms:us-east-1:111122223333:key/*",
      },
      { Sid: "ListAliases", Effect: "Allow", Action: ["kms:ListAliases"], Resource: "*" },
      {
        Sid: "Secrets",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
        Resource: [`${secret}/docker-hub-??????`, `${secret}/gitlab-container-registry-??????`],
      },
      {
        Sid: "SecretValues",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: `${secret}/docker-hub-??????`,
      },
    ]);
  });

  test("allows nothing of services that the registry does not use", () => {
    const plain: Registry = {
      ...everything,
      caches: [{ upstream: "quay" }],
      repositories: { encryption: { type: "AES256" } },
    };
    expect(Object.keys(statements({ ...plain, pullers: [] }, plannerPolicy))).toEqual(["Registry"]);
  });
});
