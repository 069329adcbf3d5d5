import fc from "fast-check";
import { Testing, TerraformStack } from "cdktf";
import { registryErrors, EcrRegistry, planRegistry, referencesIn, Registry, RegistryPlan } from "../../../../modules";
import { environments } from "../../../helpers/generated-environments";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const hub = { accountId: "444455556666", region: "us-east-1" };

const everything: Registry = {
  ...SCOPE,
  caches: [
    { upstream: "docker-hub", credential: { type: "new-secret" } },
    { upstream: "gitlab-container-registry", credential: { type: "new-secret", valueFrom: "outside-terraform" } },
    { upstream: "ecr", prefix: "team/hub", upstreamRegistry: hub },
  ],
  repositories: { access: { denyOthers: true } },
  pullers: [{ role: "App" }],
  preventDestroy: true,
  importExisting: { caches: ["docker-hub"], registryPolicy: true },
};

function summary({ resources }: RegistryPlan): string[] {
  return resources.map(({ kind, address, name }) => [kind, address, ...(name === undefined ? [] : [name])].join(" "));
}

describe("planRegistry", () => {
  test("lists everything that a description results in, in the order of creation", () => {
    expect(summary(planRegistry(everything))).toEqual([
      "aws_iam_role template-role EcrRepositoryCreation-us-east-1",
      "aws_kms_key key",
      "aws_kms_alias key/Alias alias/ecr-pull-through-cache",
      "aws_iam_role upstream-roles/team--hub EcrPullThrough-us-east-1-team+hub",
      "aws_iam_role_policy upstream-roles/team--hub/Policy",
      "aws_iam_role_policy template-role/Policy",
      "aws_ecr_repository_creation_template templates/docker-hub docker-hub",
      "aws_ecr_repository_creation_template templates/gitlab gitlab",
      "aws_ecr_repository_creation_template templates/team--hub team/hub",
      "aws_secretsmanager_secret secrets/docker-hub ecr-pullthroughcache/docker-hub",
      "aws_secretsmanager_secret_version secrets/docker-hub/Value",
      "aws_secretsmanager_secret secrets/gitlab-container-registry ecr-pullthroughcache/gitlab-container-registry",
      "aws_ecr_pull_through_cache_rule caches/docker-hub docker-hub",
      "aws_ecr_pull_through_cache_rule caches/gitlab gitlab",
      "aws_ecr_pull_through_cache_rule caches/team--hub team/hub",
      "aws_ecr_registry_policy policy ",
      "aws_ecr_registry_scanning_configuration scanning ",
    ]);
  });

  test("says what is imported, and what Terraform refuses to destroy", () => {
    const { resources } = planRegistry(everything);
    expect(resources.flatMap(({ address, importId }) => (importId === undefined ? [] : [[address, importId]]))).toEqual(
      [
        ["caches/docker-hub", "docker-hub"],
        ["policy", "111122223333"],
      ],
    );
    expect(resources.filter(({ preventDestroy }) => preventDestroy).map(({ address }) => address)).toEqual([
      "key",
      "secrets/docker-hub",
      "secrets/gitlab-container-registry",
    ]);
  });

  test("refers to what only AWS knows, also inside policies", () => {
    const { resources } = planRegistry(everything);
    const references = Object.fromEntries(resources.map(({ address, settings }) => [address, referencesIn(settings)]));
    expect(references).toMatchObject({
      "template-role": [],
      key: ["template-role"],
      "key/Alias": ["key"],
      "template-role/Policy": ["template-role", "key"],
      "templates/docker-hub": ["template-role", "key"],
      "templates/team--hub": ["template-role", "key", "upstream-roles/team--hub"],
      "caches/docker-hub": ["secrets/docker-hub"],
      "caches/team--hub": ["upstream-roles/team--hub"],
      policy: [],
    });
  });

  test("is empty for a description of nothing", () => {
    expect(planRegistry({ ...SCOPE, caches: [] })).toEqual({ scope: SCOPE, resources: [] });
  });

  test("only ever refers to, and waits for, what comes before it", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        fc.pre(registryErrors(environment).length === 0);
        const before = new Set<string>();
        for (const { address, settings, waitsFor } of planRegistry(environment).resources) {
          for (const other of [...waitsFor, ...referencesIn(settings)]) expect(before).toContain(other);
          expect(before).not.toContain(address);
          before.add(address);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("becomes one resource for each address, at the construct of that path, and nothing else", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const registry = new EcrRegistry(stack, "registry", everything);
    const paths = registry.node.findAll().flatMap(({ node }) => {
      const isResource = "terraformResourceType" in (node.scope?.node.tryFindChild(node.id) ?? {});
      return isResource ? [node.path.replace(/^stack\/registry\//, "").replace(/\/Resource$/, "")] : [];
    });
    expect(paths.sort()).toEqual(
      planRegistry(everything)
        .resources.map(({ address }) => address)
        .sort(),
    );
  });
});

describe("registryErrors", () => {
  const withTemplates = (count: number): Registry => {
    const templates = Array.from({ length: count }, (_, index) => ({
      prefix: `${"long-prefix/".repeat(10)}a${index}`,
    }));
    return { ...SCOPE, caches: [], templates, scanning: "unmanaged" };
  };

  test("counts every policy of the plan, also one that names a key which AWS has not made yet", () => {
    expect(registryErrors(withTemplates(50))).toEqual([]);
    expect(registryErrors(withTemplates(65)).map(({ path, message }) => [path.join("."), message])).toEqual([
      [
        "repositories.customRoleArn",
        expect.stringMatching(/^must make a role's inline policy of at most 10240 characters, but makes 1\d{4}$/),
      ],
    ]);
  });
});
