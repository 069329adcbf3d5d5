import { containersRegistries } from "../../modules/domain";
import { NamespacedRoot } from "./namespaced-root";
import { pullMatrix, shorten } from "./pull-matrix";
import { RecordedHosts } from "./recorded-hosts";
import { CACHES, ECR, TOKEN, UNCACHED } from "./samples";
import { Verdicts } from "./verdicts";

const DROP_IN = `/etc/containers/registries.conf.d/${containersRegistries(CACHES).path}`;
const AUTH_FILE = "/root/auth.json";
const auth = Buffer.from(`AWS:${TOKEN}`).toString("base64");

interface Program {
  readonly name: string;
  readonly pull: (image: string) => readonly string[];
  /** Whether it looks names without a host up in the file; Skopeo takes them for names of Docker Hub. */
  readonly shortNames: boolean;
}

const PROGRAMS: readonly Program[] = [
  { name: "podman", pull: (image) => ["--storage-driver=vfs", "pull", "--quiet", image], shortNames: true },
  {
    name: "buildah",
    pull: (image) => ["--storage-driver=vfs", "pull", "--quiet", "--policy=always", "--retry=0", image],
    shortNames: true,
  },
  { name: "skopeo", pull: (image) => ["copy", "--quiet", `docker://${image}`, "dir:/tmp/copied"], shortNames: false },
];

/** The programs that share `registries.conf`. */
export async function checkContainers(verdicts: Verdicts, root: NamespacedRoot, hosts: RecordedHosts): Promise<void> {
  root.write(AUTH_FILE, JSON.stringify({ auths: { [ECR]: { auth } } }));
  for (const program of PROGRAMS) {
    const { stdout } = await root.run(program.name, ["--version"]);
    const name = `${program.name} ${/\d+(\.\d+)+/.exec(stdout)?.[0] ?? ""}`;
    const pull = async (image: string) => {
      const ended = await root.run(program.name, program.pull(image), { REGISTRY_AUTH_FILE: AUTH_FILE });
      return ended.status === 0 ? undefined : ended.stderr;
    };
    const { content } = containersRegistries(CACHES);
    root.write(DROP_IN, content);
    await pullMatrix(verdicts, hosts, { name, served: () => true, pull });

    hosts.take();
    const uncached = await pull(`${UNCACHED}/app:1.27`);
    verdicts.judge(name, "an image without a cache comes from its upstream", [
      ...(uncached === undefined ? [] : [shorten(uncached)]),
      ...hosts
        .take()
        .filter(({ host }) => host !== UNCACHED)
        .map(({ host }) => `asked ${host}`),
    ]);
    if (!program.shortNames) continue;
    root.write(DROP_IN, content.replace(/^unqualified.*\n/m, ""));
    const refused = await pull("never-pulled:1.27");
    verdicts.judge(name, "refuses short names without the first line", [
      ...(refused?.includes("unqualified-search registries are defined") ? [] : [shorten(refused ?? "succeeded")]),
    ]);
  }
}
