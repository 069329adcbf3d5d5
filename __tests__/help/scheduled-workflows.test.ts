import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT, SCRIPTS } from "../helpers/run-script";
import { readPage } from "./pages";

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly with?: Readonly<Record<string, string>>;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

interface Workflow {
  readonly on: { readonly schedule: readonly unknown[] };
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (name: string) => parse(readFileSync(join(ROOT, "help", "github-actions", name), "utf8")) as Workflow;
const verify = read("verify.yml");
const cleanup = read("cleanup.yml");
const HAS_JQ = spawnSync("jq", ["--version"]).status === 0;
if (!HAS_JQ) console.log("SKIPPED: jq is not installed, which GitHub's runners have");
const withJq = HAS_JQ ? test : test.skip;

/** Writes its name and arguments down, and answers as it is told. */
const RECORDER = `#!/bin/bash
IFS=$'\\037'
set -- "\${0##*/}" "$@"
printf '%s\\n' "$*" >> "$CALLS"
case "$1 $2 $3 $4" in
  npm*verify) echo 'missing  rule quay  is not there'; exit "$STATUS" ;;
  npm*cleanup) cat "$PLAN"; exit "$STATUS" ;;
  gh*issue*list*) shift 3; while [ $# -gt 1 ]; do if [ "$1" = --jq ]; then jq --raw-output "$2" "$ISSUES"; fi; shift; done ;;
esac
exit 0
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-scheduled-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the steps of a job one by one until one fails; gives back the calls and how it ended. */
function runJob({ env = {}, steps }: Job, answers: { status: number; issues?: object[]; plan?: object }) {
  const values: Readonly<Record<string, string>> = {
    "matrix.stack": "qa",
    "github.token": "token",
    "github.repository": "your-org/your-repo",
  };
  const evaluate = (text: string) =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => values[name] ?? `?${name}`);
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of ["gh", "npm"]) {
    writeFileSync(join(bin, name), RECORDER);
    chmodSync(join(bin, name), 0o755);
  }
  const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), join(folder, name));
  const common = {
    PATH: `${bin}:${process.env.PATH!}`,
    CALLS: file("calls", ""),
    ISSUES: file("issues.json", JSON.stringify(answers.issues ?? [])),
    PLAN: file("plan-answer.json", JSON.stringify(answers.plan ?? {})),
    GITHUB_OUTPUT: file("output", ""),
    GITHUB_STEP_SUMMARY: file("summary", ""),
    STATUS: String(answers.status),
    RUNNER_TEMP: folder,
  };
  let isFine = true;
  for (const step of steps) {
    if (step.run === undefined || !isFine) continue;
    const all = { ...env, ...step.env };
    const given = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, evaluate(value)]));
    const shell = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", evaluate(step.run)];
    isFine = spawnSync("bash", shell, { cwd: folder, env: { ...common, ...given } }).status === 0;
  }
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const calls = text("calls").trimEnd().split("\n");
  return { isFine, calls: calls.map((one) => one.replaceAll("\u001f", " ").replaceAll(folder, "TEMP")), text };
}

test("they run on a schedule, may do no more than they need, and call scripts that there are", () => {
  for (const { on, permissions, jobs } of [verify, cleanup]) {
    expect([on.schedule.length, permissions]).toEqual([1, { contents: "read" }]);
    for (const { steps } of Object.values(jobs)) {
      const scripts = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run -s (\S+)/g)].map(([, name]) => name!));
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.filter((script) => !(script in SCRIPTS))).toEqual([]);
    }
  }
  expect(verify.jobs.verify!.permissions).toEqual({ contents: "read", "id-token": "write", issues: "write" });
  for (const { permissions } of Object.values(cleanup.jobs)) {
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
  }
});

describe("verify.yml", () => {
  const title = "verify: qa differs from its description";
  const run = (status: number, issues: object[] = []) => {
    const { isFine, calls, text } = runJob(verify.jobs.verify!, { status, issues });
    return { isFine, gh: calls.filter((call) => call.startsWith("gh issue") && !call.includes(" list ")), text };
  };

  withJq("opens an issue where something is different, and updates it as long as it is", () => {
    const opened = run(2, [{ number: 3, title: "another" }]);
    expect([opened.isFine, opened.gh]).toEqual([true, [`gh issue create --title ${title} --body-file TEMP/body.md`]]);
    expect(opened.text("body.md")).toBe("```text\nmissing  rule quay  is not there\n```\n");
    expect(run(2, [{ number: 7, title }]).gh).toEqual(["gh issue edit 7 --body-file TEMP/body.md"]);
  });

  withJq("closes the issue when nothing is different, and is silent if there is none", () => {
    expect(run(0, [{ number: 7, title }]).gh).toEqual([
      "gh issue close 7 --comment The registry is as described again.",
    ]);
    expect(run(0)).toMatchObject({ isFine: true, gh: [] });
  });

  test("fails, and leaves the issue as it is, where verify could not find out", () => {
    expect(run(1)).toMatchObject({ isFine: false, gh: [] });
  });
});

describe("cleanup.yml", () => {
  const { plan, delete: deletion } = cleanup.jobs as { plan: Job; delete: Job };
  const items = [{ repository: "quay/app", images: 3, toDelete: [{}, {}], bytes: 5_600_000 }];

  withJq("reports what can be deleted, and how many images that are", () => {
    const { isFine, calls, text } = runJob(plan, { status: 0, plan: { items } });
    expect([isFine, calls]).toEqual([
      true,
      ["npm ci", "npm run -s cleanup -- --env qa --prefix quay --older-than 90 --no-assume-role --json"],
    ]);
    expect(text("output")).toBe("images=2\n");
    expect(text("summary")).toBe(
      "## 2 images can be deleted\n\n| repository | images | MB |\n| --- | ---: | ---: |\n| quay/app | 2 of 3 | 5 |\n",
    );
    expect(runJob(plan, { status: 0, plan: { items: [] } }).text("output")).toBe("images=0\n");
  });

  test("fails where the plan fails", () => {
    expect(runJob(plan, { status: 1, plan: { items } }).isFine).toBe(false);
  });

  test("deletes the same in a GitHub environment, where somebody approves it, with another role", () => {
    expect([deletion.needs, deletion.if]).toEqual(["plan", "needs.plan.outputs.images != '0'"]);
    expect(readPage("help/scheduled-checks.md")).toContain(`environment:${deletion.environment!}#`);
    expect(deletion.env).toEqual(plan.env);
    expect(runJob(deletion, { status: 0 }).calls.at(-1)).toBe(
      "npm run -s cleanup -- --env qa --prefix quay --older-than 90 --no-assume-role --yes",
    );
    const role = ({ steps }: Job) => steps.flatMap(({ with: given = {} }) => given["role-to-assume"] ?? []);
    expect(role(plan)).not.toEqual(role(deletion));
  });
});
