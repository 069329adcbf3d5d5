import { dockerHosts } from "../../modules/domain";
import { NamespacedRoot } from "./namespaced-root";
import { leaks, pullMatrix, shorten } from "./pull-matrix";
import { Recorded, RecordedHosts } from "./recorded-hosts";
import { CACHES, ECR, TOKEN } from "./samples";
import { until } from "./until";
import { Verdicts } from "./verdicts";

const DAEMON = ["--iptables=false", "--ip6tables=false", "--bridge=none"];
const MIRROR = `https://${ECR}/docker-hub`;
const HUB = "registry-1.docker.io";
const HUB_IMAGE = "org/app";

/** What Docker Engine does with the mirror of its daemon, and with the files for Docker Engine 29. */
export async function checkDocker(verdicts: Verdicts, root: NamespacedRoot, hosts: RecordedHosts): Promise<void> {
  const { stdout } = await root.run("dockerd", ["--version"]);
  const [, version = "", major = ""] = /((\d+)\.\d+\.\d+)/.exec(stdout) ?? [];
  const client = `docker ${version}`;
  const report = (check: string, problems: readonly string[]) => {
    verdicts.judge(client, check, problems);
  };
  const auth = Buffer.from(`AWS:${TOKEN}`).toString("base64");
  root.write("/root/.docker/config.json", JSON.stringify({ auths: { [ECR]: { auth } } }));
  root.write("/root/build/Dockerfile", `FROM ${HUB_IMAGE}:1.27\n`);

  root.write("/etc/docker/daemon.json", JSON.stringify({ "registry-mirrors": [MIRROR] }));
  if (Number(major) < 26) {
    const refused = await root.run("dockerd", ["--validate", "--config-file=/etc/docker/daemon.json"]);
    const started = await root.run("timeout", ["10", "dockerd", ...DAEMON]);
    const message = `${refused.stderr}${started.stderr}`;
    report(
      "does not start with a mirror that has a path",
      message.includes("invalid mirror") ? [] : [shorten(message)],
    );
  } else {
    await withDaemon(root, async () => {
      const pulled = await observe(hosts, () => root.run("docker", ["pull", `${HUB_IMAGE}:1.27`]));
      report("registry-mirrors: docker pull goes to Docker Hub", [
        ...pulled.problems,
        ...(pulled.asked(HUB) ? [] : [`did not ask Docker Hub: ${pulled.seen}`]),
      ]);
      const built = await observe(hosts, () => build(root));
      // Docker 26 asks for /v2/docker-hub/org/app, as ECR has it; Docker 28 for /docker-hub/v2/org/app.
      const [expected, other] = Number(major) < 28 ? [ECR, HUB] : [HUB, ECR];
      report(`registry-mirrors: docker build pulls from ${expected === ECR ? "the cache" : "Docker Hub"}`, [
        ...built.problems,
        ...(built.asked(expected) && !built.asked(other) ? [] : [built.seen]),
      ]);
      await root.run("docker", ["builder", "prune", "--all", "--force"]);
      await hosts.cacheDown();
      const fallback = await observe(hosts, () => build(root));
      await hosts.cacheUp();
      report("registry-mirrors, cache down: docker build falls back", [
        ...fallback.problems,
        ...(fallback.asked(HUB) ? [] : [fallback.seen]),
      ]);
    });
  }

  root.write("/etc/docker/daemon.json", "{}");
  for (const { path, content } of dockerHosts(CACHES)) root.write(`/etc/docker/certs.d/${path}`, content);
  await withDaemon(root, async () => {
    if (Number(major) < 28) {
      const built = await observe(hosts, () => build(root));
      report("certs.d: docker build pulls from Docker Hub", [
        ...built.problems,
        ...(built.asked(ECR) ? [built.seen] : []),
      ]);
      return;
    }
    await pullMatrix(verdicts, hosts, {
      name: `${client} build with certs.d`,
      served: () => true,
      pull: async (name) => {
        // An image that the daemon has is not asked for again by its digest.
        await root.run("docker", ["system", "prune", "--all", "--force"]);
        root.write("/root/build/Dockerfile", `FROM ${name}\n`);
        const { status, stderr } = await build(root);
        return status === 0 ? undefined : stderr;
      },
    });
    const pulled = await observe(hosts, () => root.run("docker", ["pull", `${HUB_IMAGE}:1.27`]));
    report("certs.d: docker pull goes to Docker Hub", [
      ...pulled.problems,
      ...(pulled.asked(HUB) && !pulled.asked(ECR) ? [] : [pulled.seen]),
    ]);
  });
}

function build(root: NamespacedRoot) {
  return root.run("docker", ["build", "--no-cache", "--pull", "/root/build"], { DOCKER_BUILDKIT: "1" });
}

async function withDaemon(root: NamespacedRoot, body: () => Promise<void>): Promise<void> {
  const folder = root.newFolder();
  const places = [`--data-root=${folder}/data`, `--exec-root=${folder}/exec`, `--pidfile=${folder}/pid`];
  const daemon = root.start("dockerd", [...DAEMON, ...places]);
  try {
    const answers = async () => (await root.run("docker", ["version"])).status === 0;
    await until("dockerd answers", answers, daemon.printed);
    await body();
  } finally {
    await daemon.end();
  }
}

/** Runs a command and tells what the hosts received. */
async function observe(hosts: RecordedHosts, command: () => ReturnType<NamespacedRoot["run"]>) {
  hosts.take();
  const { status, stderr } = await command();
  const requests: readonly Recorded[] = hosts.take();
  return {
    problems: [...(status === 0 ? [] : [shorten(stderr)]), ...leaks(requests)],
    /** Whether a host handed out a manifest. */
    asked: (host: string) =>
      requests.some((one) => one.host === host && one.path.includes("/manifests/") && one.status === 200),
    seen: requests.map((one) => `${one.method} ${one.host}${one.path} ${one.status}`).join(", ") || "no requests",
  };
}
