/**
 * Runs the real clients with the generated files: containerd, Podman, Buildah, Skopeo and Docker of several releases of
 * Debian, and the compiler of Kubernetes. Each release is installed into a folder and runs in namespaces of its own, in
 * which there is no network but loopback. Nothing of this machine changes.
 *
 * `CLIENT_RELEASES` names the releases (bookworm,trixie,sid); `CLIENT_CHECKS` the checks (containerd,containers,
 * docker,admission), and `CLIENT_ROOTS` a folder in which the releases are kept between runs.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ChildProcesses } from "../terraform/child-processes";
import { inLanes, LANES } from "../terraform/lanes";
import { installRelease, RELEASES } from "./debian-release";
import { Verdict, Verdicts } from "./verdicts";

const LONGEST_SECONDS = 2700;
const NOT_IN_DEBIAN: readonly (readonly [client: string, reason: string])[] = [
  ["CRI-O", "Debian has no package of it"],
  ["buildkitd", "Debian has no package of it, and the driver docker-container needs an image from the internet"],
  ["Docker Engine 29", "Debian has no package of it; Docker 28 runs with the same files"],
  ["Kyverno", "Debian has no package of it; the compiler of Kubernetes checks its expressions"],
  ["kubelet and nodeadm", "they need a cluster and EC2; the run hands over credentials as the kubelet does"],
];

const started = Date.now();
const verdicts = new Verdicts();
const children = new ChildProcesses();
const folder = mkdtempSync(join(tmpdir(), "ecr-clients-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});

run()
  .catch((error: unknown) => {
    verdicts.report("FAILED", "all", "run", error instanceof Error ? (error.stack ?? error.message) : String(error));
  })
  .finally(() => {
    for (const [client, reason] of NOT_IN_DEBIAN) verdicts.report("SKIPPED", client, "run", reason);
    console.log(`\nin ${Math.round((Date.now() - started) / 1000)} seconds\n${verdicts.summary()}`);
    process.exit(verdicts.failed ? 1 : 0);
  });

async function run(): Promise<void> {
  const { CLIENT_RELEASES, CLIENT_ROOTS } = process.env;
  const releases = CLIENT_RELEASES?.split(",") ?? Object.keys(RELEASES);
  const missing = await missingHere();
  const tasks = releases.map((release) => async () => {
    const reason = missing ?? (await runRelease(release, CLIENT_ROOTS ?? join(folder, "roots")));
    if (reason !== undefined) verdicts.report("SKIPPED", `Debian ${release}`, "run", reason);
  });
  await inLanes(Array<undefined>(LANES).fill(undefined), tasks);
}

/** Why nothing can run on this machine. */
async function missingHere(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, for namespaces";
  for (const program of ["mmdebstrap", "unshare", "ip", "openssl", "apt-get"]) {
    const found = await children.run("which", [program], { cwd: "/", env: process.env });
    if (found.status !== 0) return `there is no ${program} on the PATH`;
  }
  const trial = await children.run("unshare", ["--net", "--mount", "--pid", "--fork", "true"], {
    cwd: "/",
    env: process.env,
  });
  return trial.status === 0 ? undefined : `namespaces are not allowed: ${trial.stderr.trim()}`;
}

async function runRelease(release: string, roots: string): Promise<string | undefined> {
  const installed = await installRelease(children, release, roots);
  if ("missing" in installed) return installed.missing;
  const scratch = join(folder, release);
  mkdirSync(scratch);
  const inside = [
    process.execPath,
    "--import",
    "tsx",
    join(__dirname, "inside-release.ts"),
    release,
    installed.root,
    scratch,
  ];
  // The namespace of processes ends with its first one, and that ends with this one, whatever happens.
  const program = [
    "--pdeathsig",
    "KILL",
    "unshare",
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const child = children.start("setpriv", [...program, ...inside], { cwd: process.cwd(), env: process.env });
  const timer = setTimeout(() => {
    verdicts.report("FAILED", `Debian ${release}`, "run", `not done after ${LONGEST_SECONDS} seconds`);
    children.end(child);
  }, LONGEST_SECONDS * 1000);
  child.stderr!.pipe(process.stderr);
  let counts: Record<Verdict, number> | undefined;
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith("COUNTS ")) counts = JSON.parse(line.slice("COUNTS ".length)) as Record<Verdict, number>;
    else console.log(line.startsWith("  ") ? line : line.replace(/^(\w+) /, `$1 ${release}, `));
  }
  clearTimeout(timer);
  if (counts === undefined) verdicts.report("FAILED", `Debian ${release}`, "run", "ended without its counts");
  else verdicts.add(counts);
  return undefined;
}
