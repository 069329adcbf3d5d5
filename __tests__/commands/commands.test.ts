import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareEnvironments } from "../../stacks";
import { environments } from "../../stacks/environments";
import packageJson from "../../package.json";

const ROOT = join(__dirname, "..", "..");
const GOLDEN = join(ROOT, "__tests__", "stacks", "golden");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-commands-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command as its npm script does. */
function run(command: string, ...args: string[]) {
  const script = (packageJson.scripts as Record<string, string>)[command]!.split(" ").slice(1);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...args], { cwd: ROOT, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe.each(["report", "explain", "diff-env"])("npm run %s", (command) => {
  test("tells its options", () => {
    const { status, stdout, stderr } = run(command, "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: ${command} `));
  });

  test("refuses an option that it does not know, in two lines", () => {
    const { status, stdout, stderr } = run(command, ...(command === "diff-env" ? [] : ["--env", "dev"]), "--frob");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe("error: unknown option '--frob'\n(--help lists the options)\n");
  });
});

describe("npm run explain", () => {
  test("prints step by step, without colours where there is no terminal", () => {
    const { status, stdout, stderr } = run("explain", "--env", "prod", "nginx:1.27");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "1. pull            docker pull 123456789012.dkr.ecr.us-east-1.amazonaws.com/prod/library/nginx:1.27",
      "2. rule            prod, for Docker Hub (registry-1.docker.io)",
      "                   credential: the secret ecr-pullthroughcache/docker-hub, created here and filled from Terraform variables",
    ]);
    expect(stdout.split("\n").filter((line) => /^\d/.test(line))).toHaveLength(9);
  });

  test("prints what help/reviewing.md shows", () => {
    const page = readFileSync(join(ROOT, "help", "reviewing.md"), "utf8");
    const [, shown] = /\$ npm run -s explain -- --env prod nginx:1\.27\n([^]*?)```/.exec(page)!;
    expect(run("explain", "--env", "prod", "nginx:1.27").stdout).toBe(shown);
  });

  test("prints the same as JSON", () => {
    const { status, stdout } = run("explain", "--env", "prod", "nginx:1.27", "--json");
    const { pulls } = JSON.parse(stdout) as { pulls: { repository: string; pullers: unknown }[] };
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
  ])("refuses %j in a sentence", (args, message) => {
    expect(run("explain", ...args)).toEqual({ status: 1, stdout: "", stderr: `error: ${message}\n` });
  });
});

describe("npm run diff-env", () => {
  test("tells what one has and the other has not", () => {
    const { status, stdout, stderr } = run("diff-env", "dev", "prod");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Docker Hub\n  prefix\n    dev   dev\n    prod  prod\n");
    expect(stdout).toContain("Quay\n  prefix\n    dev   quay\n    prod  has none\n");
  });

  test("prints the same as JSON", () => {
    const [dev, , prod] = environments;
    expect(JSON.parse(run("diff-env", "dev", "prod", "--json").stdout)).toEqual(
      JSON.parse(JSON.stringify(compareEnvironments([dev!, prod!]))),
    );
  });

  test("says that an environment is the same as itself", () => {
    expect(run("diff-env", "dev", "dev")).toEqual({ status: 0, stdout: "dev and dev are the same\n", stderr: "" });
  });
});

describe("npm run report", () => {
  test("prints what synth writes", () => {
    expect(run("report")).toEqual({ status: 0, stdout: readFileSync(join(GOLDEN, "report.md"), "utf8"), stderr: "" });
    const golden = readFileSync(join(GOLDEN, "prod.report.md"), "utf8");
    expect(run("report", "--env", "prod")).toEqual({ status: 0, stdout: golden, stderr: "" });
  });

  test("writes pages that need nothing but themselves", () => {
    const { status, stdout } = run("report", "--format", "html", "--output", folder);
    const pages = ["report.html", ...environments.map(({ name }) => join("stacks", name, "report.html"))];
    expect({ status, stdout }).toEqual({ status: 0, stdout: pages.map((page) => `${join(folder, page)}\n`).join("") });
    for (const page of pages) {
      const html = readFileSync(join(folder, page), "utf8");
      expect(html).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
      const links = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, link]) => link!);
      expect(links.filter((link) => !existsSync(join(folder, page, "..", link)))).toEqual([]);
      expect(links).toHaveLength(page === "report.html" ? environments.length : 0);
    }
  });

  test("draws on the page what Mermaid draws in Markdown", () => {
    run("report", "--env", "dev", "--format", "html", "--output", folder);
    const html = readFileSync(join(folder, "stacks", "dev", "report.html"), "utf8");
    const titles = [...html.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);
    expect(titles.filter((title) => /^[a-z]+_\d$/.test(title))).toHaveLength(16);
    expect(titles.filter((title) => title.includes("&gt;"))).toHaveLength(12);
    expect(html).toContain("registry&#45;1.docker.io");
    expect(html).not.toContain("flowchart");
  });

  test("needs an environment for a region, and a format that it knows", () => {
    expect(run("report", "--region", "us-east-1")).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: --region needs --env\n",
    });
    expect(run("report", "--format", "pdf").status).toBe(1);
  });
});
