import { caches } from "../../../helpers/upstreams";
import {
  cachePrefix,
  checkPullThroughCache,
  PullThroughCache,
  upstreamRegistryUrl,
} from "../../../../modules/domain/cache/pull-through-cache";
import {
  UPSTREAM_REGISTRIES,
  UPSTREAM_REGISTRY_NAMES,
  upstreamRegistry,
} from "../../../../modules/domain/cache/upstream-registry";

const scope = { accountId: "111122223333", region: "us-east-1" };
const credential = { type: "new-secret" } as const;
const secret = {
  type: "existing-secret",
  secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/hub-Ab12Cd",
} as const;

describe("the catalogue", () => {
  test.each(caches(secret))("%j reads from %s, under %s", (cache, url, prefix) => {
    expect(upstreamRegistryUrl(cache)).toBe(url);
    expect(cachePrefix(cache)).toBe(prefix);
    expect(checkPullThroughCache(cache, scope, [])).toEqual([]);
  });

  test.each(UPSTREAM_REGISTRY_NAMES.map((name) => [name, upstreamRegistry(name)] as const))(
    "%s has a bare host, a valid prefix and an example",
    (name, { url, suggestedPrefix, exampleImage, imageHosts }) => {
      expect(url).toMatch(
        /^[a-z0-9.-]+$|^<registryName>\.azurecr\.io$|^<accountId>\.dkr\.ecr\.<region>\.amazonaws\.com$/,
      );
      expect(suggestedPrefix).toMatch(/^[a-z][a-z-]{1,29}$/);
      expect(exampleImage).toMatch(/^[a-z0-9./-]+:[a-z0-9.-]+$/);
      expect(imageHosts.length).toBeGreaterThan(0);
      expect(Object.keys(UPSTREAM_REGISTRIES)).toContain(name);
    },
  );
});

describe("checkPullThroughCache", () => {
  const problemsOf = (cache: unknown) => checkPullThroughCache(cache as PullThroughCache, scope, ["caches", 0]);

  test.each(["docker-hub", "github-container-registry", "gitlab-container-registry", "chainguard"])(
    "refuses %s without a credential, as ECR does",
    (upstream) => {
      expect(problemsOf({ upstream })).toEqual([
        {
          severity: "error",
          path: ["caches", 0, "credential"],
          message: expect.stringMatching(/^is missing: ECR refuses a rule for .+ without one$/) as string,
          fix: 'add { type: "new-secret" } to create a secret, or { type: "existing-secret", secretArn: "arn:…" }',
        },
      ]);
    },
  );

  test.each(["quay", "k8s", "ecr-public"])("refuses %s with a credential", (upstream) => {
    expect(problemsOf({ upstream, credential })).toEqual([
      {
        severity: "error",
        path: ["caches", 0, "credential"],
        message: `must be left out for ${upstreamRegistry(upstream as "quay").title}`,
        fix: "remove it: ECR reads this upstream without one",
      },
    ]);
  });

  test.each(["docker.io", "gcr.io", "toString", undefined])(
    "refuses the unknown upstream %s with the list",
    (upstream) => {
      expect(problemsOf({ upstream })).toEqual([
        {
          severity: "error",
          path: ["caches", 0, "upstream"],
          message: "must be an upstream that ECR can cache",
          value: upstream,
          fix: `choose one of ${UPSTREAM_REGISTRY_NAMES.join(", ")}`,
        },
      ]);
    },
  );

  test.each(["contoso.azurecr.io", "Contoso", "acme", "a".repeat(51), "con-toso"])(
    "refuses the Azure registry name %s",
    (registryName) => {
      expect(problemsOf({ upstream: "azure-container-registry", registryName, credential })).toEqual([
        {
          severity: "error",
          path: ["caches", 0, "registryName"],
          message: "must be 5 to 50 lower-case letters and digits",
          value: registryName,
          fix: 'write the name alone, e.g. "contoso" for contoso.azurecr.io',
        },
      ]);
    },
  );

  test.each([
    [{ upstreamRegistry: { accountId: "444455556666", region: "us-east-1" } }],
    [{ upstreamRegistry: { accountId: "111122223333", region: "eu-west-1" }, upstreamRepositoryPrefix: "prod/app" }],
    [{ upstreamRegistry: { accountId: "${var.hub}", region: "${var.region}" }, prefix: "ROOT" }],
  ])("accepts the ECR registry %j", (cache) => {
    expect(problemsOf({ upstream: "ecr", ...cache })).toEqual([]);
  });

  test.each([
    [{}, ["upstreamRegistry"]],
    [
      { upstreamRegistry: { accountId: "1", region: "mars" } },
      ["upstreamRegistry.accountId", "upstreamRegistry.region"],
    ],
    [{ upstreamRegistry: scope }, ["upstreamRegistry"]],
    [{ upstreamRegistry: { accountId: "444455556666", region: "cn-north-1" } }, ["upstreamRegistry.region"]],
    [
      { upstreamRegistry: { accountId: "444455556666", region: "us-east-1" }, upstreamRepositoryPrefix: "a/" },
      ["upstreamRepositoryPrefix"],
    ],
    [
      {
        upstreamRegistry: { accountId: "444455556666", region: "us-east-1" },
        upstreamRepositoryPrefix: "ab",
        prefix: "ROOT",
      },
      ["upstreamRepositoryPrefix"],
    ],
    [{ upstreamRegistry: { accountId: "444455556666", region: "us-east-1" }, credential }, ["credential"]],
  ])("refuses the ECR registry %j", (cache, places) => {
    expect(problemsOf({ upstream: "ecr", ...cache }).map(({ path }) => path.slice(2).join("."))).toEqual(places);
  });

  test("accepts values that only Terraform knows", () => {
    const cache: PullThroughCache = {
      upstream: "azure-container-registry",
      prefix: "${var.prefix}",
      registryName: "${var.azure}",
      credential: { type: "existing-secret", secretArn: "${var.secret}" },
    };
    expect(checkPullThroughCache(cache, scope, [])).toEqual([]);
    expect(upstreamRegistryUrl(cache)).toBe("${var.azure}.azurecr.io");
  });

  test("reports prefix and credential together", () => {
    const cache = { upstream: "docker-hub", prefix: "Prod", credential: { type: "existing-secret", secretArn: "x" } };
    expect(problemsOf(cache).map(({ path }) => path.slice(2))).toEqual([["prefix"], ["credential", "secretArn"]]);
  });
});

test("the types refuse what ECR refuses, where types can", () => {
  const wrong: PullThroughCache[] = [
    // @ts-expect-error -- Docker Hub needs a credential
    { upstream: "docker-hub" },
    // @ts-expect-error -- Quay has no use for one
    { upstream: "quay", credential },
    // @ts-expect-error -- Azure's registries have names
    { upstream: "azure-container-registry", credential },
    // @ts-expect-error -- which ECR registry?
    { upstream: "ecr" },
    // @ts-expect-error -- not one of the nine
    { upstream: "gcr.io" },
  ];
  for (const cache of wrong) expect(checkPullThroughCache(cache, scope, [])).not.toEqual([]);
});
