import { ClientCache } from "../../../../modules/domain/client-configuration";

export const REGISTRY = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

export function cache(upstreamHost: string, prefix: string): ClientCache {
  return { upstreamHost, registryHost: REGISTRY, prefix };
}

export const DOCKER_HUB = cache("docker.io", "docker-hub");
export const QUAY = cache("quay.io", "team/quay");
export const ECR_PUBLIC = cache("public.ecr.aws", "ecr-public");
