import { warm, WarmedImage } from "../../operations";
import { askForManifest } from "../../operations/ask-for-manifest";
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
  await deploy(server, dev);
});
afterEach(() => server.close());

const names = () => server.ecr.state.repositories.all.map(({ name }) => name);

test("images are imported with the request that begins a pull, and their repositories created", async () => {
  const reported: WarmedImage[] = [];
  const images = ["nginx:1.27", "quay.io/org/app:v1", "nginx:1.27"];
  const warmed = await warm(server.port, dev, images, { ...fast, report: (one) => reported.push(one) });
  expect(warmed).toEqual([
    { image: "nginx:1.27", repository: "dev/library/nginx", outcome: "imported" },
    { image: "quay.io/org/app:v1", repository: "quay/org/app", outcome: "imported" },
  ]);
  expect(names()).toEqual(["dev/library/nginx", "quay/org/app"]);
  expect(new Set(reported)).toEqual(new Set(warmed));
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
    { image: "nginx:1.27", repository: "dev/library/nginx", outcome: "there already" },
    { image: "nginx:1.28", repository: "dev/library/nginx", outcome: "imported" },
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

test("of an image with a digest it is the digest that must be there", async () => {
  const [old, moved] = [digestOf("old"), digestOf("moved")];
  const upstream = (digest: string) => (server.ecr.state.pullThrough.upstream = () => digest);
  const outcomes = async (...images: string[]) => {
    const warmed = await warm(server.port, dev, images, fast);
    return warmed.map(({ outcome, reason }) => [outcome, reason]);
  };
  upstream(old);
  expect(await outcomes("nginx:1")).toEqual([["imported", undefined]]);
  expect(await outcomes(`nginx:1@${old}`, `nginx@${old}`)).toEqual([
    ["there already", undefined],
    ["there already", undefined],
  ]);
  for (let run = 0; run < 2; run++) {
    expect(await outcomes(`nginx:1@${moved}`)).toEqual([["failed", `the tag is ${old} now`]]);
  }
  server.ecr.state.repositories.find("dev/library/nginx")!.images.put({ digest: moved, pushedAt: 1 }, "2");
  expect(await outcomes(`nginx:1@${moved}`, `nginx:3@${moved}`)).toEqual([
    ["there already", `by its digest; the tag 1 is ${old}`],
    ["there already", "by its digest; the tag 3 is not there"],
  ]);
});

test("an image goes into every cache that serves it", async () => {
  const both: Environment = { ...dev, caches: [{ upstream: "quay" }, { upstream: "quay", prefix: "mirror/quay" }] };
  await server.close();
  server = await startLiveServer(both);
  await deploy(server, both);
  server.ecr.state.pull("quay/org/app", { tag: "v1" });
  const image = "quay.io/org/app:v1";
  expect(await warm(server.port, both, [image], fast)).toEqual([
    { image, repository: "quay/org/app", outcome: "there already" },
    { image, repository: "mirror/quay/org/app", outcome: "imported" },
  ]);
});

test("a connection that breaks is made again", async () => {
  server.ecr.faults.inject({ action: "GetManifest", fault: "lost-answer", times: 2 });
  const [warmed] = await warm(server.port, dev, ["nginx:1.27"], fast);
  expect(warmed!.outcome).toBe("imported");
  expect(server.ecr.calls.filter(({ action }) => action === "GetManifest")).toHaveLength(3);
});

test("a connection that stays broken is told with what is behind it", async () => {
  server.ecr.faults.inject({ action: "GetManifest", fault: "lost-answer" });
  const url = `${server.ecr.url}/v2/quay/app/manifests/v1`;
  expect(await askForManifest(url, {}, 1)).toEqual({
    refusal: "fetch failed: other side closed",
    isLoggedOut: false,
  });
});

test("a registry that is busy is asked again", async () => {
  const busy = new EcrError("TOOMANYREQUESTS", "Rate exceeded", 429);
  server.ecr.faults.inject({ action: "GetManifest", fault: busy, times: 3 });
  expect(await warm(server.port, dev, ["nginx:1.27"], fast)).toEqual([
    { image: "nginx:1.27", repository: "dev/library/nginx", outcome: "imported" },
  ]);
  expect(server.ecr.calls.filter(({ action }) => action === "GetManifest").map(({ failure }) => failure)).toEqual([
    "429",
    "429",
    "429",
    undefined,
  ]);
});

describe("a login, which works for 12 hours,", () => {
  const logins = () => server.ecr.calls.filter(({ action }) => action === "GetAuthorizationToken").length;

  test("is renewed before it expires", async () => {
    server.ecr.state.tokenSeconds = 5;
    const images = ["nginx:1.27", "nginx:1.28", "nginx:1.29"];
    const warmed = await warm(server.port, dev, images, fast);
    expect(warmed.map(({ outcome }) => outcome)).toEqual(["imported", "imported", "imported"]);
    expect(logins()).toBe(3);
  });

  test("is renewed once where the registry does not take it any more", async () => {
    const expired = new EcrError("DENIED", "Your authorization token has expired. Reauthenticate and try again.", 401);
    server.ecr.faults.inject({ action: "GetManifest", fault: expired });
    expect((await warm(server.port, dev, ["nginx:1.27"], fast)).map(({ outcome }) => outcome)).toEqual(["imported"]);
    expect(logins()).toBe(2);
    server.ecr.faults.inject({ action: "GetManifest", fault: expired, times: 5 });
    expect(await warm(server.port, dev, ["nginx:1.28"], fast)).toEqual([
      {
        image: "nginx:1.28",
        repository: "dev/library/nginx",
        outcome: "failed",
        reason: "DENIED: Your authorization token has expired. Reauthenticate and try again.",
      },
    ]);
    expect(logins()).toBe(3);
  });
});

test("credentials that expire in the middle end the run soon", async () => {
  const expired = new EcrError("ExpiredTokenException", "The security token included in the request is expired");
  server.ecr.faults.inject({ action: "DescribeImages", fault: expired, times: 1000 });
  const images = Array.from({ length: 100 }, (_, index) => `nginx:1.${index}`);
  const warmed = await warm(server.port, dev, images, fast);
  expect(warmed.map(({ outcome }) => outcome)).toEqual(Array(100).fill("failed"));
  expect(warmed.filter(({ reason }) => reason?.startsWith("not tried: ExpiredTokenException")).length).toBeGreaterThan(
    80,
  );
});

test("no more images a minute are asked for than is said", async () => {
  jest.useFakeTimers();
  try {
    const started: number[] = [];
    const begin = Date.now();
    const port = {
      ...server.port,
      callerAccount: () => Promise.resolve(dev.accountId),
      findImage: () => Promise.resolve(undefined),
      importImage: () => {
        started.push(Date.now() - begin);
        return Promise.resolve({ digest: "" });
      },
    };
    const images = Array.from({ length: 4 }, (_, index) => `nginx:1.${index}`);
    const warmed = warm(port, dev, images, { perMinute: 60 });
    await jest.advanceTimersByTimeAsync(10_000);
    await warmed;
    expect(started).toEqual([0, 1000, 2000, 3000]);
  } finally {
    jest.useRealTimers();
  }
});

test("credentials of another account import nothing", async () => {
  server.sts.accountId = "999999999999";
  await expect(warm(server.port, dev, ["nginx:1.27"], fast)).rejects.toThrow("nothing was done");
  expect(server.ecr.calls).toEqual([]);
});
