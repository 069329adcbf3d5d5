import fc from "fast-check";
import { cachePrefix, formatImageReference, Registry, resolveImage, resolveUri } from "../../../../modules";

const credential = { type: "new-secret" } as const;
const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [
    { upstream: "docker-hub", prefix: "prod", credential },
    { upstream: "quay" },
    { upstream: "k8s" },
    { upstream: "azure-container-registry", registryName: "contoso", credential },
  ],
  templates: [{ prefix: "prod/library", imageTagMutability: "IMMUTABLE" }, { prefix: "ROOT" }],
};
const HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function only(name: string, description: Registry = registry) {
  const resolution = resolveImage(name, description);
  if ("diagnostics" in resolution) throw new Error(JSON.stringify(resolution.diagnostics));
  expect(resolution.images).toHaveLength(1);
  return resolution.images[0]!;
}

describe("resolveImage", () => {
  test.each([
    ["nginx", "prod/library/nginx"],
    ["nginx:1.27", "prod/library/nginx:1.27"],
    ["docker.io/library/nginx", "prod/library/nginx"],
    ["index.docker.io/grafana/grafana:11", "prod/grafana/grafana:11"],
    ["quay.io/prometheus/node-exporter:v1", "quay/prometheus/node-exporter:v1"],
    ["QUAY.IO/prometheus/node-exporter:v1", "quay/prometheus/node-exporter:v1"],
    ["DOCKER.IO/nginx", "prod/library/nginx"],
    ["registry.k8s.io/pause:3.10", "kubernetes/pause:3.10"],
    [`registry.k8s.io/pause:3.10@${DIGEST}`, `kubernetes/pause:3.10@${DIGEST}`],
    ["contoso.azurecr.io/team/app:1", "azure/team/app:1"],
  ])("pulls %s as <host>/%s", (name, expected) => {
    expect(only(name).uri).toBe(`${HOST}/${expected}`);
  });

  test("knows an image by its URI in the registry, as a pod names it", () => {
    const uri = `${HOST}/prod/library/nginx:1.27`;
    expect(only(uri)).toEqual(only("nginx:1.27"));
    const twice = {
      ...registry,
      caches: [{ upstream: "quay", prefix: "a" } as const, { upstream: "quay", prefix: "b" } as const],
    };
    expect(only(`${HOST}/b/org/app`, twice).repository).toBe("b/org/app");
    expect(resolveImage(`${HOST}/own/app`, registry)).toEqual({
      diagnostics: [expect.objectContaining({ message: "lies under the prefix of no cache" })],
    });
  });

  test("takes a template only if it is for pulls", () => {
    const templates = [{ prefix: "quay", appliedFor: ["REPLICATION" as const] }];
    expect(only("quay.io/org/app", { ...registry, templates }).template).toBeUndefined();
  });

  test("tells the rule, the repository, its template and what the puller must be allowed", () => {
    const { cache, repository, template, upstream, actions } = only("nginx:1.27");
    expect({
      prefix: cache.prefix,
      repository,
      template: template?.prefix,
      mutability: template?.imageTagMutability,
    }).toEqual({
      prefix: "prod",
      repository: "prod/library/nginx",
      template: "prod/library",
      mutability: "IMMUTABLE",
    });
    expect(formatImageReference(upstream)).toBe("docker.io/library/nginx:1.27");
    expect([...actions].sort()).toEqual([
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:BatchImportUpstreamImage",
      "ecr:CreateRepository",
      "ecr:GetDownloadUrlForLayer",
    ]);
  });

  test("takes the template of the longest prefix, else ROOT, else the cache's own", () => {
    expect(only("grafana/grafana").template?.prefix).toBe("ROOT");
    expect(only("quay.io/a/b", { ...registry, templates: [] }).template?.prefix).toBe("quay");
  });

  test("offers every cache of an upstream, in their order", () => {
    const caches = [{ upstream: "quay" }, { upstream: "quay", prefix: "team" }] as const;
    const resolution = resolveImage("quay.io/a/b", { ...registry, caches });
    expect("images" in resolution && resolution.images.map(({ repository }) => repository)).toEqual([
      "quay/a/b",
      "team/a/b",
    ]);
  });

  test("puts nothing before an image that is cached under ROOT", () => {
    expect(only("quay.io/a/b:1", { ...registry, caches: [{ upstream: "quay", prefix: "ROOT" }] }).uri).toBe(
      `${HOST}/a/b:1`,
    );
  });

  test.each([
    [
      "ghcr.io/org/app:1",
      'add the cache { upstream: "github-container-registry", credential: { type: "new-secret" } }',
    ],
    ["public.ecr.aws/nginx/nginx", 'add the cache { upstream: "ecr-public" }'],
    [
      "444455556666.dkr.ecr.eu-west-1.amazonaws.com/app",
      'add the cache { upstream: "ecr", upstreamRegistry: { accountId: "444455556666", region: "eu-west-1" } }',
    ],
    [
      "Fabrikam.azurecr.io/app",
      'add the cache { upstream: "azure-container-registry", registryName: "fabrikam", credential: { type: "new-secret" } }',
    ],
  ])("says for %s which cache is missing", (name, fix) => {
    expect(resolveImage(name, registry)).toEqual({
      diagnostics: [
        { severity: "error", path: [], message: expect.stringMatching(/, which no cache serves$/), value: name, fix },
      ],
    });
  });

  test("says that ECR cannot cache a registry that it does not know", () => {
    expect(resolveImage("gcr.io/distroless/static", registry, ["image"])).toEqual({
      diagnostics: [
        {
          severity: "error",
          path: ["image"],
          message: "comes from gcr.io, which ECR cannot cache",
          value: "gcr.io/distroless/static",
          fix: expect.stringMatching(/ECR can cache Docker Hub, Quay, .* only$/),
        },
      ],
    });
  });

  test("passes on what is wrong with the name itself", () => {
    expect(resolveImage("quay.io/Org/App", registry)).toMatchObject({ diagnostics: [{ value: expect.anything() }] });
  });

  test("allows repository names of 256 characters, and no more", () => {
    const path = (length: number) => `quay.io/${"a".repeat(length - "quay/".length)}`;
    expect(only(path(256)).repository).toHaveLength(256);
    expect(resolveImage(path(257), registry)).toEqual({
      diagnostics: [
        {
          severity: "error",
          path: [],
          message: "would need a repository name of 257 characters, of which ECR allows 256",
          value: path(257),
          fix: "cache its upstream under a shorter prefix",
          code: "repository-name-too-long",
        },
      ],
    });
  });
});

describe("a cache of a part of another ECR registry", () => {
  const HUB = "444455556666.dkr.ecr.us-east-1.amazonaws.com";
  const upstreamRegistry = { accountId: "444455556666", region: "us-east-1" };
  const spoke: Registry = {
    ...registry,
    caches: [{ upstream: "ecr", upstreamRegistry, prefix: "hub", upstreamRepositoryPrefix: "prod" }],
    templates: [],
  };

  test("puts its own prefix in the place of the upstream's, and back", () => {
    const { uri } = only(`${HUB}/prod/library/nginx:1.27`, spoke);
    expect(uri).toBe(`${HOST}/hub/library/nginx:1.27`);
    const back = resolveUri(uri, spoke);
    expect("upstream" in back && formatImageReference(back.upstream)).toBe(`${HUB}/prod/library/nginx:1.27`);
  });

  test("serves nothing else of the upstream", () => {
    expect(resolveImage(`${HUB}/team/app`, spoke)).toHaveProperty("diagnostics");
  });
});

describe("resolveUri", () => {
  test.each([
    [`${HOST}/prod/library/nginx:1.27`, "docker.io/library/nginx:1.27"],
    [`${HOST}/kubernetes/pause@${DIGEST}`, `registry.k8s.io/pause@${DIGEST}`],
    [`${HOST}/azure/team/app`, "contoso.azurecr.io/team/app"],
  ])("finds for %s the image %s", (uri, expected) => {
    const found = resolveUri(uri, registry);
    expect("upstream" in found && formatImageReference(found.upstream)).toBe(expected);
  });

  test.each([
    [`${HOST}/own/app:1`, "lies under the prefix of no cache"],
    [`${HOST}/prod`, "lies under the prefix of no cache"],
    ["444455556666.dkr.ecr.us-east-1.amazonaws.com/prod/a", "must be an image of this registry"],
    ["nginx", "must be an image of this registry"],
  ])("finds nothing for %s", (uri, what) => {
    expect(resolveUri(uri, registry)).toEqual({
      diagnostics: [expect.objectContaining({ message: what, value: uri })],
    });
  });

  test("is the inverse of resolveImage", () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const image = fc.tuple(
      fc.constantFrom("docker.io/org", "quay.io", "registry.k8s.io", "contoso.azurecr.io"),
      fc.array(component, { minLength: 1, maxLength: 3 }),
      fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,8}$/),
    );
    fc.assert(
      fc.property(image, ([host, path, tag]) => {
        const name = `${host}/${path.join("/")}:${tag}`;
        const { uri, cache } = only(name);
        expect(uri.startsWith(`${HOST}/${cachePrefix(cache.cache)}/`)).toBe(true);
        const back = resolveUri(uri, registry);
        expect("upstream" in back && formatImageReference(back.upstream)).toBe(name);
      }),
    );
  });
});
