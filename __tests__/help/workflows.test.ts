import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import packageJson from "../../package.json";
import { parseEnvironments, synthesize } from "../../stacks";
import { StackJson } from "../helpers/synth";
import { BLOCKS } from "./pages";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Job {
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly [Readonly<Record<string, string>>] } };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "..", "..", "help", "github-actions");
/** The workflows that run on a schedule have tests of their own. */
const SCHEDULED = ["cleanup.yml", "verify.yml"];
const names = readdirSync(FOLDER).filter((name) => !SCHEDULED.includes(name));
const workflows = new Map(names.map((name) => [name, parse(readFileSync(join(FOLDER, name), "utf8")) as Workflow]));
const jobs = [...workflows].flatMap(([name, workflow]) => {
  return Object.entries(workflow.jobs).map(([id, job]) => [`${name}: ${id}`, job] as const);
});
const job = (place: string): Job => jobs.find(([one]) => one === place)![1];
const PLAN = job("plan.yml: plan");
const DEPLOY = job("deploy.yml: deploy");

/** The environment of help/deploying.md, which the workflows are for. */
const page = BLOCKS.find(({ page, language }) => page === "help/deploying.md" && language === "yaml")!;
const environments = parseEnvironments(page.text, "environments.yaml");

const NOT_FROM_A_FORK = "github.event.pull_request.head.repo.full_name == github.repository";

describe("the GitHub Actions workflows", () => {
  test("are these", () => {
    expect(names.sort()).toEqual(["deploy.yml", "plan.yml"]);
    expect(jobs.map(([place]) => place).sort()).toEqual(["deploy.yml: deploy", "plan.yml: plan", "plan.yml: test"]);
  });

  test("run at a pull request, and after a merge", () => {
    expect(Object.keys(workflows.get("plan.yml")!.on)).toEqual(["pull_request"]);
    expect(workflows.get("deploy.yml")!.on).toEqual({ push: { branches: ["main"] } });
  });

  test("may do no more than they need", () => {
    for (const { permissions } of workflows.values()) expect(permissions).toEqual({ contents: "read" });
    expect(job("plan.yml: test").permissions).toEqual({ contents: "read" });
    expect(DEPLOY.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(PLAN.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
  });

  test("test and synthesise pull requests of forks, and do nothing else for them", () => {
    const forFork = jobs.filter(([place, { if: guard }]) => place.startsWith("plan.yml") && guard !== NOT_FROM_A_FORK);
    expect(forFork.map(([place]) => place)).toEqual(["plan.yml: test"]);
    const { steps, env } = forFork[0]![1];
    expect(steps.map(({ uses = "", run }) => run ?? uses.split("@")[0])).toEqual([
      "actions/checkout",
      "actions/setup-node",
      "npm ci",
      "npm test",
      "npm run synth",
    ]);
    expect(env).toBeUndefined();
  });

  test("plan with another role than they deploy with", () => {
    const [plan, deploy] = [PLAN, DEPLOY].map(({ strategy }) => strategy!.matrix.include[0].role);
    expect(plan).not.toBe(deploy);
  });

  describe.each([
    ["plan.yml: plan", PLAN],
    ["deploy.yml: deploy", DEPLOY],
  ])("%s", (_, { strategy, env }) => {
    const [{ stack, region, role }] = strategy!.matrix.include;
    const environment = environments.find(({ name }) => name === stack)!;

    test("fits the stack that it names", () => {
      expect(region).toBe(environment.region);
      expect(role).toMatch(`arn:aws:iam::${environment.accountId}:role/`);
      // What only a machine keeps is lost on a runner, and the code of a pull request must not get at another role.
      expect(environment.backend.type).toBe("s3");
      expect(environment.assumeRole).toBeUndefined();
    });

    test("gives the variables that the stack asks for, and no others", () => {
      inFolder((folder) => {
        const [written] = synthesize([environment], folder);
        const { variable } = JSON.parse(readFileSync(written!.file, "utf8")) as StackJson;
        const given = Object.keys(env!).filter((name) => name.startsWith("TF_VAR_"));
        expect(given.sort()).toEqual(Object.keys(variable!).map((name) => `TF_VAR_${name}`));
      });
    });
  });
});

const RECORDED = ["gh", "npm", "terraform"];
const HAS_JQ = spawnSync("jq", ["--version"]).status === 0;

/** Writes its name and arguments down; answers what the workflows go on with. */
const RECORDER = `#!/bin/bash
IFS=$'\\037'
set -- "\${0##*/}" "$@"
printf '%s\\n' "$*" >> "$CALLS"
case "$1 $2" in
  "terraform show") echo 'Plan: 12 to add, 0 to change, 0 to destroy.' ;;
  "gh api")
    while [ $# -gt 1 ]; do
      if [ "$1" = --jq ]; then ${HAS_JQ ? 'jq --raw-output "$2" "$COMMENTS"' : "echo $FOUND"}; fi
      shift
    done ;;
esac
`;

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  readonly body: string;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "ecr-workflow-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the steps of a job as GitHub does, each by itself; gives back what they called, and the comment's text. */
function runJob({ strategy, env = {}, steps }: Job, comments: readonly Comment[] = []) {
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(strategy?.matrix.include[0] ?? {}).map(([key, is]) => [`matrix.${key}`, is])),
    "github.event.number": "7",
    "github.repository": "your-org/your-repo",
    "github.token": "token",
    "secrets.DOCKER_HUB_ACCESS_TOKEN": "secret",
    "secrets.DOCKER_HUB_USERNAME": "somebody",
    "secrets.TF_TOKEN_APP_TERRAFORM_IO": "",
  };
  /** Replaces GitHub's expressions; one that is not known here is refused. */
  const evaluate = (text: string) =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
      if (!(name in values)) throw new Error(`what is ${name}?`);
      return values[name]!;
    });
  const evaluateAll = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, evaluate(value)]));

  return inFolder((folder) => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const name of RECORDED) {
      writeFileSync(join(bin, name), RECORDER);
      chmodSync(join(bin, name), 0o755);
    }
    writeFileSync(join(folder, "comments.json"), JSON.stringify(comments));
    synthesize(environments, join(folder, "cdktf.out"));
    const common = {
      PATH: `${bin}:${process.env.PATH!}`,
      CALLS: join(folder, "calls"),
      COMMENTS: join(folder, "comments.json"),
      FOUND: comments.map(({ id }) => id).join("\n"),
      RUNNER_TEMP: folder,
      ...evaluateAll(env),
    };
    for (const step of steps) {
      Object.values(step.with ?? {}).forEach((value) => evaluate(String(value)));
      if (step.run === undefined) continue;
      const { status, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-e", "-c", evaluate(step.run)], {
        cwd: join(folder, evaluate(step["working-directory"] ?? ".")),
        env: { ...common, ...evaluateAll(step.env ?? {}) },
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    }
    const calls = readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
    const comment = join(folder, "comment.md");
    return {
      calls: calls.map((call) => call.replaceAll("\u001f", " ").replaceAll(folder, "TEMP")),
      comment: existsSync(comment) ? readFileSync(comment, "utf8") : undefined,
    };
  });
}

describe("the steps of the workflows", () => {
  test.each(jobs)("%s: its blocks run as they stand, and call scripts that there are", (_, one) => {
    const scripts = runJob(one).calls.flatMap((call) => {
      const [, script] = /^npm (?:run )?(\S+)$/.exec(call) ?? [];
      return script === undefined || script === "ci" ? [] : [script];
    });
    expect(scripts).toContain("synth");
    expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
  });

  test("a plan changes nothing, and becomes a comment with the stack's report", () => {
    const { calls, comment } = runJob(PLAN);
    expect(calls.filter((call) => call.startsWith("terraform"))).toEqual([
      "terraform init -input=false",
      "terraform plan -input=false -lock=false -no-color -out=plan",
      "terraform show -no-color plan",
    ]);
    expect(comment).toMatch(/^<!-- plan of qa -->\n# /);
    expect(comment).toContain("Plan: 12 to add, 0 to change, 0 to destroy.");
    expect(comment!.length).toBeLessThan(65_536);
  });

  const others: Comment[] = [
    { id: 1, user: { login: "somebody" }, body: "<!-- plan of qa -->\nmine" },
    { id: 2, user: { login: "github-actions[bot]" }, body: "<!-- plan of qa-eu-west-1 -->\n# qa-eu-west-1" },
  ];
  const before: Comment = { id: 3, user: { login: "github-actions[bot]" }, body: "<!-- plan of qa -->\n# qa" };

  test("the first plan of a pull request adds a comment", () => {
    const { calls } = runJob(PLAN, HAS_JQ ? others : []);
    expect(calls.filter((call) => call.startsWith("gh")).slice(1)).toEqual([
      "gh api --silent --method POST repos/your-org/your-repo/issues/7/comments --field body=@TEMP/comment.md",
    ]);
  });

  test("a later one replaces its text", () => {
    const { calls } = runJob(PLAN, HAS_JQ ? [...others, before] : [before]);
    expect(calls.filter((call) => call.startsWith("gh")).slice(1)).toEqual([
      "gh api --silent --method PATCH repos/your-org/your-repo/issues/comments/3 --field body=@TEMP/comment.md",
    ]);
  });

  test("only a merge changes AWS", () => {
    const applies = jobs.map(([place, one]) => [place, runJob(one).calls.filter((call) => call.includes("apply"))]);
    expect(Object.fromEntries(applies)).toEqual({
      "deploy.yml: deploy": ["terraform apply -input=false -auto-approve"],
      "plan.yml: plan": [],
      "plan.yml: test": [],
    });
  });
});
