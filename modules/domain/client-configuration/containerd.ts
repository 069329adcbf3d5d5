import { ROOT_PREFIX } from "../naming";
import { ClientCache, GeneratedFile } from "./client-cache";
import { usesOwnAwsToken } from "./kubelet-credentials";

/**
 * A `hosts.toml` for each upstream, for containerd's `config_path`: `docker.io/hosts.toml`. Names stay as they are in
 * pods, only the requests go to ECR.
 *
 * containerd has no credentials of its own; `kubeletCredentials` makes the file that lets the kubelet hand them over.
 * Upstreams in AWS are left out, because for them the kubelet hands over a token of the upstream.
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function containerdHosts(caches: readonly ClientCache[]): GeneratedFile[] {
  return caches
    .filter((cache) => !usesOwnAwsToken(cache.upstreamHost))
    .map((cache) => ({ path: `${cache.upstreamHost}/hosts.toml`, content: hostsToml(cache) }));
}

/**
 * `/v2` stands before the prefix, where the registry API has it, and `override_path` keeps containerd from adding it
 * once more at the end.
 *
 * The cache is the `server`, not a `host` in front of the upstream: containerd gives the kubelet's credentials to
 * whichever host asks for them, so falling back to the upstream would show it the token of the registry.
 *
 * The empty table is for containerd 1.x, most releases of which ignore a file without one and pull from the upstream.
 *
 * @see https://github.com/containerd/containerd/blob/main/internal/cri/server/images/image_pull.go
 * @see https://github.com/containerd/containerd/issues/10027
 */
function hostsToml({ registryHost, prefix }: ClientCache): string {
  return `server = "https://${registryHost}/v2${prefix === ROOT_PREFIX ? "" : `/${prefix}`}"
capabilities = ["pull", "resolve"]
override_path = true

[host]
`;
}
