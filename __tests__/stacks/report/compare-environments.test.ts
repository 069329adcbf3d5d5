import { compareEnvironments, Environment } from "../../../stacks";

const one: Environment = {
  name: "one",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local", path: "state" },
  caches: [{ upstream: "quay" }],
};

/** What differs between the environment above and a changed one. */
function changed(change: Partial<Environment>) {
  return compareEnvironments([one, { ...one, ...change }]);
}

describe("compareEnvironments", () => {
  test("finds nothing where only the name differs", () => {
    expect(changed({ name: "two" })).toEqual([]);
  });

  test("tells a setting of all environments side by side", () => {
    expect(changed({ repositories: { encryption: { type: "AES256" } } })).toEqual([
      {
        topic: "Quay",
        name: "encryption",
        values: ["with the registry's own customer key", "with keys of Amazon S3 (AES256)"],
      },
      { topic: "Quay", name: "ECR's role", values: ["the registry's own", "its service-linked role"] },
    ]);
  });

  test("tells a cache that one has not by its prefix alone", () => {
    expect(changed({ caches: [...one.caches, { upstream: "k8s" }], scanning: {} })).toEqual([
      {
        topic: "Registry",
        name: "scanning",
        values: ["basic scanning on push, of quay/*", "basic scanning on push, of kubernetes/*, quay/*"],
      },
      { topic: "Kubernetes", name: "prefix", values: [undefined, "kubernetes"] },
    ]);
  });

  const statement = {
    sid: "Ci",
    principals: [{ role: "ci" }],
    actions: ["ecr:CreateRepository"],
    prefixes: ["app"],
  } as const;
  const access = { pull: [{ role: "ci" }] };
  const secret = { type: "new-secret" } as const;
  const conditional = { StringEquals: { "aws:SourceVpc": "vpc-1" } };
  const template = { prefix: "quay" };

  test.each<[string, Partial<Environment>, Partial<Environment>]>([
    [
      "registry policy, Ci",
      { registryPolicy: { statements: [statement] } },
      { registryPolicy: { statements: [{ ...statement, effect: "Deny" }] } },
    ],
    [
      "registry policy, Ci",
      { registryPolicy: { statements: [statement] } },
      { registryPolicy: { statements: [{ ...statement, conditions: conditional }] } },
    ],
    [
      "access",
      { repositories: { access: { ...access, statements: [{ ...statement, actions: ["ecr:ListImages"] }] } } },
      {
        repositories: {
          access: { ...access, statements: [{ ...statement, actions: ["ecr:ListImages"], conditions: conditional }] },
        },
      },
    ],
    [
      "secret ecr-pullthroughcache/docker-hub",
      { caches: [{ upstream: "docker-hub", credential: secret }] },
      { caches: [{ upstream: "docker-hub", credential: { ...secret, recoveryWindowInDays: 0 } }] },
    ],
    ["imported", {}, { importExisting: true }],
    ["description", { templates: [template] }, { templates: [{ ...template, description: "all of Quay" }] }],
  ])("tells that %s differs", (name, first, second) => {
    const differences = compareEnvironments([
      { ...one, ...first },
      { ...one, ...second },
    ]);
    expect(differences.map((difference) => difference.name)).toEqual([name]);
  });

  test("compares caches by their upstream, whatever their prefix is", () => {
    const differences = changed({ caches: [{ upstream: "quay", prefix: "qa" }], scanning: "unmanaged" });
    expect(differences.map(({ topic, name, values }) => [topic, name, values])).toEqual([
      ["Registry", "scanning", ["basic scanning on push, of quay/*", "managed elsewhere"]],
      ["Quay", "prefix", ["quay", "qa"]],
    ]);
  });

  test("tells apart two caches of kinds that have many registries, and a template inside a cache", () => {
    const azure = { upstream: "azure-container-registry", credential: { type: "new-secret" } } as const;
    const caches = [
      ...one.caches,
      { ...azure, registryName: "contoso", prefix: "az1" },
      { ...azure, registryName: "fabrikam", prefix: "az2" },
    ];
    const templates = [{ prefix: "quay/org", imageTagMutability: "MUTABLE" as const }];
    const topics = changed({ caches, templates }).map(({ topic }) => topic);
    expect([...new Set(topics)]).toEqual([
      "Registry",
      "Azure Container Registry (contoso.azurecr.io)",
      "Azure Container Registry (fabrikam.azurecr.io)",
      "Quay under quay/org",
    ]);
  });
});
