import { dockerHosts } from "../../modules/domain";
import { NamespacedRoot } from "./namespaced-root";
import { pullMatrix, shorten } from "./pull-matrix";
import { leaks, RecordedHosts } from "./recorded-hosts";
import { CACHES, ECR, TOKEN } from "./samples";
import { until } from "./until";
import { Verdicts } from "./verdicts";

const DAEMON = ["--iptables=false", "--ip6tables=false", "--bridge=none"];
const MIRROR = `https://${ECR}/docker-hub`;
const HUB = "registry-1.docker.io";
const HUB_IMAGE = "org/app:1.27";

/** What Docker Engine does with the mirror of its daemon, and with the files of `dockerHosts`. */
export async function checkDocker(verdicts: Verdicts, root: NamespacedRoot, hosts: RecordedHosts): Promise<void> {
  const { stdout } = await root.run("dockerd", ["--version"]);
  const [, version = "", major = ""] = /((\d+)\.\d+\.\d+)/.exec(stdout) ?? [];
  const auth = Buffer.from(`AWS:${TOKEN}`).toString("base64");
  root.write("/root/.docker/config.json", JSON.stringify({ auths: { [ECR]: { auth } } }));
  const engine: Engine = { verdicts, root, hosts, name: `docker ${version}`, major: Number(major) };
  await checkMirror(engine);
  await checkFiles(engine);
}

interface Engine {
  readonly verdicts: Verdicts;
  readonly root: NamespacedRoot;
  readonly hosts: RecordedHosts;
  readonly name: string;
  readonly major: number;
}

async function checkMirror(engine: Engine): Promise<void> {
  const { root, hosts, major } = engine;
  root.write("/etc/docker/daemon.json", JSON.stringify({ "registry-mirrors": [MIRROR] }));
  if (major < 26) {
    const { stderr } = await root.run("timeout", ["10", "dockerd", ...DAEMON]);
    const refused = stderr.includes("invalid mirror") ? [] : [shorten(stderr)];
    engine.verdicts.judge(engine.name, "registry-mirrors: does not start with a mirror that has a path", refused);
    return;
  }
  await withDaemon(root, async () => {
    await expectFrom(engine, "registry-mirrors: docker pull", HUB, () => pull(root));
    // Docker 26 asks for /v2/docker-hub/org/app, as ECR has it; Docker 28 for /docker-hub/v2/org/app.
    await expectFrom(engine, "registry-mirrors: docker build", major < 28 ? ECR : HUB, () => build(root, HUB_IMAGE));
    await root.run("docker", ["builder", "prune", "--all", "--force"]);
    await hosts.cacheDown();
    await expectFrom(engine, "registry-mirrors, cache down: docker build", HUB, () => build(root, HUB_IMAGE));
    await hosts.cacheUp();
  });
}

async function checkFiles(engine: Engine): Promise<void> {
  const { verdicts, root, hosts, major } = engine;
  root.write("/etc/docker/daemon.json", "{}");
  for (const { path, content } of dockerHosts(CACHES)) root.write(`/etc/docker/certs.d/${path}`, content);
  await withDaemon(root, async () => {
    await expectFrom(engine, "certs.d: docker pull", HUB, () => pull(root));
    if (major < 28) {
      await expectFrom(engine, "certs.d: docker build", HUB, () => build(root, HUB_IMAGE));
      return;
    }
    await pullMatrix(verdicts, hosts, {
      name: `${engine.name} build with certs.d`,
      served: () => true,
      pull: async (name) => {
        // An image that the daemon has is not asked for again by its digest.
        await root.run("docker", ["system", "prune", "--all", "--force"]);
        const { status, stderr } = await build(root, name);
        return status === 0 ? undefined : stderr;
      },
    });
  });
}

/** Runs a command, and expects one host alone to hand out a manifest for it. */
async function expectFrom(
  { verdicts, hosts, name }: Engine,
  check: string,
  expected: string,
  command: () => ReturnType<NamespacedRoot["run"]>,
): Promise<void> {
  hosts.take();
  const { status, stderr } = await command();
  const requests = hosts.take();
  const answered = requests.filter(({ path, status: code }) => path.includes("/manifests/") && code === 200);
  const from = [...new Set(answered.map(({ host }) => host))];
  const seen = requests.map((one) => `${one.method} ${one.host}${one.path} ${one.status}`).join(", ");
  verdicts.judge(name, `${check} is served by ${expected === ECR ? "the cache" : "Docker Hub"}`, [
    ...(status === 0 ? [] : [shorten(stderr)]),
    ...(from.length === 1 && from[0] === expected ? [] : [seen || "no requests"]),
    ...leaks(requests),
  ]);
}

function pull(root: NamespacedRoot) {
  return root.run("docker", ["pull", HUB_IMAGE]);
}

function build(root: NamespacedRoot, image: string) {
  root.write("/root/build/Dockerfile", `FROM ${image}\n`);
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
