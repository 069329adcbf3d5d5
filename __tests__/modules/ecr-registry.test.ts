import { AnnotationMetadataEntryType, TerraformStack, Testing } from "cdktf";
import { IConstruct } from "constructs";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import {
  EcrRegistry,
  EcrRegistryProps,
  PullThroughCacheRule,
  Registry,
  RegistryPolicy,
  registryPolicy,
  RegistryScanningConfiguration,
  RepositoryCreationTemplate,
  ValidationError,
} from "../../modules";
import { addresses, onlyResource, resources, StackJson, synth } from "../helpers/synth";

const registry = { accountId: "111122223333", region: "us-east-1" };
const managed = { type: "new-secret" } as const;
const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function synthRegistry(props: Partial<EcrRegistryProps>): StackJson {
  return synth((stack) => new EcrRegistry(stack, "registry", { ...registry, caches: [], ...props }));
}

/** How many resources there are of each type. */
function counts(json: StackJson): Record<string, number> {
  return Object.fromEntries(
    Object.entries(json.resource ?? {}).map(([type, byName]) => [type, Object.keys(byName).length]),
  );
}

function policyOf(json: StackJson, type: string, argument = "policy") {
  return JSON.parse(onlyResource(json, type)[argument] as string) as { Statement: Record<string, unknown>[] };
}

describe("EcrRegistry", () => {
  test("makes a good registry of one line", () => {
    const json = synthRegistry({ caches: [{ upstream: "quay" }] });
    expect(counts(json)).toEqual({
      aws_ecr_pull_through_cache_rule: 1,
      aws_ecr_registry_scanning_configuration: 1,
      aws_ecr_repository_creation_template: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
      aws_kms_alias: 1,
      aws_kms_key: 1,
    });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      prefix: "quay",
      image_tag_mutability: "IMMUTABLE_WITH_EXCLUSION",
      encryption_configuration: [{ encryption_type: "KMS", kms_key: "${aws_kms_key.registry_key_52CBB013.arn}" }],
      lifecycle_policy: expect.stringContaining('"untagged"') as string,
    });
  });

  test("creates nothing where nothing is described", () => {
    expect(synthRegistry({}).resource).toBeUndefined();
  });

  test("keeps its addresses: another address destroys a user's resource", () => {
    const json = synthRegistry({
      caches: [{ upstream: "docker-hub", prefix: "prod/hub", credential: managed }, { upstream: "quay" }],
      templates: [{ prefix: "ROOT" }],
      pullers: [{ role: "Puller" }],
    });
    expect(addresses(json)).toEqual([
      "aws_ecr_pull_through_cache_rule.registry_caches_prod--hub_DA536B8E",
      "aws_ecr_pull_through_cache_rule.registry_caches_quay_B320F445",
      "aws_ecr_registry_policy.registry_policy_9B138C89",
      "aws_ecr_registry_scanning_configuration.registry_scanning_7800BA67",
      "aws_ecr_repository_creation_template.registry_templates_ROOT_6903D0E4",
      "aws_iam_role.registry_template-role_81B8186D",
      "aws_iam_role_policy.registry_template-role_Policy_E4F7B722",
      "aws_kms_alias.registry_key_Alias_82B79E85",
      "aws_kms_key.registry_key_52CBB013",
      "aws_secretsmanager_secret.registry_secrets_docker-hub_0D767346",
      "aws_secretsmanager_secret_version.registry_secrets_docker-hub_Value_161EB4EE",
    ]);
  });

  test("puts host and prefix before what is pulled", () => {
    let host: string | undefined;
    let pullPrefixes: unknown;
    synth((stack) => {
      const caches = [{ upstream: "quay" }, { upstream: "k8s", prefix: "k8s-io" }] as const;
      ({ host, pullPrefixes } = new EcrRegistry(stack, "registry", { ...registry, caches }));
    });
    expect(host).toBe("111122223333.dkr.ecr.us-east-1.amazonaws.com");
    expect(pullPrefixes).toEqual({ quay: `${host}/quay`, "k8s-io": `${host}/k8s-io` });
  });

  test("needs neither key nor role for AES256 without tags", () => {
    const json = synthRegistry({ caches: [{ upstream: "quay" }], repositories: { encryption: { type: "AES256" } } });
    expect(counts(json)).toEqual({
      aws_ecr_pull_through_cache_rule: 1,
      aws_ecr_registry_scanning_configuration: 1,
      aws_ecr_repository_creation_template: 1,
    });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).not.toHaveProperty("custom_role_arn");
  });

  test("needs a role, but no key, for tags", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      repositories: { encryption: { type: "AES256" } },
      tags: { team: "platform" },
    });
    expect(counts(json)).toMatchObject({ aws_iam_role: 1, aws_iam_role_policy: 1 });
    expect(counts(json)).not.toHaveProperty("aws_kms_key");
    expect(onlyResource(json, "aws_iam_role")).toMatchObject({ tags: { team: "platform" } });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      resource_tags: { team: "platform" },
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
    });
  });

  test("lets the role create repositories under the templates' prefixes only, with their keys only", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      templates: [{ prefix: "app", encryption: { type: "KMS", keyArn } }],
    });
    const statements = policyOf(json, "aws_iam_role_policy").Statement;
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        "ecr:CreateRepository",
        ["arn:aws:ecr:us-east-1:111122223333:repository/app/*", "arn:aws:ecr:us-east-1:111122223333:repository/quay/*"],
      ],
      [
        ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
        [keyArn, "${aws_kms_key.registry_key_52CBB013.arn}"],
      ],
    ]);
  });

  test("creates no role for templates that bring their own", () => {
    const customRoleArn = "arn:aws:iam::111122223333:role/Ours";
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      repositories: { customRoleArn, encryption: { type: "KMS", keyArn } },
    });
    expect(counts(json)).not.toHaveProperty("aws_iam_role");
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      custom_role_arn: customRoleArn,
    });
  });

  test("adds no template for a cache that the template ROOT covers", () => {
    const prefix = "ROOT";
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      templates: [{ prefix, imageTagMutability: "MUTABLE" }],
    });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      prefix,
      image_tag_mutability: "MUTABLE",
    });
  });

  test("lays the settings of a cache over those of every repository", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay", repositories: { imageTagMutability: "MUTABLE" } }, { upstream: "k8s" }],
      repositories: { imageTagMutability: "IMMUTABLE", encryption: { type: "AES256" } },
    });
    expect(
      resources(json, "aws_ecr_repository_creation_template").map(
        ({ prefix, image_tag_mutability, encryption_configuration }) => [
          prefix,
          image_tag_mutability,
          encryption_configuration,
        ],
      ),
    ).toEqual([
      ["kubernetes", "IMMUTABLE", [{ encryption_type: "AES256" }]],
      ["quay", "MUTABLE", [{ encryption_type: "AES256" }]],
    ]);
  });

  test("makes each rule wait for its templates and its secret, and for no other", () => {
    const json = synthRegistry({
      caches: [{ upstream: "docker-hub", prefix: "prod", credential: managed }, { upstream: "quay" }],
      templates: [{ prefix: "prod/team" }],
      repositories: { encryption: { type: "AES256" } },
    });
    const dependencies = resources(json, "aws_ecr_pull_through_cache_rule").map((rule) => rule.depends_on);
    expect(dependencies).toEqual([
      [
        expect.stringMatching(/^aws_ecr_repository_creation_template\.registry_templates_prod--team_/),
        expect.stringMatching(/^aws_ecr_repository_creation_template\.registry_templates_prod_/),
        expect.stringMatching(/^aws_secretsmanager_secret_version\./),
      ],
      [expect.stringMatching(/^aws_ecr_repository_creation_template\.registry_templates_quay_/)],
    ]);
  });

  test("creates one secret for the caches that share it", () => {
    const credential = { ...managed, name: "hub" };
    const json = synthRegistry({
      caches: [
        { upstream: "docker-hub", prefix: "one", credential },
        { upstream: "docker-hub", prefix: "two", credential },
      ],
    });
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({ name: "ecr-pullthroughcache/hub" });
    const arns = resources(json, "aws_ecr_pull_through_cache_rule").map(({ credential_arn }) => credential_arn);
    expect(arns).toEqual([arns[0], arns[0]]);
    expect(Object.keys(json.variable!)).toEqual(["hub_access_token", "hub_username"]);
  });

  test("lets pullers in by the registry policy on the caches' prefixes, and by the repository policies", () => {
    const json = synthRegistry({ caches: [{ upstream: "quay" }, { upstream: "k8s" }], pullers: [{ role: "Puller" }] });
    const [statement, ...more] = policyOf(json, "aws_ecr_registry_policy").Statement;
    expect(more).toEqual([]);
    expect(statement).toMatchObject({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:role/Puller" },
      Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
      Resource: [
        "arn:aws:ecr:us-east-1:111122223333:repository/kubernetes/*",
        "arn:aws:ecr:us-east-1:111122223333:repository/quay/*",
      ],
    });
    for (const { repository_policy } of resources(json, "aws_ecr_repository_creation_template")) {
      expect(JSON.parse(repository_policy as string)).toMatchObject({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:role/Puller" },
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          },
        ],
      });
    }
  });

  test("leaves alone what something else owns", () => {
    const json = synthRegistry({
      caches: [{ upstream: "quay" }],
      pullers: [{ role: "Puller" }],
      registryPolicy: "unmanaged",
      scanning: "unmanaged",
    });
    expect(counts(json)).not.toHaveProperty("aws_ecr_registry_policy");
    expect(counts(json)).not.toHaveProperty("aws_ecr_registry_scanning_configuration");
  });

  test("adds statements of the user's own to the registry policy", () => {
    const json = synthRegistry({
      registryPolicy: {
        statements: [
          {
            sid: "Replicate",
            principals: [{ account: "444455556666" }],
            actions: ["ecr:ReplicateImage"],
            prefixes: ["app"],
          },
        ],
      },
    });
    expect(policyOf(json, "aws_ecr_registry_policy").Statement).toMatchObject([
      { Sid: "Replicate", Resource: "arn:aws:ecr:us-east-1:111122223333:repository/app/*" },
    ]);
  });

  test("takes values that only Terraform knows, with an id for what has no name at synth", () => {
    const json = synth((stack) => {
      const key = new KmsKey(stack, "key");
      new EcrRegistry(stack, "registry", {
        accountId: key.id,
        region: "us-east-1",
        caches: [{ upstream: "quay", prefix: key.keyId, id: "from-key" }],
        pullers: [{ arn: key.arn }],
        repositories: { encryption: { type: "KMS", keyArn: key.arn } },
        tags: { key: key.id },
      });
    });
    expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toMatchObject({
      ecr_repository_prefix: "${aws_kms_key.key.key_id}",
    });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      prefix: "${aws_kms_key.key.key_id}",
      resource_tags: { key: "${aws_kms_key.key.id}" },
    });
    expect(policyOf(json, "aws_ecr_registry_policy").Statement).toMatchObject([
      {
        Principal: { AWS: "${aws_kms_key.key.arn}" },
        Resource: "arn:aws:ecr:us-east-1:${aws_kms_key.key.id}:repository/${aws_kms_key.key.key_id}/*",
      },
    ]);
  });

  test.each([
    [{ caches: [{ upstream: "quay", prefix: "${var.prefix}" }] }, ["caches.0.id"]],
    [{ caches: [{ upstream: "quay" }, { upstream: "quay" }] }, ["caches.1.prefix"]],
    [{ caches: [{ upstream: "quay" }, { upstream: "k8s", id: "quay" }] }, ["caches.1.id"]],
    [{ caches: [{ upstream: "quay", prefix: "ROOT" }, { upstream: "k8s" }] }, ["caches.1.prefix"]],
    [{ caches: Array.from({ length: 51 }, (_, i) => ({ upstream: "quay", prefix: `quay-${i}` })) }, ["caches"]],
    [
      {
        caches: [
          { upstream: "docker-hub", credential: { ...managed, version: 1 } },
          { upstream: "docker-hub", prefix: "two", credential: { ...managed, version: 2 } },
        ],
      },
      ["caches.1.credential"],
    ],
    [
      {
        caches: [
          { upstream: "docker-hub", credential: { ...managed, name: "the-hub" } },
          { upstream: "docker-hub", prefix: "two", credential: { ...managed, name: "the.hub" } },
        ],
      },
      ["caches.1.credential.name"],
    ],
    [{ caches: [{ upstream: "quay", id: "" }] }, ["caches.0.id"]],
    [{ templates: [{ prefix: "app", id: "a/b" }] }, ["templates.0.id"]],
    [
      { caches: [{ upstream: "ecr", upstreamRegistry: { accountId: "444455556666", region: "us-gov-west-1" } }] },
      ["caches.0.upstreamRegistry.region"],
    ],
    [{ templates: [{ prefix: "quay" }, { prefix: "quay" }] }, ["templates.1.prefix"]],
    [{ tags: { "aws:x": "y" } }, ["tags.aws:x"]],
    [
      { caches: [{ upstream: "quay" }], repositories: { access: { denyOthers: true } } },
      ["repositories.access.denyOthers"],
    ],
    [
      { registryPolicy: { statements: [{ sid: "A b", principals: [], actions: [], prefixes: [] }] } },
      [
        "registryPolicy.statements.0.sid",
        "registryPolicy.statements.0.principals",
        "registryPolicy.statements.0.actions",
        "registryPolicy.statements.0.prefixes",
      ],
    ],
    [{ pullers: [{ role: "arn:aws:iam::111122223333:role/Puller" }] }, ["pullers.0.role"]],
  ])("refuses %j", (change, places) => {
    let caught: unknown;
    try {
      synthRegistry(change as Partial<EcrRegistryProps>);
    } catch (error) {
      caught = error;
    }
    expect(ValidationError.is(caught)).toBe(true);
    expect((caught as ValidationError).diagnostics.map(({ path }) => path.join("."))).toEqual(places);
  });

  test("keeps 50 caches", () => {
    const caches = Array.from({ length: 50 }, (_, i) => ({ upstream: "quay" as const, prefix: `quay-${i}` }));
    expect(resources(synthRegistry({ caches }), "aws_ecr_pull_through_cache_rule")).toHaveLength(50);
  });
});

describe("findings", () => {
  const scope = { accountId: "111122223333", region: "us-east-1" };
  const warningsOf = (construct: IConstruct) => {
    return construct.node.findAll().flatMap(({ node }) => {
      const warnings = node.metadata.filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string));
      return warnings.map(({ data }) => [node.path, data]);
    });
  };

  test("warn at the construct that they are about, unless they are accepted", () => {
    const add = (id: string, acknowledged?: Registry["acknowledged"]) => {
      const stack = new TerraformStack(Testing.app(), id);
      const repositories = { imageTagMutability: "IMMUTABLE" as const };
      return new EcrRegistry(stack, "registry", {
        ...scope,
        caches: [{ upstream: "quay" }],
        repositories,
        acknowledged,
      });
    };
    expect(warningsOf(add("a"))).toEqual([
      ["a/registry/templates/quay", expect.stringMatching(/^repositories\.imageTagMutability .*\[frozen-tags\]$/)],
    ]);
    expect(warningsOf(add("b", [{ code: "frozen-tags", reason: "digests only" }]))).toEqual([]);
  });

  test("refuse a second registry of the same account and region in one app, in whatever stack", () => {
    const app = Testing.app();
    const add = (id: string, region: string) => {
      return new EcrRegistry(new TerraformStack(app, id), "registry", {
        ...scope,
        region,
        caches: [{ upstream: "quay" }],
      });
    };
    add("a", "us-east-1");
    add("b", "eu-west-1");
    expect(() => add("c", "us-east-1")).toThrow(
      /scanning must not be managed here: a\/registry manages .*\[two-owners\]/,
    );
    expect(() => add("d", "${var.region}")).not.toThrow();
    expect(() => add("e", "${var.region}")).not.toThrow();
  });

  test("refuse what another construct of the app has of the same registry", () => {
    const app = Testing.app();
    const [a, b] = ["a", "b"].map((id) => new TerraformStack(app, id)) as [TerraformStack, TerraformStack];
    const document = registryPolicy(registry, { pullThrough: [{ prefix: "quay", principals: [{ role: "ci" }] }] })!;
    const far = { ...registry, region: "eu-west-1" };
    new EcrRegistry(a, "registry", { ...registry, pullers: [{ role: "ci" }], caches: [{ upstream: "quay" }] });

    expect(() => new RegistryPolicy(a, "policy", { document })).toThrow(
      "[a/policy] must not be managed here: a/registry manages the registry policy of the same account and Region",
    );
    expect(() => new RegistryPolicy(b, "policy", { document, registry })).toThrow("[two-owners]");
    expect(() => new RegistryPolicy(b, "other", { document })).not.toThrow();
    expect(() => new RegistryPolicy(b, "again", { document })).toThrow("[two-owners]");
    expect(() => new RegistryScanningConfiguration(b, "scanning", { prefixes: ["app"], registry })).toThrow(
      "[b/scanning] must not be managed here: a/registry manages the scanning configuration of the same account",
    );
    expect(() => new PullThroughCacheRule(b, "rule", { upstream: "quay", registry })).toThrow(
      '[b/rule] prefix overlaps the cache "quay" of a/registry in the same account and Region',
    );
    const template = { prefix: "quay", encryption: { type: "AES256" } } as const;
    expect(() => new RepositoryCreationTemplate(b, "template", { ...template, registry })).toThrow(
      "[b/template] must not create a template for the prefix quay, which a/registry creates in the same account",
    );
    expect(() => new RepositoryCreationTemplate(b, "far", { ...template, registry: far })).not.toThrow();
  });
});
