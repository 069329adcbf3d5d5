import { cachedImage, checkClientCaches, ClientCache } from "../../../../modules/domain/client-configuration";
import { formatImageReference, parseImageReference } from "../../../../modules/domain/image/image-reference";
import { formatDiagnostic } from "../../../../modules/domain/basics/diagnostic";
import { cache, DOCKER_HUB, ECR_PUBLIC, QUAY, REGISTRY } from "./caches";

const complaints = (...caches: ClientCache[]) => checkClientCaches(caches, ["caches"]).map(formatDiagnostic);

describe("checkClientCaches", () => {
  test("accepts caches of different upstreams in one registry, under a prefix or none", () => {
    expect(complaints(DOCKER_HUB, QUAY, ECR_PUBLIC, cache("ghcr.io", "ROOT"))).toEqual([]);
  });

  test("accepts values that only Terraform knows", () => {
    const token = "${TfToken[TOKEN.1]}";
    const registryHost = `${token}.dkr.ecr.us-east-1.amazonaws.com`;

    expect(complaints({ upstreamHost: token, registryHost, prefix: token })).toEqual([]);
  });

  test.each(["registry-1.docker.io", "index.docker.io", "hub.docker.com"])(
    "refuses %s, with which no image name should start",
    (host) => {
      expect(complaints(cache(host, "docker-hub"))).toEqual([
        `caches[0].upstreamHost must be the host that image names start with, got "${host}"; write "docker.io"`,
      ]);
    },
  );

  test.each(["https://quay.io", "quay.io/", "Quay.io", "quay", 'quay.io"', ""])("refuses %j as an upstream", (host) => {
    expect(complaints(cache(host, "quay"))).toEqual([
      `caches[0].upstreamHost must be a host in lower case, without scheme or path, got ${JSON.stringify(host)}; write e.g. "quay.io"`,
    ]);
  });

  test("refuses a registry as its own upstream", () => {
    expect(complaints(cache(REGISTRY, "ecr"))).toEqual([
      `caches[0].upstreamHost must not be the registry with the cache, got "${REGISTRY}"; write the upstream's host`,
    ]);
  });

  test("refuses a second cache of an upstream", () => {
    expect(complaints(QUAY, DOCKER_HUB, cache("quay.io", "other"))).toEqual([
      'caches[2].upstreamHost must differ from the upstream of cache 0, since a client looks for an image in one cache only, got "quay.io"; choose one of the two caches for clients',
    ]);
  });

  test("refuses a second registry", () => {
    const registryHost = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

    expect(complaints(QUAY, { ...DOCKER_HUB, registryHost })).toEqual([
      `caches[1].registryHost must be ${REGISTRY} like that of cache 0, got "${registryHost}"; generate files for each registry apart`,
    ]);
  });

  test("refuses what is no registry host, and prefixes that no rule can have", () => {
    expect(complaints({ ...QUAY, registryHost: "https://x.io", prefix: "Quay/" })).toEqual([
      'caches[0].registryHost must be a host in lower case, without scheme or path, got "https://x.io"; write e.g. "111122223333.dkr.ecr.us-east-1.amazonaws.com"',
      expect.stringContaining("caches[0].prefix must be lower-case letters and digits"),
    ]);
  });
});

describe("cachedImage", () => {
  const caches = [DOCKER_HUB, QUAY, cache("ghcr.io", "ROOT")];
  const digest = `sha256:${"0f".repeat(32)}`;
  const imageInCache = (text: string) => {
    const parsed = parseImageReference(text);
    const cached = "reference" in parsed ? cachedImage(parsed.reference, caches) : undefined;
    return cached === undefined ? undefined : formatImageReference(cached);
  };

  test.each([
    ["nginx:1.27", `${REGISTRY}/docker-hub/library/nginx:1.27`],
    ["bitnami/redis", `${REGISTRY}/docker-hub/bitnami/redis`],
    ["Docker.io/nginx", `${REGISTRY}/docker-hub/library/nginx`],
    [`quay.io/a/b:1@${digest}`, `${REGISTRY}/team/quay/a/b:1@${digest}`],
    ["Quay.IO/app", `${REGISTRY}/team/quay/app`],
    ["ghcr.io/a/b", `${REGISTRY}/a/b`],
  ])("finds %s at %s", (image, cached) => {
    expect(imageInCache(image)).toBe(cached);
  });

  test.each(["gcr.io/a/b", "quay.io:443/a/b", `${REGISTRY}/docker-hub/library/nginx`])("leaves %s alone", (image) => {
    expect(imageInCache(image)).toBeUndefined();
  });
});
