import { dockerHosts } from "../../modules/domain";
import { NamespacedRoot } from "./namespaced-root";
import { leaks, shorten } from "./pull-matrix";
import { Recorded, RecordedHosts } from "./recorded-hosts";
import { CACHES, ECR, TOKEN } from "./samples";
import { until } from "./until";
import { Verdicts } from "./verdicts";

const DAEMON = ["--iptables=false", "--ip6tables=false", "--bridge=none"];
const MIRROR = `https://${ECR}/docker-hub`;
const HUB_IMAGE = "org/app";

/** What Docker Engine does with the mirror of its daemon, and with the files for Docker Engine 29. */
export async function checkDocker(verdicts: Verdicts, root: NamespacedRoot, hosts: RecordedHosts): Promise<void> {
  const { stdout } = await root.run("dockerd", ["--version"]);
  const [, version = "", major = ""] = /((\d+)\.\d+\.\d+)/.exec(stdout) ?? [];
  const client = `docker ${version}`;
  const report = (check: string, problems: readonly string[]) => verdicts.reportPulls(client, check, 1, problems);
  const auth = Buffer.from(`AWS:${TOKEN}`).toString("base64");
  root.write("/root/.docker/config.json", JSON.stringify({ auths: { [ECR]: { auth } } }));
  root.write("/root/build/Dockerfile", `FROM ${HUB_IMAGE}:1.27\n`);

  root.write("/etc/docker/daemon.json", JSON.stringify({ "registry-mirrors": [MIRROR] }));
  if (Number(major) < 26) {
    const refused = await root.run("dockerd", ["--validate", "--config-file=/etc/docker/daemon.json"]);
    const started = await root.run("timeout", ["10", "dockerd", ...DAEMON]);
    const message = `${refused.stderr}${started.stderr}`;
    report("does not start with a mirror that has a path", message.includes("invalid mirror") ? [] : [shorten(message)]);
  } else {
    await withDaemon(root, async () => {
      const pulled = await observe(hosts, () => root.run("docker", ["pull", `${HUB_IMAGE}:1.27`]));
      report("registry-mirrors: docker pull goes to Docker Hub", [
        ...pulled.problems,
        ...(pulled.asked("registry-1.docker.io") ? [] : [`did not ask Docker Hub: ${pulled.seen}`]),
      ]);
      const built = await observe(hosts, () => build(root));
      report("registry-mirrors: docker build pulls from the cache", [
        ...built.problems,
        ...(built.asked(ECR) && !built.asked("registry-1.docker.io") ? [] : [built.seen]),
      ]);
      await root.run("docker", ["builder", "prune", "--all", "--force"]);
      await hosts.cacheDown();
      const fallback = await observe(hosts, () => build(root));
      await hosts.cacheUp();
      report("registry-mirrors, cache down: docker build falls back", [
        ...fallback.problems,
        ...(fallback.asked("registry-1.docker.io") ? [] : [fallback.seen]),
      ]);
    });
  }

  root.write("/etc/docker/daemon.json", "{}");
  for (const { path, content } of dockerHosts(CACHES)) root.write(`/etc/docker/certs.d/${path}`, content);
  await withDaemon(root, async () => {
    const built = await observe(hosts, () => build(root));
    const cached = built.asked(ECR);
    if (Number(major) >= 29) report("certs.d: docker build pulls from the cache", [...built.problems, ...(cached ? [] : [built.seen])]);
    else report("certs.d is ignored before Docker Engine 29", [...built.problems, ...(cached ? [built.seen] : [])]);
  });
}

function build(root: NamespacedRoot) {
  return root.run("docker", ["build", "--no-cache", "--pull", "/root/build"], { DOCKER_BUILDKIT: "1" });
}

async function withDaemon(root: NamespacedRoot, body: () => Promise<void>): Promise<void> {
  const daemon = root.start("dockerd", [...DAEMON, `--data-root=${root.newFolder()}`]);
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
    asked: (host: string) => requests.some((one) => one.host === host && one.path.includes("/manifests/") && one.status === 200),
    seen: requests.map((one) => `${one.method} ${one.host}${one.path} ${one.status}`).join(", ") || "no requests",
  };
}
