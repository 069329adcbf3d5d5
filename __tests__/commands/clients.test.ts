import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT_KINDS, clientCaches, ClientKind } from "../../modules/domain";
import { samples } from "../../stacks/samples";
import { runScript } from "../helpers/run-script";

const [dev, , prod] = samples;
const caches = clientCaches(prod!);
const KINDS = Object.entries<ClientKind>(CLIENT_KINDS);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-clients-command-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runScript("clients", args, { cwd: folder });
const filesIn = (of: string) =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe("npm run clients", () => {
  test("prints one file as it is, for pipes", async () => {
    const { status, stdout, stderr } = await run("--env", "prod", "kyverno");

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(CLIENT_KINDS.kyverno.generate(caches)[0]!.content);
  });

  test("prints several files each under its path, and tells which upstreams are left out", async () => {
    const { status, stdout, stderr } = await run("--env", "dev", "containerd");
    const files = CLIENT_KINDS.containerd.generate(clientCaches(dev!));

    expect(files.map(({ path }) => path)).toEqual([
      "docker.io/hosts.toml",
      "quay.io/hosts.toml",
      "mirror.gcr.io/hosts.toml",
      "registry.hub.docker.com/hosts.toml",
      "docker.n8n.io/hosts.toml",
    ]);
    expect(status).toBe(0);
    expect(stdout).toBe(files.map(({ path, content }) => `# ${path}\n${content}\n`).join(""));
    expect(stderr).toBe(
      "registry.k8s.io is left out: containerd pulls the pause image without credentials\n" +
        "public.ecr.aws is left out: the kubelet has a token of this upstream, which the cache does not accept\n" +
        "k8s.gcr.io is left out: containerd pulls the pause image without credentials\n" +
        "ecr-public.aws.com is left out: the kubelet has a token of this upstream, which the cache does not accept\n",
    );
  });

  test("includes registry.k8s.io where it is requested", async () => {
    const { stdout, stderr } = await run("--env", "dev", "containerd", "--kubernetes-registry");

    expect(stdout).toContain("# registry.k8s.io/hosts.toml\n");
    expect(stderr).not.toContain("registry.k8s.io");
  });

  test("writes the files of a kind into a folder, and names them", async () => {
    const output = join("a", "folder");
    const { status, stdout } = await run("--env", "dev", "docker", "-o", output);
    const files = CLIENT_KINDS.docker.generate(clientCaches(dev!));

    expect(status).toBe(0);
    expect(stdout).toBe(files.map(({ path }) => `${join(output, path)}\n`).join(""));
    expect(filesIn(join(folder, output)).sort()).toEqual(files.map(({ path }) => join(folder, output, path)).sort());
    for (const { path, content } of files) expect(readFileSync(join(folder, output, path), "utf8")).toBe(content);
  });

  test("lists every kind, without an environment", async () => {
    const { status, stdout, stderr } = await run("--list");

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const listed = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(listed.slice(1, -1)).toEqual(
      KINDS.map(([name, { title, requires, ifCacheFails }]) => [name, title, requires, ifCacheFails]),
    );
    expect(listed.at(-1)![0]).toBe("mapping");
  });

  test("hands the choices for policies on", async () => {
    const { stdout } = await run(
      ...["--env", "prod", "admission-policy", "--namespace", "a", "b"],
      ...["--namespace-label", "team=x", "--digests", "cache"],
    );
    const options = { namespaces: ["a", "b"], namespaceLabels: { team: "x" }, digests: "cache" } as const;

    expect(stdout).toBe(CLIENT_KINDS["admission-policy"].generate(caches, options)[0]!.content);
  });

  test("maps the images of a file", async () => {
    writeFileSync(join(folder, "images.txt"), "nginx:1.27 # web\n\ngcr.io/a/b\n");
    const { stdout } = await run("--env", "prod", "mapping", "images.txt");

    expect(JSON.parse(stdout)).toEqual({
      "nginx:1.27": `${caches[0]!.registryHost}/prod/library/nginx:1.27`,
      "gcr.io/a/b": "gcr.io/a/b",
    });
  });

  test("takes an environment from YAML, and tells which caches no client uses", async () => {
    mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
    const environment = 'name: qa\n    accountId: "777788889999"\n    region: eu-west-1\n    backend: { type: local }';
    const file = `environments:\n  - ${environment}\n    caches: [{ upstream: quay }, { upstream: quay, prefix: other }]\n`;
    writeFileSync(join(folder, "stacks", "environments", "qa.yaml"), file);
    const { stdout, stderr } = await run("--env", "qa", "buildkit");

    expect({ stdout, stderr }).toEqual({
      stdout: '[registry."quay.io"]\n  mirrors = ["777788889999.dkr.ecr.eu-west-1.amazonaws.com/quay"]\n',
      stderr: "quay.io under other is left out: clients use the cache under quay\n",
    });
  });

  test.each([
    [[], "the kind of client is missing; --list shows the kinds"],
    [["kyverno"], "the environment is missing; pass --env"],
    [["--env", "nope", "kyverno"], "no environment is called nope; there are dev, staging, prod"],
    [["--env", "prod", "mapping"], "mapping needs a file with the images, a line each"],
    [
      ["--env", "prod", "kyverno", "--namespace-label", "team"],
      "--namespace-label must be a key and a value, got team",
    ],
    [["--env", "prod", "kyverno", "--namespace", "A"], "namespaces[0] must be the name of a namespace"],
  ])("refuses %j, and writes nothing", async (args, message) => {
    const { status, stdout, stderr } = await run(...args, "-o", "out");

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`error: ${message}`);
    expect(filesIn(folder)).toEqual([]);
  });
});
