import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ChildProcesses } from "../terraform/child-processes";

/** The releases of Debian whose packages are run, and what is installed beyond `CLIENTS`. */
export const RELEASES: Readonly<Record<string, readonly string[]>> = {
  bookworm: [],
  trixie: ["docker-cli", "docker-buildx"],
  // With the source of the API server of Kubernetes, whose compiler judges the policies.
  sid: ["docker-cli", "docker-buildx", "golang-go", "golang-k8s-apiserver-dev"],
};

const CLIENTS = [
  "ca-certificates",
  "containerd",
  "podman",
  "buildah",
  "skopeo",
  "docker.io",
  "docker-registry",
  "iproute2",
];

/**
 * Installs a release of Debian with the clients into a folder, unless it is there. Nothing of this machine changes.
 * Returns the root folder, or why it cannot be had.
 */
export async function installRelease(
  children: ChildProcesses,
  name: string,
  folder: string,
): Promise<{ readonly root: string } | { readonly missing: string }> {
  const root = join(folder, name);
  if (existsSync(root)) return { root };
  const mirror = await debianMirror(children);
  if (mirror === undefined) return { missing: "apt-get names no mirror of Debian" };
  mkdirSync(folder, { recursive: true });
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const ended = await children.run(
    "mmdebstrap",
    [
      "--variant=apt",
      "--mode=root",
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${[...CLIENTS, ...(RELEASES[name] ?? [])].join(",")}`,
      name,
      partial,
      `deb ${mirror} ${name} main`,
    ],
    { cwd: folder, env: process.env },
    900,
  );
  if (ended.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    const reason = ended.stderr.split("\n").filter((line) => line.startsWith("E: "));
    return { missing: `mmdebstrap ${name}: ${reason[0] ?? ended.stderr.trim().split("\n").at(-1) ?? ""}` };
  }
  renameSync(partial, root);
  return { root };
}

async function debianMirror(children: ChildProcesses): Promise<string | undefined> {
  const { stdout } = await children.run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(ORIGIN)"], {
    cwd: "/",
    env: process.env,
  });
  return stdout
    .split("\n")
    .map((line) => line.split(" "))
    .find(([uri, origin]) => origin === "Debian" && uri!.endsWith("/debian/"))?.[0];
}
