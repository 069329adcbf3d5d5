import {
  checkRegistry,
  clientCaches,
  explainPull,
  formatDiagnostic,
  Registry,
  registryHost,
  RegistryEndpoint,
  upstreamRegistryUrl,
} from "../../../../modules";

const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [{ upstream: "quay" }],
};

test.each<[string, RegistryEndpoint | undefined, string]>([
  ["us-east-1", undefined, "111122223333.dkr.ecr.us-east-1.amazonaws.com"],
  ["us-east-1", "ipv4", "111122223333.dkr.ecr.us-east-1.amazonaws.com"],
  ["us-east-1", "dual-stack", "111122223333.dkr-ecr.us-east-1.on.aws"],
  ["us-gov-west-1", "fips", "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com"],
  ["cn-north-1", "dual-stack", "111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"],
])("in %s, the endpoint %s is %s", (region, endpoint, host) => {
  expect(registryHost({ ...registry, region, endpoint })).toBe(host);
});

test("clients and explanations name the endpoint, and rules name the upstream's IPv4 host", () => {
  const dual = { ...registry, endpoint: "dual-stack" } as const;
  expect(clientCaches(dual)[0]!.registryHost).toBe("111122223333.dkr-ecr.us-east-1.on.aws");
  const explained = explainPull("quay.io/a/b:1.0.0", dual);
  if ("diagnostics" in explained) throw new Error("refused");
  expect(explained.pulls[0]!.uri).toBe("111122223333.dkr-ecr.us-east-1.on.aws/quay/a/b:1.0.0");
  expect(explained.pulls[0]).not.toHaveProperty("firstPull");
  const upstream = { upstream: "ecr", upstreamRegistry: dual } as const;
  const { endpoint: _, ...ipv4 } = dual;
  expect(upstreamRegistryUrl({ ...upstream, upstreamRegistry: ipv4 })).toBe(registryHost(registry));
  expect(checkRegistry(dual)).toEqual([]);
});

test("a FIPS endpoint imports nothing: a warning, and the host of the first pull", () => {
  const fips = { ...registry, endpoint: "fips" } as const;
  expect(checkRegistry(fips).map(({ code }) => code)).toEqual(["fips-cannot-import"]);
  const explained = explainPull("quay.io/a/b:1.0.0", fips);
  if ("diagnostics" in explained) throw new Error("refused");
  expect(explained.pulls[0]!.firstPull).toBe(
    "ECR imports no image through a FIPS endpoint: the first pull must name 111122223333.dkr.ecr.us-east-1.amazonaws.com/quay/a/b:1.0.0",
  );
});

test("refuses another endpoint", () => {
  expect(checkRegistry({ ...registry, endpoint: "ipv6" as never }).map(formatDiagnostic)).toEqual([
    'endpoint is not a known value, got "ipv6"; write "ipv4", "dual-stack" or "fips"',
  ]);
});
