import { ROOT_PREFIX } from "../naming";
import { ClientCache, GeneratedFile } from "./client-cache";
import { nodeCaches, NodeOptions } from "./node-caches";

/**
 * A `hosts.toml` for each upstream, for containerd's `config_path`: `docker.io/hosts.toml`. Names stay as they are in
 * pods, only the requests go to ECR.
 *
 * containerd has no credentials of its own; `kubeletCredentials` makes the file that lets the kubelet hand them over.
 * Upstreams in AWS are left out, because for them the kubelet hands over a token of the upstream.
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function containerdHosts(caches: readonly ClientCache[], options: NodeOptions = {}): GeneratedFile[] {
  return hostsFiles(nodeCaches(caches, options));
}

/**
 * A `hosts.toml` for each upstream, for `/etc/docker/certs.d`. `docker build` of Docker Engine 28.5 follows it, and
 * authenticates to ECR with the credentials of `docker login`; Docker Engine 26 ignores it. `docker pull` of Docker
 * Engine 29 follows it without credentials and fails, so the files are for hosts that only build.
 *
 * @see https://docs.docker.com/engine/daemon/configure-registry/
 */
export function dockerHosts(caches: readonly ClientCache[]): GeneratedFile[] {
  return hostsFiles(caches);
}

function hostsFiles(caches: readonly ClientCache[]): GeneratedFile[] {
  return caches.map((cache) => ({ path: `${cache.upstreamHost}/hosts.toml`, content: hostsToml(cache) }));
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
