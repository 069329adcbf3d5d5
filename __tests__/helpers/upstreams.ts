import { ExistingSecret, PullThroughCache } from "../../modules";

/** A cache of each upstream with what must be given, the host that its rule names, and its prefix. */
export function caches(credential: ExistingSecret): [PullThroughCache<ExistingSecret>, string, string][] {
  return [
    [{ upstream: "ecr-public" }, "public.ecr.aws", "ecr-public"],
    [{ upstream: "k8s" }, "registry.k8s.io", "kubernetes"],
    [{ upstream: "quay" }, "quay.io", "quay"],
    [{ upstream: "docker-hub", credential }, "registry-1.docker.io", "docker-hub"],
    [{ upstream: "github-container-registry", credential }, "ghcr.io", "github"],
    [{ upstream: "gitlab-container-registry", credential }, "registry.gitlab.com", "gitlab"],
    [{ upstream: "chainguard", credential }, "cgr.dev", "chainguard"],
    [{ upstream: "azure-container-registry", registryName: "contoso", credential }, "contoso.azurecr.io", "azure"],
  ];
}
