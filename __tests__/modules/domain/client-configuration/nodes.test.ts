import { parse } from "smol-toml";
import {
  buildkitMirrors,
  containerdHosts,
  containersRegistries,
  kubeletCredentials,
} from "../../../../modules/domain/client-configuration";
import { cache, DOCKER_HUB, ECR_PUBLIC, QUAY, REGISTRY } from "./caches";

const GHCR_AT_ROOT = cache("ghcr.io", "ROOT");

describe("containerdHosts", () => {
  test("makes the cache the only server of an upstream", () => {
    expect(containerdHosts([DOCKER_HUB])).toEqual([
      {
        path: "docker.io/hosts.toml",
        content: `server = "https://${REGISTRY}/v2/docker-hub"
capabilities = ["pull", "resolve"]
override_path = true

[host]
`,
      },
    ]);
  });

  test("writes TOML that says so", () => {
    const files = containerdHosts([QUAY, GHCR_AT_ROOT]).map(({ path, content }) => [path, parse(content)]);
    const options = { capabilities: ["pull", "resolve"], override_path: true, host: {} };

    expect(files).toEqual([
      ["quay.io/hosts.toml", { server: `https://${REGISTRY}/v2/team/quay`, ...options }],
      ["ghcr.io/hosts.toml", { server: `https://${REGISTRY}/v2`, ...options }],
    ]);
  });

  test("leaves out upstreams for which the kubelet has a token of their own", () => {
    const ecr = cache("444455556666.dkr.ecr.eu-west-1.amazonaws.com", "ecr");
    const dualStack = cache("444455556666.dkr-ecr.eu-west-1.on.aws", "dual");

    expect(containerdHosts([ECR_PUBLIC, ecr, dualStack, QUAY]).map(({ path }) => path)).toEqual(["quay.io/hosts.toml"]);
  });
});

describe("kubeletCredentials", () => {
  const provider = (content: string) => JSON.parse(content).providers[0];

  test("asks the provider about the upstreams too, in the region of the registry", () => {
    const { path, content } = kubeletCredentials([DOCKER_HUB, ECR_PUBLIC, QUAY]);

    expect(path).toBe("config.json");
    expect(JSON.parse(content)).toEqual({
      apiVersion: "kubelet.config.k8s.io/v1",
      kind: "CredentialProviderConfig",
      providers: [
        {
          name: "ecr-credential-provider",
          matchImages: [
            "*.dkr.ecr.*.amazonaws.com",
            "*.dkr-ecr.*.on.aws",
            "*.dkr.ecr-fips.*.amazonaws.com",
            "*.dkr.ecr.*.amazonaws.eu",
            "docker.io",
            "quay.io",
          ],
          defaultCacheDuration: "12h",
          apiVersion: "credentialprovider.kubelet.k8s.io/v1",
          env: [{ name: "AWS_REGION", value: "us-east-1" }],
        },
      ],
    });
  });

  test("reads the region behind an account that only Terraform knows", () => {
    const registryHost = "${TfToken[TOKEN.1]}.dkr.ecr.eu-west-1.amazonaws.com";

    expect(provider(kubeletCredentials([{ ...QUAY, registryHost }]).content).env).toEqual([
      { name: "AWS_REGION", value: "eu-west-1" },
    ]);
  });

  test("leaves the region to the node if the host does not tell it", () => {
    expect(provider(kubeletCredentials([{ ...QUAY, registryHost: "${TfToken[TOKEN.1]}" }]).content)).not.toHaveProperty(
      "env",
    );
  });
});

describe("buildkitMirrors", () => {
  test("writes a section for each upstream", () => {
    const { path, content } = buildkitMirrors([DOCKER_HUB, ECR_PUBLIC, GHCR_AT_ROOT]);

    expect(path).toBe("buildkitd.toml");
    expect(content).toBe(`[registry."docker.io"]
  mirrors = ["${REGISTRY}/docker-hub"]

[registry."public.ecr.aws"]
  mirrors = ["${REGISTRY}/ecr-public"]

[registry."ghcr.io"]
  mirrors = ["${REGISTRY}"]
`);
    expect(parse(content)).toEqual({
      registry: {
        "docker.io": { mirrors: [`${REGISTRY}/docker-hub`] },
        "public.ecr.aws": { mirrors: [`${REGISTRY}/ecr-public`] },
        "ghcr.io": { mirrors: [REGISTRY] },
      },
    });
  });
});

describe("containersRegistries", () => {
  test("moves each upstream to its cache", () => {
    const { path, content } = containersRegistries([DOCKER_HUB, QUAY]);

    expect(path).toBe("50-pull-through-cache.conf");
    expect(content).toBe(`[[registry]]
prefix = "docker.io"
location = "${REGISTRY}/docker-hub"

[[registry]]
prefix = "quay.io"
location = "${REGISTRY}/team/quay"
`);
    expect(parse(content)).toEqual({
      registry: [
        { prefix: "docker.io", location: `${REGISTRY}/docker-hub` },
        { prefix: "quay.io", location: `${REGISTRY}/team/quay` },
      ],
    });
  });
});
