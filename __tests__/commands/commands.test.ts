import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareEnvironments } from "../../stacks";
import { samples } from "../../stacks/samples";
import { jsonOf } from "../helpers/command-output";
import { ROOT, runScript } from "../helpers/run-script";

const GOLDEN = join(ROOT, "__tests__", "stacks", "golden");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-commands-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, ...args: string[]) => runScript(command, args);

describe.each(["report", "explain", "diff-env"])("npm run %s", (command) => {
  test("tells its options", async () => {
    const { status, stdout, stderr } = await run(command, "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: ${command} `));
  });

  test("refuses an option that it does not know, in two lines", async () => {
    const { status, stdout, stderr } = await run(
      command,
      ...(command === "diff-env" ? [] : ["--env", "dev"]),
      "--frob",
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe("error: unknown option '--frob'\n(--help lists the options)\n");
  });
});

describe("with a mistake in a file of environments", () => {
  const broken = () => {
    mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
    writeFileSync(join(folder, "stacks", "environments", "qa.yaml"), "environments:\n  - name: qa\n    regoin: x\n");
  };

  test.each([
    ["synth", []],
    ["report", []],
    ["explain", ["--env", "prod", "nginx"]],
    ["diff-env", ["dev", "prod"]],
    ["new", ["--env", "qb", "--account", "111122223333", "--region", "us-east-1", "--cache", "quay"]],
    ["verify", ["--env", "prod"]],
    ["policy", ["deploy", "--env", "prod"]],
  ])("npm run %s tells where it is, and no more", async (command, args) => {
    broken();
    const { status, stdout, stderr } = await runScript(command, args, { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("stacks/environments/qa.yaml:3:5 qa: regoin is not a known field");
    expect(stderr).not.toContain("    at ");
    expect(stderr.match(/regoin/g)).toHaveLength(1);
  });

  test("npm run explain still tells its options", async () => {
    broken();
    expect((await runScript("explain", ["--help"], { cwd: folder })).status).toBe(0);
  });
});

describe("npm run explain", () => {
  test("prints step by step, without colours where there is no terminal", async () => {
    const { status, stdout, stderr } = await run("explain", "--env", "prod", "nginx:1.27");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "1. pull            docker pull 123456789012.dkr.ecr.us-east-1.amazonaws.com/prod/library/nginx:1.27",
      "2. rule            prod, for Docker Hub (registry-1.docker.io)",
      "                   credential: the secret ecr-pullthroughcache/docker-hub, created here and filled from Terraform variables",
    ]);
    expect(stdout.split("\n").filter((line) => /^\d/.test(line))).toHaveLength(9);
  });

  test("prints the same as JSON", async () => {
    const { status, stdout } = await run("explain", "--env", "prod", "nginx:1.27", "--json");
    const { pulls } = jsonOf(stdout) as unknown as { pulls: { repository: string; pullers: unknown }[] };
    expect(status).toBe(0);
    expect(pulls.map(({ repository, pullers }) => [repository, pullers])).toEqual([
      ["prod/library/nginx", [{ who: "the role ECRDeveloperRole", missing: [], unknown: [] }]],
    ]);
  });

  test.each([
    [["--env", "qa", "nginx"], "no environment is called qa; there are dev, staging, prod"],
    [["--env", "dev", "--region", "eu-west-1", "nginx"], "dev is not in eu-west-1; it is in us-east-1"],
    [
      ["--env", "prod", "quay.io/a/b"],
      'quay.io/a/b comes from quay.io, which no cache serves; add the cache { upstream: "quay" }',
    ],
  ])("refuses %j in a sentence", async (args, message) => {
    expect(await run("explain", ...args)).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: ${message}\nhelp/reviewing.md is about this command\n`,
    });
  });
});

describe("npm run diff-env", () => {
  test("tells what one has and the other has not", async () => {
    const { status, stdout, stderr } = await run("diff-env", "dev", "prod");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Docker Hub\n  prefix\n    dev   dev\n    prod  prod\n");
    expect(stdout).toContain("Quay\n  prefix\n    dev   quay\n    prod  has none\n");
  });

  test("prints the same as JSON", async () => {
    const [dev, , prod] = samples;
    const differences: unknown = JSON.parse(JSON.stringify(compareEnvironments([dev!, prod!])));
    expect(jsonOf((await run("diff-env", "dev", "prod", "--json")).stdout)).toEqual({
      schemaVersion: 1,
      command: "diff-env",
      environments: ["dev", "prod"],
      differences,
    });
  });

  test("knows stacks of further regions by their names", async () => {
    mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
    const caches = [{ upstream: "quay" }];
    const environment = {
      name: "qa",
      accountId: "222233334444",
      region: "us-east-1",
      backend: { type: "local" },
      caches,
    };
    const further = { "eu-west-1": { scanning: "unmanaged" } };
    const text = JSON.stringify({ environments: [{ ...environment, additionalRegions: further }] });
    writeFileSync(join(folder, "stacks", "environments", "qa.json"), text);
    const { status, stdout } = await runScript("diff-env", ["qa", "qa-eu-west-1"], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout).toContain(
      "  scanning\n    qa            basic scanning on push, of quay/*\n    qa-eu-west-1  managed elsewhere\n",
    );
  });

  test("says that an environment is the same as itself", async () => {
    expect(await run("diff-env", "dev", "dev")).toEqual({
      status: 0,
      stdout: "dev and dev are the same\n",
      stderr: "",
    });
  });
});

describe("npm run report", () => {
  test("ends quietly when its reader has read enough", () => {
    const file = join(ROOT, "commands", "report.ts");
    const { status, stderr } = spawnSync("bash", ["-c", 'set -o pipefail; node --import tsx "$0" | true', file], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("refuses a folder for what is printed, and one that is a file", async () => {
    expect(await run("report", "--output", folder)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: --output needs --format html/) as string,
    });
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { status, stderr } = await run("report", "--env", "dev", "--format", "html", "--output", file);
    expect({ status, lines: stderr.split("\n").length }).toEqual({ status: 1, lines: 3 });
    expect(stderr).toContain("report.html cannot be written");
  });

  test("prints what synth writes", async () => {
    expect(await run("report")).toEqual({
      status: 0,
      stdout: readFileSync(join(GOLDEN, "report.md"), "utf8"),
      stderr: "",
    });
    const golden = readFileSync(join(GOLDEN, "prod.report.md"), "utf8");
    expect(await run("report", "--env", "prod")).toEqual({ status: 0, stdout: golden, stderr: "" });
  });

  test("writes pages that need nothing but themselves", async () => {
    const { status, stdout } = await run("report", "--format", "html", "--output", folder);
    const pages = ["report.html", ...samples.map(({ name }) => join("stacks", name, "report.html"))];
    expect({ status, stdout }).toEqual({ status: 0, stdout: pages.map((page) => `${join(folder, page)}\n`).join("") });
    for (const page of pages) {
      const html = readFileSync(join(folder, page), "utf8");
      expect(html).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
      const links = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, link]) => link!);
      expect(links.filter((link) => !existsSync(join(folder, page, "..", link)))).toEqual([]);
      expect(links).toHaveLength(page === "report.html" ? samples.length : 0);
    }
  });

  test("draws on the page what Mermaid draws in Markdown", async () => {
    await run("report", "--env", "dev", "--format", "html", "--output", folder);
    const html = readFileSync(join(folder, "stacks", "dev", "report.html"), "utf8");
    const titles = [...html.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);
    expect(titles.filter((title) => /^[a-z]+_\d$/.test(title))).toHaveLength(16);
    expect(titles.filter((title) => title.includes("&gt;"))).toHaveLength(12);
    expect(html).toContain("registry&#45;1.docker.io");
    expect(html).not.toContain("flowchart");
  });

  test("needs an environment for a region, and a format that it knows", async () => {
    expect(await run("report", "--region", "us-east-1")).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: --region needs --env\nhelp/reviewing.md is about this command\n",
    });
    expect((await run("report", "--format", "pdf")).status).toBe(1);
  });
});
