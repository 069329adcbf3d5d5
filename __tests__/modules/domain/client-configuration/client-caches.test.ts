import { cachesWithoutClients, checkClientCaches, clientCaches, Registry } from "../../../../modules";

const credential = { type: "new-secret" } as const;
const hub = { accountId: "444455556666", region: "us-east-1" };
const registryHost = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

test("clientCaches names each upstream once, by the host that people write", () => {
  const registry: Registry = {
    accountId: "111122223333",
    region: "us-east-1",
    caches: [
      { upstream: "docker-hub", prefix: "prod", credential },
      { upstream: "docker-hub", prefix: "team", credential },
      { upstream: "quay" },
      { upstream: "azure-container-registry", registryName: "contoso", credential },
      { upstream: "ecr", upstreamRegistry: hub, prefix: "hub", upstreamRepositoryPrefix: "prod" },
    ],
  };
  const caches = clientCaches(registry);
  expect(caches).toEqual([
    { upstreamHost: "docker.io", registryHost, prefix: "prod" },
    { upstreamHost: "quay.io", registryHost, prefix: "quay" },
    { upstreamHost: "contoso.azurecr.io", registryHost, prefix: "azure" },
    { upstreamHost: "mirror.gcr.io", registryHost, prefix: "prod" },
    { upstreamHost: "registry.hub.docker.com", registryHost, prefix: "prod" },
    { upstreamHost: "docker.n8n.io", registryHost, prefix: "prod" },
  ]);
  expect(checkClientCaches(caches)).toEqual([]);
  expect(cachesWithoutClients(registry)).toEqual([
    { name: "docker.io under team", reason: "clients use the cache under prod" },
    {
      name: "444455556666.dkr.ecr.us-east-1.amazonaws.com under hub",
      reason: "clients cannot follow its upstreamRepositoryPrefix",
    },
  ]);
});
