import { CleanedItem, cleanUp, planCleanup } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { SERVER_FAILED } from "../ecr-server/faults";
import { digestOf } from "../ecr-server/repository-images";
import { deploy, LiveServer, NOW, startLiveServer } from "./live-server";

const dev = samples[0] as Environment;
const DAY = 24 * 60 * 60;
const now = new Date(NOW * 1000);

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(dev);
  await deploy(server.ecr, dev);
});
afterEach(() => server.close());

/** Puts images into a repository, each so many days after its push and, if it is said, its last pull. */
function fill(name: string, ...ages: readonly (number | readonly [pushed: number, pulled: number])[]): string[] {
  const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name);
  return ages.map((age, index) => {
    const [pushed, pulled] = typeof age === "number" ? [age, undefined] : age;
    const digest = digestOf(`${name} ${index}`);
    const lastPulledAt = pulled === undefined ? {} : { lastPulledAt: NOW - pulled * DAY };
    images.put({ digest, pushedAt: NOW - pushed * DAY, sizeInBytes: 1_000_000, ...lastPulledAt }, `v${index}`);
    return digest;
  });
}

const names = () => server.ecr.state.repositories.all.map(({ name }) => name);
const wholePlan = (prefixes: string[], olderThanDays?: number) => {
  return planCleanup(server.port, dev, { prefixes, olderThanDays, now });
};
const plan = async (prefixes: string[], olderThanDays?: number) => (await wholePlan(prefixes, olderThanDays)).items;

test("a plan shows what would go, and changes nothing", async () => {
  const digests = fill("quay/org/app", [100, 3], 50);
  fill("kubernetes/pause", 1);
  expect(await plan(["quay"])).toEqual([
    {
      repository: "quay/org/app",
      images: 2,
      archived: 0,
      digests,
      bytes: 2_000_000,
      lastPulledAt: new Date((NOW - 3 * DAY) * 1000),
      wholeRepository: true,
      force: true,
    },
  ]);
  expect(server.actions().sort()).toEqual(["DescribeImages", "DescribeRepositories"]);
  expect(names()).toEqual(["kubernetes/pause", "quay/org/app"]);
});

test("a cleanup deletes repositories under the prefix, and no others", async () => {
  for (const name of ["quay/a", "quay/b/c", "quayside/a", "kubernetes/pause"]) fill(name, 1);
  const cleaned: CleanedItem[] = [];
  await cleanUp(server.port, dev, await plan(["quay"]), (item) => cleaned.push(item));
  expect(cleaned.map(({ repository }) => repository).sort()).toEqual(["quay/a", "quay/b/c"]);
  expect(names()).toEqual(["kubernetes/pause", "quayside/a"]);
});

test("a part of a cache can be meant", async () => {
  for (const name of ["quay/a/x", "quay/ab/x"]) fill(name, 1);
  await cleanUp(server.port, dev, await plan(["quay/a"]));
  expect(names()).toEqual(["quay/ab/x"]);
});

test("of old images only those go that nobody pulled, and the repository with its last one", async () => {
  const [, second] = fill("quay/mixed", [200, 10], [200, 120], 30);
  const old = fill("quay/old", [300, 200], 100);
  fill("quay/new", 5);
  fill("quay/empty");
  const items = await plan(["quay"], 90);
  expect(
    items.map(({ repository, digests, wholeRepository }) => [repository, digests.length, wholeRepository]),
  ).toEqual([
    ["quay/mixed", 1, false],
    ["quay/old", 2, true],
  ]);
  server.ecr.calls.length = 0;
  await cleanUp(server.port, dev, items);
  expect(server.ecr.calls.map(({ action, input }) => [action, input])).toEqual([
    ["BatchDeleteImage", { repositoryName: "quay/mixed", imageIds: [{ imageDigest: second }] }],
    ["BatchDeleteImage", { repositoryName: "quay/old", imageIds: old.map((imageDigest) => ({ imageDigest })) }],
    ["DeleteRepository", { repositoryName: "quay/old" }],
  ]);
  expect(names()).toEqual(["quay/empty", "quay/mixed", "quay/new"]);
});

test("an image that was pulled after the plan stays, and its repository with it", async () => {
  fill("quay/app", 100);
  const items = await plan(["quay"], 90);
  server.ecr.state.pull("quay/app", { tag: "new" });
  expect(await cleanUp(server.port, dev, items)).toEqual([
    { repository: "quay/app", kept: "the repository, which has new images" },
  ]);
  expect(server.ecr.state.repositories.find("quay/app")!.images.all.map(({ tags }) => tags)).toEqual([["new"]]);
});

test("images in the archive are found, and go like the others", async () => {
  fill("quay/app", 1);
  const { images } = server.ecr.state.repositories.find("quay/app")!;
  images.put(
    { digest: digestOf("archived"), pushedAt: NOW - 300 * DAY, sizeInBytes: 5_000_000, archived: true },
    "old",
  );
  const [item, ...others] = await plan(["quay"], 90);
  expect(others).toEqual([]);
  expect(item).toMatchObject({ images: 2, archived: 1, digests: [digestOf("archived")], bytes: 5_000_000 });
  await cleanUp(server.port, dev, [item!]);
  expect(images.all.map(({ tags }) => tags)).toEqual([["v0"]]);
});

test("images are deleted by the hundred", async () => {
  fill("quay/big", ...Array.from({ length: 250 }, () => 100), 1);
  await cleanUp(server.port, dev, await plan(["quay"], 90));
  const sizes = server.ecr.calls.flatMap(({ action, input }) => {
    return action === "BatchDeleteImage" ? [(input.imageIds as unknown[]).length] : [];
  });
  expect(sizes).toEqual([100, 100, 50]);
  expect(server.ecr.state.repositories.find("quay/big")!.images.all).toHaveLength(1);
});

describe("images for several platforms", () => {
  /** A list of images with a tag, and its images, which have none: only the list is ever pulled. */
  function fillList(name: string, tag: string, pulled: number, members = [`${name} ${tag} arm`, `${name} ${tag} amd`]) {
    const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name);
    const digests = members.map(digestOf);
    for (const digest of digests) images.put({ digest, pushedAt: NOW - 300 * DAY });
    const digest = digestOf(`${name} ${tag}`);
    images.put({ digest, pushedAt: NOW - 300 * DAY, lastPulledAt: NOW - pulled * DAY, members: digests }, tag);
    return [...digests, digest];
  }
  const digestsIn = (name: string) => server.ecr.state.repositories.find(name)!.images.all.map(({ digest }) => digest);

  test("stay whole as long as somebody pulls them, and nothing reads them, which would count as a pull", async () => {
    const used = fillList("quay/app", "v2", 3);
    const unused = fillList("quay/app", "v1", 200);
    const items = await plan(["quay"], 90);
    expect(items.map(({ digests, wholeRepository }) => [digests, wholeRepository])).toEqual([[[unused[2]], false]]);
    expect(await cleanUp(server.port, dev, items)).toEqual([{ repository: "quay/app" }]);
    expect(digestsIn("quay/app")).toEqual([...used, ...unused.slice(0, 2)]);
    expect(await plan(["quay"], 90)).toEqual([]);
    expect(server.actions()).not.toContain("BatchGetImage");
  });

  test("go with their parts where no list stays", async () => {
    const unused = fillList("quay/app", "v1", 200);
    fill("quay/app", 1);
    const items = await plan(["quay"], 90);
    expect(new Set(items[0]!.digests)).toEqual(new Set(unused));
    expect(await cleanUp(server.port, dev, items)).toEqual([{ repository: "quay/app" }]);
    expect(digestsIn("quay/app")).toHaveLength(1);
  });

  test("stay whole also where a list names a list", async () => {
    const inner = fillList("quay/app", "inner", 200);
    const outer = fillList("quay/app", "outer", 3, ["quay/app inner"]);
    const items = await plan(["quay"], 90);
    expect(items.map(({ digests }) => digests)).toEqual([[inner[2]]]);
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", kept: "1 image, which is part of an image that is in use" },
    ]);
    expect(new Set(digestsIn("quay/app"))).toEqual(new Set([...inner, ...outer]));
  });
});

test("what cannot be deleted is told with ECR's reason", async () => {
  const [first, second, third] = fill("quay/a", 100, 100, 100, 1) as [string, string, string];
  const codes: Record<string, string> = {
    [first]: "KmsError",
    [second]: "KmsError",
    [third]: "ImageReferencedByManifestList",
  };
  const port = {
    ...server.port,
    deleteImages: (_: string, digests: readonly string[]) => {
      return Promise.resolve(digests.map((digest) => ({ digest, code: codes[digest]!, reason: "as ECR says" })));
    },
  };
  expect(await cleanUp(port, dev, await plan(["quay"], 90))).toEqual([
    {
      repository: "quay/a",
      kept: "1 image, which is part of an image that is in use",
      failure: "2 images: KmsError (as ECR says)",
    },
  ]);
});

test.each(["ROOT", "library", "de", "prod", "production"])(
  "the prefix %s is refused before anything is asked, since no cache owns it",
  async (prefix) => {
    await expect(plan([prefix])).rejects.toThrow(/is under no cache of this environment/);
    expect([server.ecr.calls, server.sts.calls]).toEqual([[], []]);
  },
);

test.each(["quay/", "quay/*", "quay/../dev", "Quay", "/quay", ""])(
  "%j is refused before anything is asked, since it is no prefix",
  async (prefix) => {
    await expect(plan(["quay", prefix])).rejects.toThrow(`${prefix} is no prefix: write e.g. quay or quay/prometheus`);
    expect([server.ecr.calls, server.sts.calls]).toEqual([[], []]);
  },
);

test("the name of a repository means that one, and what is under it", async () => {
  for (const name of ["quay/org/app-0", "quay/org/app-01", "quay/org/app-0/part"]) fill(name, 1);
  const { items, unmatched } = await wholePlan(["quay/org/app-0", "quay/nothere"]);
  expect(items.map(({ repository }) => repository)).toEqual(["quay/org/app-0", "quay/org/app-0/part"]);
  expect(unmatched).toEqual(["quay/nothere"]);
});

test("a repository that is gone by then is left out, and one that cannot be read is told", async () => {
  for (const name of ["quay/a", "quay/b", "quay/c"]) fill(name, 1);
  const fails = (name: string, fault: EcrError) => {
    const where = (input: object) => (input as { repositoryName: string }).repositoryName === name;
    server.ecr.faults.inject({ action: "DescribeImages", fault, where });
  };
  fails("quay/a", new EcrError("RepositoryNotFoundException", "no such repository"));
  fails("quay/b", new EcrError("AccessDeniedException", "explicit deny"));
  const { items, unread } = await wholePlan(["quay"]);
  expect(items.map(({ repository }) => repository)).toEqual(["quay/c"]);
  expect(unread).toEqual([{ repository: "quay/b", failure: "explicit deny" }]);
});

test("that a repository is gone before its images are deleted is no failure", async () => {
  fill("quay/a", 100, 1);
  const items = await plan(["quay"], 90);
  server.ecr.state.repositories.delete({ repositoryName: "quay/a", force: true });
  expect(await cleanUp(server.port, dev, items)).toEqual([{ repository: "quay/a" }]);
});

test("a cache without prefix owns nothing that could be told from other repositories", async () => {
  const root: Environment = { ...dev, caches: [{ upstream: "quay", prefix: "ROOT" }] };
  await expect(planCleanup(server.port, root, { prefixes: ["quay"], now })).rejects.toThrow("its caches are none");
});

test("repositories that were not planned from a prefix of this environment are refused", async () => {
  const foreign = {
    repository: "app/backend",
    images: 1,
    archived: 0,
    digests: [],
    bytes: 1,
    lastPulledAt: undefined,
    wholeRepository: true,
    force: true,
  };
  await expect(cleanUp(server.port, dev, [foreign])).rejects.toThrow("app/backend is under no cache");
  expect(server.ecr.calls).toEqual([]);
});

test("a failure in the middle leaves the rest to be done again", async () => {
  for (const name of ["quay/a", "quay/b", "quay/c"]) fill(name, 1);
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "quay/b";
  server.ecr.faults.inject({ action: "DeleteRepository", fault: SERVER_FAILED, times: 10, where });
  const cleaned = await cleanUp(server.port, dev, await plan(["quay"]));
  expect(cleaned.filter(({ failure }) => failure !== undefined)).toEqual([
    { repository: "quay/b", failure: "Service failure" },
  ]);
  await cleanUp(server.port, dev, await plan(["quay"]));
  expect(names()).toEqual([]);
});

test("credentials of another account delete nothing", async () => {
  fill("quay/a", 1);
  const items = await plan(["quay"]);
  server.sts.accountId = "999999999999";
  server.ecr.calls.length = 0;
  await expect(cleanUp(server.port, dev, items)).rejects.toThrow("nothing was done");
  expect(server.ecr.calls).toEqual([]);
});
