/** Runs the clients of one release of Debian. Started by `run-clients.ts`, in namespaces of its own. */
import { spawnSync } from "node:child_process";
import { ChildProcesses } from "../terraform/child-processes";
import { checkAdmission } from "./check-admission";
import { checkContainerd } from "./check-containerd";
import { checkContainers } from "./check-containers";
import { checkDocker } from "./check-docker";
import { NamespacedRoot } from "./namespaced-root";
import { RecordedHosts } from "./recorded-hosts";
import { IMAGES, SampleContent, UNCACHED } from "./samples";
import { until } from "./until";
import { Verdicts } from "./verdicts";

const REGISTRY = "http://127.0.0.1:5000";
const [release, installed, scratch] = process.argv.slice(2) as [string, string, string];

const verdicts = new Verdicts();
const children = new ChildProcesses();
run()
  .catch((error: unknown) => {
    verdicts.report("FAILED", release, "run", error instanceof Error ? (error.stack ?? error.message) : String(error));
  })
  .finally(() => {
    console.log(`COUNTS ${JSON.stringify(verdicts)}`);
    process.exit();
  });

async function run(): Promise<void> {
  if (spawnSync("ip", ["link", "set", "lo", "up"]).status !== 0)
    throw new Error("the loopback interface does not come up");
  const root = new NamespacedRoot(children, installed, scratch);
  await startRegistry(root);
  const hosts = new RecordedHosts(root.identity, 5000);
  await hosts.start();
  const checks = {
    containerd: checkContainerd,
    containers: checkContainers,
    docker: checkDocker,
    admission: checkAdmission,
  };
  const asked = process.env.CLIENT_CHECKS?.split(",");
  for (const [name, check] of Object.entries(checks)) {
    if (asked !== undefined && !asked.includes(name)) {
      verdicts.report("SKIPPED", release, name, "CLIENT_CHECKS does not name it");
      continue;
    }
    try {
      await check(verdicts, root, hosts);
    } catch (error) {
      verdicts.report("FAILED", release, name, (error as Error).stack);
    }
    await hosts.cacheUp();
  }
  const { requests, leaks } = hosts.everReceived;
  verdicts.judge("all clients", `the token reached no other host in ${requests} requests`, leaks);
}

/** The registry that has the images, of the cache and of the upstreams. */
async function startRegistry(root: NamespacedRoot): Promise<void> {
  const config = {
    version: "0.1",
    http: { addr: "127.0.0.1:5000" },
    storage: { filesystem: { rootdirectory: "/tmp/registry" } },
  };
  root.write("/tmp/registry.yml", JSON.stringify(config));
  const registry = root.start("docker-registry", ["serve", "/tmp/registry.yml"]);
  const answers = () =>
    fetch(`${REGISTRY}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until("docker-registry answers", answers, registry.printed);
  const content = new SampleContent();
  for (const { cache, repository, upstreamRepository } of IMAGES) {
    await content.push(REGISTRY, repository);
    await content.push(REGISTRY, `upstream/${cache.upstreamHost}/${upstreamRepository}`);
  }
  await content.push(REGISTRY, `upstream/${UNCACHED}/app`);
}
