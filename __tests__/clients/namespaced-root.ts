import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ChildProcesses, Ended } from "../terraform/child-processes";
import { ECR_ADDRESS, Identity, UPSTREAM_ADDRESS } from "./recorded-hosts";
import { CACHES, ECR, UNCACHED } from "./samples";

const UPSTREAM_HOSTS = [
  ...CACHES.map(({ upstreamHost }) => upstreamHost),
  ...["registry-1.docker.io", "index.docker.io", "auth.docker.io", UNCACHED],
];
/** Where Go keeps what it has compiled. */
export const GO_CACHE = "/var/cache/go-build";
const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C" };

/** Programs write here; a file system in memory suits those that mount file systems of their own. */
const WRITABLE = ["run", "tmp", "var/lib/containers", "var/lib/containerd", "var/lib/docker", "var/tmp"];

/**
 * A release of Debian in which programs are run. It is laid over the installed one, which stays as it is. Needs mount
 * and network namespaces of its own: in them it says which address a host name has and which certificates are trusted.
 */
export class NamespacedRoot {
  private readonly root: string;
  public readonly identity: Identity;

  constructor(
    private readonly children: ChildProcesses,
    installed: string,
    scratch: string,
  ) {
    mount("-t", "tmpfs", "tmpfs", scratch);
    for (const name of ["upper", "work", "root"]) mkdirSync(join(scratch, name));
    this.root = join(scratch, "root");
    const layers = `lowerdir=${installed},upperdir=${join(scratch, "upper")},workdir=${join(scratch, "work")}`;
    mount("-t", "overlay", "overlay", "-o", layers, this.root);
    mount("-t", "proc", "proc", this.path("/proc"));
    mount("--rbind", "/dev", this.path("/dev"));
    mount("--rbind", "/sys", this.path("/sys"));
    for (const name of WRITABLE) {
      mkdirSync(this.path(name), { recursive: true });
      mount("-t", "tmpfs", "tmpfs", this.path(name));
    }
    // What Go has compiled is kept beside the release.
    const compiled = `${installed}-go-cache`;
    mkdirSync(compiled, { recursive: true });
    mkdirSync(this.path(GO_CACHE), { recursive: true });
    mount("--bind", compiled, this.path(GO_CACHE));
    this.write(
      "/etc/hosts",
      `127.0.0.1 localhost\n${ECR_ADDRESS} ${ECR}\n${UPSTREAM_ADDRESS} ${UPSTREAM_HOSTS.join(" ")}\n`,
    );
    this.write("/etc/resolv.conf", "");
    this.identity = certify(scratch);
    this.write("/etc/ssl/certs/ca-certificates.crt", this.identity.cert);
  }

  /** Where a file of the release is. */
  public path(file: string): string {
    return join(this.root, file);
  }

  public read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  public write(file: string, content: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content);
  }

  public remove(file: string): void {
    rmSync(this.path(file), { recursive: true, force: true });
  }

  /** A new folder, by its path in the release. */
  public newFolder(): string {
    return mkdtempSync(this.path("/tmp/run-")).slice(this.root.length);
  }

  public run(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    longestSeconds?: number,
  ): Promise<Ended> {
    const options = { cwd: "/", env: { ...ENVIRONMENT, ...env } };
    return this.children.run("chroot", [this.root, program, ...args], options, longestSeconds);
  }

  /** Starts a program that runs until it is ended, and gives back what it prints so far. */
  public start(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const options = { cwd: "/", env: { ...ENVIRONMENT, ...env } };
    const child = this.children.start("chroot", [this.root, program, ...args], options);
    const printed: string[] = [];
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (chunk: Buffer) => printed.push(String(chunk)));
    return {
      printed: () => printed.join(""),
      end: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const closed = new Promise((resolve) => child.once("close", resolve));
        this.children.end(child);
        await closed;
      },
    };
  }
}

function mount(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("mount", args);
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr.toString().trim()}`);
}

/** A certificate for all hosts, which signs itself. */
function certify(folder: string): Identity {
  const names = [ECR, ...UPSTREAM_HOSTS].map((host) => `DNS:${host}`).join(",");
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const { status, stderr } = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sample authority"],
    ...["-addext", `subjectAltName=${names}`, "-keyout", key, "-out", cert],
  ]);
  if (status !== 0) throw new Error(`openssl: ${stderr.toString().trim()}`);
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
