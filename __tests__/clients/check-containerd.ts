import { readFileSync } from "node:fs";
import { join } from "node:path";
import { containerdHosts, eksUserData, nodeCaches } from "../../modules/domain";
import { Credentials, isReady, pullByCri } from "./cri-client";
import { NamespacedRoot } from "./namespaced-root";
import { pullMatrix, shorten } from "./pull-matrix";
import { leaks, RecordedHosts } from "./recorded-hosts";
import { CACHES, TOKEN, UNCACHED } from "./samples";
import { until } from "./until";
import { Verdicts } from "./verdicts";

const SOCKET = "/run/containerd/containerd.sock";
const CERTS = "/etc/containerd/certs.d";
const CREDENTIALS = "/etc/eks/pull-through-cache/credential-provider-config.json";

/** containerd as the kubelet drives it, on a node that user data for EKS has set up. */
export async function checkContainerd(verdicts: Verdicts, root: NamespacedRoot, hosts: RecordedHosts): Promise<void> {
  const version = /containerd\S* v?(\d+)(\.\d+\.\d+)/.exec((await root.run("containerd", ["--version"])).stdout);
  if (version === null) throw new Error("containerd does not tell its version");
  const client = `containerd ${version[1]!}${version[2]!}`;
  const script = scriptOf(eksUserData(CACHES).content);

  root.write("/etc/containerd/config.toml", "");
  const refused = await root.run("bash", ["-c", script]);
  const written = await root.run("test", ["-e", CREDENTIALS]);
  verdicts.report(
    refused.status === 1 && refused.stderr.includes("containerd does not read") && written.status !== 0
      ? "ok"
      : "FAILED",
    client,
    "without config_path the user data writes no credentials",
    shorten(refused.stderr),
  );

  root.write("/etc/containerd/config.toml", stanza(Number(version[1])));
  const installed = await root.run("bash", ["-c", script]);
  if (installed.status !== 0) throw new Error(`user data: ${installed.stderr}`);
  const differing = containerdHosts(CACHES).filter(({ path, content }) => root.read(join(CERTS, path)) !== content);
  verdicts.report(differing.length === 0 ? "ok" : "FAILED", client, "user data writes the files of containerd");

  const daemon = root.start("containerd", []);
  const socket = root.path(SOCKET);
  try {
    await until("containerd answers", () => isReady(socket), daemon.printed);
    const served = new Set(nodeCaches(CACHES).map(({ upstreamHost }) => upstreamHost));
    await pullMatrix(verdicts, hosts, {
      name: client,
      served: ({ cache }) => served.has(cache.upstreamHost),
      pull: (name) => pullByCri(socket, name, kubeletCredentials(root.read(CREDENTIALS), name)),
    });
    await checkOtherImages(verdicts, client, socket, root, hosts);
  } finally {
    await daemon.end();
    // dockerd would take the socket that is left for that of a running containerd.
    root.remove("/run/containerd");
  }
}

async function checkOtherImages(
  verdicts: Verdicts,
  client: string,
  socket: string,
  root: NamespacedRoot,
  hosts: RecordedHosts,
): Promise<void> {
  const report = (check: string, problems: readonly string[]) => {
    verdicts.judge(client, check, problems);
  };

  hosts.take();
  const uncached = await pullByCri(
    socket,
    `${UNCACHED}/app:1.27`,
    kubeletCredentials(root.read(CREDENTIALS), UNCACHED),
  );
  report("an image without a cache comes from its upstream", [
    ...(uncached === undefined ? [] : [uncached]),
    ...hosts
      .take()
      .filter(({ host }) => host !== UNCACHED)
      .map(({ host }) => `asked ${host}`),
  ]);

  const pause = await pullByCri(socket, "registry.k8s.io/app:1.27");
  report("the pause image is pulled without credentials", pause === undefined ? [] : [pause]);
  const [forced] = containerdHosts(CACHES, { kubernetesRegistry: true }).filter(({ path }) => path.includes("k8s.io"));
  root.write(join(CERTS, forced!.path), forced!.content);
  const refused = await pullByCri(socket, "registry.k8s.io/app:1.27");
  report("with registry.k8s.io requested, the pause image is refused", [
    ...(/no basic auth credentials|401 Unauthorized/.test(refused ?? "") ? [] : [refused ?? "succeeded"]),
  ]);
  root.remove(join(CERTS, "registry.k8s.io"));

  // The danger that the order of installation prevents; it also shows that a leak would be seen.
  root.remove(join(CERTS, "quay.io"));
  hosts.take();
  await pullByCri(socket, "quay.io/app:1.27", kubeletCredentials(root.read(CREDENTIALS), "quay.io/app:1.27"));
  const leaked = leaks(hosts.take());
  hosts.forgetLeaks();
  report(
    "the kubelet's file without hosts.toml shows the token to the upstream, and this check sees it",
    leaked.length > 0 ? [] : ["no leak was seen"],
  );
}

/** The part of a MIME document that cloud-init runs. */
function scriptOf(userData: string): string {
  const [, boundary] = /boundary="([^"]+)"/.exec(userData)!;
  const part = userData.split(`--${boundary!}`).find((one) => one.includes("Content-Type: text/x-shellscript"));
  return part!.slice(part!.indexOf("\n\n") + 2);
}

/** The configuration of containerd as the page shows it. */
function stanza(major: number): string {
  const page = readFileSync(join(__dirname, "../../help/clusters.md"), "utf8");
  const blocks = [...page.matchAll(/```toml\n([^`]*config_path[^`]*)```/g)].map(([, block]) => block!);
  const block = blocks.find((one) =>
    one.includes(major === 1 ? "io.containerd.grpc.v1.cri" : "io.containerd.cri.v1.images"),
  );
  if (block === undefined) throw new Error(`help/clusters.md shows no config_path for containerd ${major}`);
  return block;
}

/**
 * What the kubelet hands over for an image: `ecr-credential-provider` answers for the registries of AWS with a token of
 * theirs, and for other hosts with one of the node's registry. The kubelet asks it about hosts that match its file.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 */
function kubeletCredentials(file: string, image: string): Credentials | undefined {
  const [first] = image.split("/") as [string];
  const host = /[.:]/.test(first) && image.includes("/") ? first : "docker.io";
  const { matchImages } = (JSON.parse(file) as { providers: [{ matchImages: string[] }] }).providers[0];
  const labels = host.split(".");
  const matches = matchImages.some((pattern) => {
    const parts = pattern.split(".");
    return parts.length === labels.length && parts.every((part, index) => part === "*" || part === labels[index]);
  });
  if (!matches) return undefined;
  const ofAws = ["public.ecr.aws", "ecr-public.aws.com"].includes(host) || /\.dkr\.ecr\./.test(host);
  return { username: "AWS", password: ofAws ? `token-of-${host}` : TOKEN };
}
