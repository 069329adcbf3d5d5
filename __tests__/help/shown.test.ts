import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment, loadEnvironments } from "../../stacks";
import { samples } from "../../stacks/samples";
import { call } from "../ecr-server/call";
import { digestOf } from "../ecr-server/repository-images";
import { runScript } from "../helpers/run-script";
import { deploy, LiveServer, NOW, startLiveServer } from "../operations/live-server";
import { Block, BLOCKS } from "./pages";

/** What a page shows of a terminal is what the commands print, over a registry that is as the page tells. */
const [dev, , prod] = samples as [Environment, Environment, Environment];

let folder: string;
let server: LiveServer | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-shown-"))));
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server?.close();
  server = undefined;
});

async function start(environment: Environment): Promise<LiveServer> {
  server = await startLiveServer(environment);
  await deploy(server, environment);
  return server;
}

/** Runs `npm run …` as it stands on a page, in an empty folder; gives back all that it prints. */
async function run(line: string): Promise<string> {
  const [, script, args = ""] = /^npm run (?:-s )?([\w-]+)(?: -- (.*))?$/.exec(line)!;
  const { stdout, stderr } = await runScript(script!, args.split(" ").filter(Boolean), {
    cwd: folder,
    env: server?.env,
  });
  return stdout + stderr;
}

/** The lines after each prompt of a block. */
function sessionOf({ text }: Block): [command: string, output: string][] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n") + 1;
      return [part.slice(0, end).trimEnd(), part.slice(end)];
    });
}

const sessions = new Map(BLOCKS.filter(({ text }) => text.startsWith("$ ")).map((block) => [block.page, block]));
const shown = new Map(
  BLOCKS.flatMap(({ marker, text }) => (marker?.startsWith("shows: ") ? [[marker.slice("shows: ".length), text]] : [])),
);
const tried = new Set<string>();

async function expectSession(page: string): Promise<void> {
  tried.add(page);
  for (const [command, output] of sessionOf(sessions.get(page)!)) {
    const [, file] = /^cat (\S+)$/.exec(command) ?? [];
    if (file === undefined) expect(await run(command)).toBe(output);
    else writeFileSync(join(folder, file), output);
  }
}

async function expectShown(command: string): Promise<void> {
  tried.add(command);
  expect(await run(command)).toBe(shown.get(command));
}

test("help/reviewing.md: an image explained", async () => {
  await expectSession("help/reviewing.md");
});

test("help/images.md: a manifest with three images", async () => {
  await expectSession("help/images.md");
});

test("help/verify.md: a rule that is gone, and a template that somebody changed", async () => {
  const { ecr } = await start(prod);
  ecr.state.rules.delete({ ecrRepositoryPrefix: "prod" });
  await call(ecr, "UpdateRepositoryCreationTemplate", { prefix: "prod", imageTagMutability: "MUTABLE" });
  await expectSession("help/verify.md");
});

test("help/audit.md: one repository from before the template", async () => {
  const { ecr } = await start(prod);
  const { repositories } = ecr.state;
  for (let index = 1; index < 214; index++) ecr.state.pull(`prod/team/app-${index}`);
  const { tags, policy, lifecyclePolicy } = repositories.find("prod/team/app-1")!;
  repositories.create("prod/library/nginx", { tags, policy, lifecyclePolicy });
  await expectSession("help/audit.md");
});

test("help/cleanup.md: a repository with three images", async () => {
  const { ecr } = await start(dev);
  const tags = [{ Key: "environment", Value: "dev" }];
  const { images } = ecr.state.repositories.create("quay/prometheus/node-exporter", { tags });
  const pushedAt = Date.UTC(2026, 8, 1) / 1000;
  ["v1.6.1", "v1.7.0", "v1.8.2"].forEach((tag, index) => {
    const lastPulledAt = Date.UTC(2026, 9, index) / 1000;
    images.put({ digest: digestOf(tag), pushedAt, sizeInBytes: 10_400_000, lastPulledAt }, tag);
  });
  await expectSession("help/cleanup.md");
});

test("help/usage.md: two caches in use", async () => {
  const { ecr } = await start(dev);
  const put = (name: string, tag: string, megabytes: number, days: number) => {
    const { images } = ecr.state.repositories.find(name) ?? ecr.state.repositories.create(name);
    images.put({ digest: digestOf(tag), pushedAt: NOW - days * 24 * 60 * 60, sizeInBytes: megabytes * 1e6 }, tag);
  };
  put("dev/library/nginx", "1.27", 50, 1);
  put("quay/org/app", "v1", 3000, 60);
  put("quay/org/app", "v2", 1000, 2);
  await expectSession("help/usage.md");
});

test("help/warm.md: one image to import, and one that is there", async () => {
  const { ecr } = await start(dev);
  ecr.state.pull("quay/prometheus/node-exporter", { tag: "v1.8.2" });
  await expectSession("help/warm.md");
});

test("help/first-deploy.md: from a new environment to a cached repository", async () => {
  const [describe, verify, audit] = [...shown.keys()].filter((command) => command.includes("--env qa"));
  await expectShown(describe!);
  const [qa] = loadEnvironments(join(folder, "stacks", "environments", "qa.yaml"));
  const { ecr } = await start(qa!);
  await expectShown(verify!);
  ecr.state.pull("quay/prometheus/node-exporter", { tag: "v1.8.2" });
  await expectShown(audit!);
});

test.each(["--list", "--env prod containers"])("help/clusters.md: npm run clients -- %s", async (args) => {
  await expectShown(`npm run -s clients -- ${args}`);
});

test("README.md: a synthesis", async () => {
  await expectShown("npm run synth");
});

test("these are all that the pages show", () => {
  expect([...tried].sort()).toEqual([...sessions.keys(), ...shown.keys()].sort());
});
