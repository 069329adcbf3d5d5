import { warm } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { digestOf } from "../ecr-server/repository-images";
import { deploy, LiveServer, startLiveServer } from "./live-server";

const dev = samples[0] as Environment;
const fast = { perMinute: 60_000 };

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(dev);
  await deploy(server.ecr, dev);
});
afterEach(() => server.close());

const names = () => server.ecr.state.repositories.all.map(({ name }) => name);

test("images are imported with the request that begins a pull, and their repositories created", async () => {
  const done: number[] = [];
  const progress = (count: number, of: number) => done.push(count, of);
  const images = ["nginx:1.27", "quay.io/org/app:v1", "nginx:1.27"];
  expect(await warm(server.port, dev, images, { ...fast, progress })).toEqual([
    { image: "nginx:1.27", outcome: "imported" },
    { image: "quay.io/org/app:v1", outcome: "imported" },
  ]);
  expect(names()).toEqual(["dev/library/nginx", "quay/org/app"]);
  expect(done).toEqual([1, 2, 2, 2]);
  const manifests = server.ecr.calls.filter(({ action }) => action === "GetManifest").map(({ input }) => input);
  expect(manifests).toEqual([
    { repositoryName: "dev/library/nginx", tag: "1.27" },
    { repositoryName: "quay/org/app", tag: "v1" },
  ]);
  expect(server.ecr.calls.filter(({ action }) => action === "GetAuthorizationToken")).toHaveLength(1);
});

test("a second run asks the upstream for nothing that is there", async () => {
  const images = ["nginx:1.27", "nginx:1.28"];
  await warm(server.port, dev, images.slice(0, 1), fast);
  server.ecr.calls.length = 0;
  expect(await warm(server.port, dev, images, fast)).toEqual([
    { image: "nginx:1.27", outcome: "there already" },
    { image: "nginx:1.28", outcome: "imported" },
  ]);
  expect(server.ecr.calls.filter(({ action }) => action === "GetManifest")).toHaveLength(1);
});

test("an image that cannot be had is told with the reason, and the others are imported", async () => {
  const images = ["ghcr.io/a/b:1", `nginx@sha256:${"a".repeat(64)}`, "quay.io/a/gone:1", "nginx:1.27"];
  server.ecr.state.pullThrough.upstream = ({ repository }) =>
    repository === "a/gone" ? undefined : digestOf(repository);
  const warmed = await warm(server.port, dev, images, fast);
  expect(warmed.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["failed", expect.stringContaining("comes from ghcr.io, which no cache serves")],
    ["failed", "ECR imports nothing by a digest alone: name its tag"],
    ["failed", "MANIFEST_UNKNOWN: manifest unknown: Requested image not found"],
    ["imported", undefined],
  ]);
});

test("a tag that moved away from its digest is told", async () => {
  server.ecr.state.pullThrough.upstream = () => digestOf("new");
  const [same, other] = [digestOf("new"), digestOf("old")];
  const warmed = await warm(server.port, dev, [`nginx:1@${same}`, `redis:1@${other}`], fast);
  expect(warmed.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["imported", undefined],
    ["failed", `the tag is ${same} now`],
  ]);
});

test("a registry that is busy is asked again", async () => {
  const busy = new EcrError("TOOMANYREQUESTS", "Rate exceeded", 429);
  server.ecr.faults.inject({ action: "GetManifest", fault: busy, times: 3 });
  expect(await warm(server.port, dev, ["nginx:1.27"], fast)).toEqual([{ image: "nginx:1.27", outcome: "imported" }]);
  expect(server.ecr.calls.filter(({ action }) => action === "GetManifest").map(({ failure }) => failure)).toEqual([
    "429",
    "429",
    "429",
    undefined,
  ]);
});

test("no more images a minute are asked for than is said", async () => {
  const started: number[] = [];
  const port = {
    ...server.port,
    importImage: () => {
      started.push(Date.now());
      return Promise.resolve({ digest: "" });
    },
  };
  const images = Array.from({ length: 6 }, (_, index) => `nginx:1.${index}`);
  await warm(port, dev, images, { perMinute: 600 });
  expect(started).toHaveLength(6);
  // Timers may fire a moment early, never a whole interval.
  expect(started.at(-1)! - started[0]!).toBeGreaterThanOrEqual(490);
});

test("credentials of another account import nothing", async () => {
  server.sts.accountId = "999999999999";
  await expect(warm(server.port, dev, ["nginx:1.27"], fast)).rejects.toThrow("nothing was done");
  expect(server.ecr.calls).toEqual([]);
});
