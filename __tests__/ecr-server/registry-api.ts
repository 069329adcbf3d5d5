import { EcrError } from "./ecr-error";
import { EcrRegistryState } from "./ecr-registry-state";

/** An answer of the registry's HTTP API. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MANIFEST = /^\/v2\/(.+)\/manifests\/([^/]+)$/;

/** The repository and tag that a request for a manifest names. */
export function manifestOf(url: string): { readonly repositoryName: string; readonly tag: string } | undefined {
  const [, repositoryName, tag] = MANIFEST.exec(url) ?? [];
  return repositoryName === undefined || tag === undefined ? undefined : { repositoryName, tag };
}

/** What a container runtime is told when it asks for a manifest: under a rule, ECR imports the image first. */
export function answerManifest(
  state: EcrRegistryState,
  url: string,
  authorization: string | undefined,
): RegistryAnswer {
  const token = Buffer.from(`AWS:token-of-${state.identity.accountId}`).toString("base64");
  if (authorization !== `Basic ${token}`) return refusal(401, "UNAUTHORIZED", "authentication required");
  const { repositoryName, tag } = manifestOf(url)!;
  try {
    const { image } = state.pull(repositoryName, { tag });
    const headers = { "content-type": image.mediaType, "docker-content-digest": image.digest };
    return { status: 200, headers, body: JSON.stringify({ schemaVersion: 2, mediaType: image.mediaType }) };
  } catch (error) {
    if (!(error instanceof EcrError)) throw error;
    if (error.name === "RepositoryNotFoundException") return refusal(404, "NAME_UNKNOWN", error.message);
    if (error.name === "UnableToGetUpstreamImageException") return refusal(403, "DENIED", error.message);
    return refusal(404, "MANIFEST_UNKNOWN", error.message);
  }
}

export function refusal(status: number, code: string, message: string): RegistryAnswer {
  const body = JSON.stringify({ errors: [{ code, message }] });
  return { status, headers: { "content-type": "application/json" }, body };
}
