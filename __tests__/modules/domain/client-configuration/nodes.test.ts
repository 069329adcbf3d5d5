import { parse } from "smol-toml";
import { parse as parseYaml } from "yaml";
import {
  buildkitMirrors,
  containerdHosts,
  containersRegistries,
  dockerHosts,
  eksUserData,
  karpenterPatch,
  kubeletCredentials,
  setupBuildxSteps,
  unservedByNodes,
} from "../../../../modules/domain/client-configuration";
import { cache, DOCKER_HUB, ECR_PUBLIC, QUAY, REGISTRY } from "./caches";

const GHCR_AT_ROOT = cache("ghcr.io", "ROOT");
const KUBERNETES = cache("registry.k8s.io", "kubernetes");

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

  test("leaves out registry.k8s.io, from which containerd pulls without credentials, unless it is requested", () => {
    const paths = (kubernetesRegistry?: boolean) =>
      containerdHosts([KUBERNETES, QUAY], { kubernetesRegistry }).map(({ path }) => path);

    expect(paths()).toEqual(["quay.io/hosts.toml"]);
    expect(paths(false)).toEqual(["quay.io/hosts.toml"]);
    expect(paths(true)).toEqual(["registry.k8s.io/hosts.toml", "quay.io/hosts.toml"]);
  });

  test("tells what it leaves out, and why", () => {
    expect(unservedByNodes([KUBERNETES, ECR_PUBLIC, QUAY])).toEqual([
      { name: "registry.k8s.io", reason: "containerd pulls the pause image without credentials" },
      {
        name: "public.ecr.aws",
        reason: "the kubelet has a token of this upstream, which the cache does not accept",
      },
    ]);
    expect(unservedByNodes([KUBERNETES, QUAY], { kubernetesRegistry: true })).toEqual([]);
  });
});

describe("dockerHosts", () => {
  test("serves all upstreams, as Docker looks credentials up by the host that it asks", () => {
    expect(dockerHosts([DOCKER_HUB, ECR_PUBLIC, KUBERNETES]).map(({ path }) => path)).toEqual([
      "docker.io/hosts.toml",
      "public.ecr.aws/hosts.toml",
      "registry.k8s.io/hosts.toml",
    ]);
    expect(dockerHosts([DOCKER_HUB])).toEqual(containerdHosts([DOCKER_HUB]));
  });
});

describe("kubeletCredentials", () => {
  const provider = (content: string) => JSON.parse(content).providers[0];

  test("asks the provider about the upstreams too, in the region of the registry", () => {
    const { path, content } = kubeletCredentials([DOCKER_HUB, ECR_PUBLIC, QUAY]);

    expect(path).toBe("credential-provider-config.json");
    expect(JSON.parse(content)).toEqual({
      apiVersion: "kubelet.config.k8s.io/v1",
      kind: "CredentialProviderConfig",
      providers: [
        {
          name: "ecr-credential-provider",
          matchImages: [
            "*.dkr.ecr.*.amazonaws.com",
            "*.dkr-ecr.*.on.aws",
            "*.dkr.ecr.*.amazonaws.com.cn",
            "*.dkr-ecr.*.on.amazonwebservices.com.cn",
            "*.dkr.ecr-fips.*.amazonaws.com",
            "*.dkr-ecr-fips.*.on.aws",
            "*.dkr.ecr.*.c2s.ic.gov",
            "*.dkr.ecr.*.sc2s.sgov.gov",
            "*.dkr.ecr.*.cloud.adc-e.uk",
            "*.dkr.ecr.*.csp.hci.ic.gov",
            "*.dkr.ecr.*.amazonaws.eu",
            "public.ecr.aws",
            "ecr-public.aws.com",
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

  test("asks about no upstream without a hosts.toml, to which the token would go", () => {
    const hostsOf = (files: readonly { path: string }[]) => files.map(({ path }) => path.split("/")[0]);
    const caches = [KUBERNETES, QUAY, ECR_PUBLIC, DOCKER_HUB];

    for (const options of [{}, { kubernetesRegistry: true }]) {
      const { matchImages } = provider(kubeletCredentials(caches, options).content) as { matchImages: string[] };
      expect(matchImages.slice(13)).toEqual(hostsOf(containerdHosts(caches, options)));
    }
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

describe("setupBuildxSteps", () => {
  test("logs in to the account of the registry and hands the same sections to the builder", () => {
    const { path, content } = setupBuildxSteps([DOCKER_HUB, QUAY]);

    expect(path).toBe("setup-buildx.yml");
    expect(parseYaml(content)).toEqual([
      { uses: "aws-actions/amazon-ecr-login@v2", with: { registries: "111122223333" } },
      {
        uses: "docker/setup-buildx-action@v4",
        with: { "buildkitd-config-inline": buildkitMirrors([DOCKER_HUB, QUAY]).content },
      },
    ]);
  });

  test("leaves the account to the job if the host does not tell it", () => {
    const [login] = parseYaml(setupBuildxSteps([{ ...QUAY, registryHost: "registry.example.com" }]).content);

    expect(login).toEqual({ uses: "aws-actions/amazon-ecr-login@v2" });
  });
});

describe("containersRegistries", () => {
  test("moves each upstream to its cache, and short names to Docker Hub", () => {
    const { path, content } = containersRegistries([DOCKER_HUB, QUAY]);

    expect(path).toBe("50-pull-through-cache.conf");
    expect(content).toBe(`unqualified-search-registries = ["docker.io"]

[[registry]]
prefix = "docker.io"
location = "${REGISTRY}/docker-hub"

[[registry]]
prefix = "quay.io"
location = "${REGISTRY}/team/quay"
`);
    expect(parse(content)).toEqual({
      "unqualified-search-registries": ["docker.io"],
      registry: [
        { prefix: "docker.io", location: `${REGISTRY}/docker-hub` },
        { prefix: "quay.io", location: `${REGISTRY}/team/quay` },
      ],
    });
  });

  test("says nothing about short names if Docker Hub is not cached", () => {
    expect(parse(containersRegistries([QUAY]).content)).toEqual({
      registry: [{ prefix: "quay.io", location: `${REGISTRY}/team/quay` }],
    });
  });
});

describe("eksUserData", () => {
  const CREDENTIALS = "/etc/eks/pull-through-cache/credential-provider-config.json";
  const { path, content } = eksUserData([DOCKER_HUB, QUAY]);
  /** The parts of the MIME document: their headers and their bodies. */
  const parts = content
    .split(/^--PULL-THROUGH-CACHE(?:--)?$/m)
    .slice(1, -1)
    .map((part) => part.split(/\n\n([^]*)/) as [headers: string, body: string]);

  test("is a MIME document of a NodeConfig and a script", () => {
    expect(path).toBe("user-data.txt");
    expect(
      content.startsWith('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="PULL-THROUGH-CACHE"\n\n'),
    ).toBe(true);
    expect(content.endsWith("\n--PULL-THROUGH-CACHE--\n")).toBe(true);
    expect(parts.map(([headers]) => headers.trim())).toEqual([
      "Content-Type: application/node.eks.aws",
      'Content-Type: text/x-shellscript; charset="us-ascii"',
    ]);
  });

  test("points the kubelet to a file that nodeadm does not write again", () => {
    expect(parseYaml(parts[0]![1])).toEqual({
      apiVersion: "node.eks.aws/v1alpha1",
      kind: "NodeConfig",
      spec: { kubelet: { flags: [`--image-credential-provider-config=${CREDENTIALS}`] } },
    });
  });

  test("writes the credentials last, after containerd has been found to read its files", () => {
    const script = parts[1]![1];
    const lines = script.split("\n").filter((line) => /^(#!|set |cd |cat |if |  exit )/.test(line));

    expect(lines).toEqual([
      "#!/bin/bash",
      "set -euo pipefail",
      "cd /etc/containerd/certs.d",
      "cat >docker.io/hosts.toml <<'END'",
      "cat >quay.io/hosts.toml <<'END'",
      'if ! containerd config dump | grep -E "config_path = .*/etc/containerd/certs.d" >/dev/null; then',
      "  exit 1",
      "cd /etc/eks/pull-through-cache",
      "cat >credential-provider-config.json <<'END'",
    ]);
    for (const file of [...containerdHosts([DOCKER_HUB, QUAY]), kubeletCredentials([DOCKER_HUB, QUAY])]) {
      expect(script).toContain(`cat >${file.path} <<'END'\n${file.content}END\n`);
    }
  });

  test("fits into the user data of an instance with as many caches as ECR has room for", () => {
    const caches = Array.from({ length: 50 }, (_, index) => cache(`registry-${index}.example.com`, `prefix-${index}`));

    expect(eksUserData(caches).content.length).toBeLessThan(16_384);
  });

  test("is what Karpenter adds to its own", () => {
    const patch = karpenterPatch([DOCKER_HUB, QUAY]);

    expect(patch.path).toBe("ec2nodeclass-patch.yaml");
    expect(parseYaml(patch.content)).toEqual({ spec: { userData: content } });
  });
});
