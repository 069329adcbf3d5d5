import { checkCollisions, formatDiagnostic, planRegistry, Registry } from "../../../../modules/domain";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const plain = { encryption: { type: "AES256" as const } };
const one: Registry = { ...SCOPE, caches: [{ upstream: "quay" }], repositories: plain };

/** What a description must not say beside the one above and another. */
function beside(registry: Omit<Registry, "accountId" | "region">, ...others: Registry[]): string[] {
  const all = [one, ...others].map((other, index) => ({ name: `stack-${index}`, plan: planRegistry(other) }));
  return checkCollisions(planRegistry({ ...SCOPE, ...registry }), all).map(formatDiagnostic);
}

const unmanaged = { scanning: "unmanaged", registryPolicy: "unmanaged" } as const;
const k8s = { upstream: "k8s" } as const;
const hub = { upstream: "docker-hub", credential: { type: "new-secret" } } as const;

test("a description alone is never in its own way", () => {
  expect(checkCollisions(planRegistry(one), [])).toEqual([]);
});

test("two descriptions can share a registry if they share nothing in it", () => {
  expect(beside({ caches: [k8s], repositories: plain, ...unmanaged })).toEqual([]);
});

test("both write the scanning configuration", () => {
  expect(beside({ caches: [k8s], repositories: plain })).toEqual([
    "scanning must not be managed here: stack-0 manages the scanning configuration of the same account and Region, and a " +
      'registry has only one; write "unmanaged" in one of the two, or describe them as one environment [two-owners]',
  ]);
});

test("both write the registry policy", () => {
  const pullers = [{ role: "puller" }];
  const other = { ...one, caches: [hub], pullers, scanning: "unmanaged" as const };
  expect(beside({ caches: [k8s], repositories: plain, pullers, scanning: "unmanaged" }, other)).toEqual([
    "registryPolicy must not be managed here: stack-1 manages the registry policy of the same account and Region, and a registry " +
      'has only one; write "unmanaged" in one of the two, or describe them as one environment [two-owners]',
  ]);
});

test.each(["quay", "quay/io", "ROOT"])("both cache %s", (prefix) => {
  expect(beside({ caches: [{ ...k8s, prefix }], repositories: plain, ...unmanaged })).toEqual([
    'caches[0].prefix overlaps the cache "quay" of stack-0 in the same account and Region, ' +
      `got "${prefix}"; use separate prefixes, or cache it in one of them only [overlapping-caches]`,
  ]);
});

test("both have a template for a prefix", () => {
  const templates = [{ prefix: "app" }];
  const other: Registry = { ...one, ...unmanaged, caches: [], templates };
  expect(beside({ caches: [k8s], templates, repositories: plain, ...unmanaged }, other)).toEqual([
    "templates[0] must not create a template for the prefix app, which stack-1 creates in the same account and " +
      "Region; keep one of the two [two-owners]",
  ]);
});

test("both create the role, the key and a secret", () => {
  const other: Registry = { ...SCOPE, ...unmanaged, caches: [hub] };
  const caches = [{ ...hub, prefix: "hub" }];
  expect(beside({ caches, ...unmanaged }, other).map((text) => text.replace(/;.*/, ""))).toEqual([
    "repositories.customRoleArn must not create the role EcrRepositoryCreation-us-east-1, which stack-1 creates in the same account and Region",
    "repositories.encryption must not create the key with the alias alias/ecr-pull-through-cache, which stack-1 creates in the same account and Region",
    "caches[0].credential must not create the secret ecr-pullthroughcache/docker-hub, which stack-1 creates in the same account and Region",
  ]);
});

test("together they have more rules than a registry keeps", () => {
  const caches = Array.from({ length: 50 }, (_, index) => ({ ...k8s, prefix: `k8s-${index}` }));
  expect(beside({ caches: caches.slice(1), repositories: plain, ...unmanaged })).toEqual([]);
  expect(beside({ caches, repositories: plain, ...unmanaged })).toEqual([
    "caches must be at most 50 with those of stack-0, but are 51; ECR keeps no more rules in one registry; use another " +
      "Region or account [too-many-caches]",
  ]);
});
