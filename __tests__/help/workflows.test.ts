import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import packageJson from "../../package.json";
import { samples } from "../../stacks/samples";

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy: {
    readonly matrix: { readonly include: readonly { stack: string; region: string; role: string }[] };
  };
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "..", "..", "help", "github-actions");
const names = readdirSync(FOLDER);
const workflows = new Map(names.map((name) => [name, parse(readFileSync(join(FOLDER, name), "utf8")) as Workflow]));

describe("the GitHub Actions workflows", () => {
  test("are these", () => {
    expect(names.sort()).toEqual(["deploy.yml", "plan.yml"]);
  });

  test("run at a pull request, and after a merge", () => {
    expect(Object.keys(workflows.get("plan.yml")!.on)).toEqual(["pull_request"]);
    expect(workflows.get("deploy.yml")!.on).toEqual({ push: { branches: ["main"] } });
  });

  describe.each(names)("%s", (name) => {
    const workflow = workflows.get(name)!;
    const [job] = Object.values(workflow.jobs);

    test("may do no more than it needs", () => {
      expect(workflow.permissions).toEqual({ contents: "read" });
      const comment = name === "plan.yml" ? { "pull-requests": "write" } : {};
      expect(job!.permissions).toEqual({ contents: "read", "id-token": "write", ...comment });
    });

    test("calls scripts that exist", () => {
      const text = job!.steps.map(({ run = "" }) => run).join("\n");
      const scripts = [...text.matchAll(/npm run ([\w:-]+)|npm (test)\b/g)].map(([, script, test]) => script ?? test!);
      expect(scripts).toContain("synth");
      expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
    });

    test("names a sample stack, with its region and account", () => {
      const [{ stack, region, role }] = job!.strategy.matrix.include as [
        { stack: string; region: string; role: string },
      ];
      const sample = samples.find((environment) => environment.name === stack)!;
      expect(region).toBe(sample.region);
      expect(role).toMatch(`arn:aws:iam::${sample.accountId}:role/`);
    });
  });

  test("changes AWS only after a merge", () => {
    const runs = (name: string) =>
      Object.values(workflows.get(name)!.jobs).flatMap(({ steps }) => steps.map(({ run = "" }) => run));
    expect(runs("plan.yml").filter((run) => run.includes("terraform apply"))).toEqual([]);
    expect(runs("deploy.yml").filter((run) => run.includes("terraform apply"))).toHaveLength(1);
  });
});
