import {
  CleanedItem,
  cleanUp as cleanUpPlanned,
  CleanupItem,
  connectToEcr,
  planCleanup,
  readKeepList,
} from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { SERVER_FAILED } from "../ecr-server/faults";
import { digestOf } from "../ecr-server/repository-images";
import { deploy, LiveServer, NOW, startLiveServer } from "./live-server";

const dev = samples[0] as Environment;
const DAY = 24 * 60 * 60;
/** What tells a repository that ECR created from one that somebody made by hand. */
const CREATED = { tags: [{ Key: "environment", Value: "dev" }] };

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(dev);
  await deploy(server, dev);
});
afterEach(() => server.close());

/** Puts images into a repository, each so many days after its push and, if it is said, its last pull. */
function fill(name: string, ...ages: readonly (number | readonly [pushed: number, pulled: number])[]): string[] {
  const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name, CREATED);
  return ages.map((age, index) => {
    const [pushed, pulled] = typeof age === "number" ? [age, undefined] : age;
    const digest = digestOf(`${name} ${index}`);
    const lastPulledAt = pulled === undefined ? {} : { lastPulledAt: NOW - pulled * DAY };
    images.put({ digest, pushedAt: NOW - pushed * DAY, sizeInBytes: 1_000_000, ...lastPulledAt }, `v${index}`);
    return digest;
  });
}

const digestsOf = (items: readonly CleanupItem[]) => items.map(({ toDelete }) => toDelete.map(({ digest }) => digest));
const names = () => server.ecr.state.repositories.all.map(({ name }) => name);
const wholePlan = (prefixes: string[], olderThanDays?: number) => {
  return planCleanup(server.port, dev, { prefixes, olderThanDays });
};
/** Deletes what was planned, for images of more than 90 days unless said otherwise. */
const cleanUp = async (
  port: LiveServer["port"],
  registry: Environment,
  items: readonly CleanupItem[],
  report?: (item: CleanedItem) => void,
  olderThanDays: number | undefined = items.every(({ wholeRepository }) => wholeRepository) ? undefined : 90,
) => {
  const age = { olderThanDays, now: new Date() };
  return (await cleanUpPlanned(port, registry, { items, age }, undefined, report)).repositories;
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
      toDelete: digests.map((digest, index) => ({ digest, tags: [`v${index}`] })),
      bytes: 2_000_000,
      lastPulledAt: new Date((NOW - 3 * DAY) * 1000),
      wholeRepository: true,
    },
  ]);
  expect(server.actions().sort()).toEqual([
    "DescribeImages",
    "DescribeRepositories",
    "DescribeRepositoryCreationTemplates",
    "ListTagsForResource",
  ]);
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
    items.map(({ repository, toDelete, wholeRepository }) => [repository, toDelete.length, wholeRepository]),
  ).toEqual([
    ["quay/mixed", 1, false],
    ["quay/old", 2, true],
  ]);
  server.ecr.calls.length = 0;
  await cleanUp(server.port, dev, items);
  const deletions = server.ecr.calls.filter(({ action }) => !action.startsWith("Describe"));
  expect(deletions.map(({ action, input }) => [action, input])).toEqual([
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
  expect(await cleanUp(server.port, dev, items, undefined, 90)).toEqual([
    { repository: "quay/app", deleted: 1, wholeRepository: false, kept: "the repository, which has new images" },
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
  expect(item).toMatchObject({
    images: 2,
    archived: 1,
    toDelete: [{ digest: digestOf("archived") }],
    bytes: 5_000_000,
  });
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
    const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name, CREATED);
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
    expect(digestsOf(items)).toEqual([[unused[2]]]);
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", deleted: 1, wholeRepository: false },
    ]);
    expect(digestsIn("quay/app")).toEqual([...used, ...unused.slice(0, 2)]);
    expect(await plan(["quay"], 90)).toEqual([]);
    expect(server.actions()).not.toContain("BatchGetImage");
  });

  test("go with their parts where no list stays", async () => {
    const unused = fillList("quay/app", "v1", 200);
    fill("quay/app", 1);
    const items = await plan(["quay"], 90);
    expect(new Set(digestsOf(items)[0])).toEqual(new Set(unused));
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", deleted: 3, wholeRepository: false },
    ]);
    expect(digestsIn("quay/app")).toHaveLength(1);
  });

  test("stay whole also where a list names a list", async () => {
    const inner = fillList("quay/app", "inner", 200);
    const outer = fillList("quay/app", "outer", 3, ["quay/app inner"]);
    const items = await plan(["quay"], 90);
    expect(digestsOf(items)).toEqual([[inner[2]]]);
    expect(await cleanUp(server.port, dev, items)).toEqual([
      {
        repository: "quay/app",
        deleted: 0,
        wholeRepository: false,
        kept: "1 image, which is part of an image that is in use",
      },
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
      deleted: 0,
      wholeRepository: false,
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
  "%j is refused before anything is asked, since it is not a prefix",
  async (prefix) => {
    await expect(plan(["quay", prefix])).rejects.toThrow(
      `${prefix} is not a prefix: write e.g. quay or quay/prometheus`,
    );
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
  expect(unread).toEqual([{ reason: "explicit deny", count: 1, example: "quay/b" }]);
});

test("that a repository is gone before its images are deleted is no failure", async () => {
  fill("quay/a", 100, 1);
  const items = await plan(["quay"], 90);
  server.ecr.state.repositories.delete({ repositoryName: "quay/a", force: true });
  expect(await cleanUp(server.port, dev, items)).toEqual([
    { repository: "quay/a", deleted: 0, wholeRepository: false },
  ]);
});

test("a cache without prefix owns nothing that could be told from other repositories", async () => {
  const root: Environment = { ...dev, caches: [{ upstream: "quay", prefix: "ROOT" }] };
  await expect(planCleanup(server.port, root, { prefixes: ["quay"] })).rejects.toThrow("its caches are none");
});

test("repositories that were not planned from a prefix of this environment are refused", async () => {
  const foreign = {
    repository: "app/backend",
    images: 1,
    archived: 0,
    toDelete: [],
    bytes: 1,
    lastPulledAt: undefined,
    wholeRepository: true,
  };
  await expect(cleanUp(server.port, dev, [foreign])).rejects.toThrow("app/backend is under no cache");
  expect(server.ecr.calls).toEqual([]);
});

test("a failure in the middle leaves the rest to be done again", async () => {
  for (const name of ["quay/a", "quay/b", "quay/c"]) fill(name, 1);
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "quay/b";
  server.ecr.faults.inject({ action: "DeleteRepository", fault: SERVER_FAILED, times: 100, where });
  const cleaned = await cleanUp(server.port, dev, await plan(["quay"]));
  expect(cleaned.filter(({ failure }) => failure !== undefined)).toEqual([
    { repository: "quay/b", deleted: 0, wholeRepository: false, failure: "Service failure" },
  ]);
  server.ecr.faults.clear();
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

describe("the age of images", () => {
  test("counts from the clock of AWS, and a machine whose clock is wrong deletes nothing", async () => {
    fill("quay/app", [100, 10]);
    expect((await planCleanup(server.port, dev, { prefixes: ["quay"], olderThanDays: 90 })).items).toEqual([]);
    // The same as a machine that is a year ahead.
    server.ecr.clockOffset = -365 * DAY;
    const port = connectToEcr({ region: dev.region });
    await expect(planCleanup(port, dev, { prefixes: ["quay"], olderThanDays: 90 })).rejects.toThrow(
      /the clock of this machine differs by more than five minutes .*nothing was done; set the clock/,
    );
    server.ecr.clockOffset = 200;
    const { age } = await planCleanup(connectToEcr({ region: dev.region }), dev, { prefixes: ["quay"] });
    expect(Math.round((age.now.getTime() - Date.now()) / 100_000)).toBe(2);
  });

  test("counts from the latest pull, push or activation; what is being restored, or of unknown age, is young", async () => {
    fill("quay/app", 1);
    const { images } = server.ecr.state.repositories.find("quay/app")!;
    const old = { pushedAt: NOW - 300 * DAY, lastPulledAt: NOW - 200 * DAY };
    images.put({ digest: digestOf("restored"), ...old, lastActivatedAt: NOW - 2 * DAY }, "restored");
    images.put({ digest: digestOf("restoring"), ...old, isActivating: true }, "restoring");
    images.put({ digest: digestOf("unknown"), pushedAt: undefined }, "unknown");
    images.put({ digest: digestOf("pushed again"), pushedAt: NOW - 5 * DAY, lastPulledAt: NOW - 200 * DAY }, "again");
    images.put({ digest: digestOf("old"), ...old, lastActivatedAt: NOW - 250 * DAY }, "old");
    expect(digestsOf(await plan(["quay"], 90))).toEqual([[digestOf("old")]]);
  });
});

describe("signatures, SBOMs and attestations", () => {
  /** An image of an age, with a signature by the field for it and one by a tag. */
  function fillSigned(name: string, tag: string, pulled: number): readonly string[] {
    const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name, CREATED);
    const pushedAt = NOW - 300 * DAY;
    const digests = [tag, `${tag} referrer`, `${tag} signature`, `${tag} signature of the signature`].map(digestOf);
    const [subject, referrer, signature, second] = digests as [string, string, string, string];
    images.put({ digest: subject, pushedAt, lastPulledAt: NOW - pulled * DAY }, tag);
    images.put({ digest: referrer, pushedAt, subject });
    images.put({ digest: signature, pushedAt }, `${subject.replace(":", "-")}.sig`);
    images.put({ digest: second, pushedAt, subject: signature });
    return digests;
  }

  test("stay as long as their subject stays, and go with it, after it", async () => {
    fillSigned("quay/app", "used", 3);
    const unused = fillSigned("quay/app", "unused", 200);
    const items = await plan(["quay"], 90);
    expect(digestsOf(items)).toEqual([unused]);
    server.ecr.calls.length = 0;
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", deleted: 4, wholeRepository: false },
    ]);
    const deletions = server.ecr.calls.filter(({ action }) => action === "BatchDeleteImage");
    const order = deletions.map(({ input }) =>
      (input.imageIds as { imageDigest: string }[]).map((id) => id.imageDigest),
    );
    expect(order).toEqual([[unused[0]], [unused[1], unused[2]], [unused[3]]]);
    expect(server.ecr.state.repositories.find("quay/app")!.images.all).toHaveLength(4);
  });

  test("stay where ECR does not delete their subject", async () => {
    const signed = fillSigned("quay/app", "part", 200);
    fill("quay/app", 1);
    const items = await plan(["quay"], 90);
    const { images } = server.ecr.state.repositories.find("quay/app")!;
    images.put({ digest: digestOf("list"), pushedAt: NOW - DAY, members: [signed[0]!] }, "list");
    const [cleaned] = await cleanUp(server.port, dev, items);
    expect(cleaned).toMatchObject({ deleted: 0, kept: "1 image, which is part of an image that is in use" });
    expect(images.all).toHaveLength(6);
  });

  test("without a subject in the repository count by their own age", async () => {
    fill("quay/app", 1);
    const { images } = server.ecr.state.repositories.find("quay/app")!;
    images.put({ digest: digestOf("orphan"), pushedAt: NOW - 300 * DAY, subject: digestOf("gone") });
    expect(digestsOf(await plan(["quay"], 90))).toEqual([[digestOf("orphan")]]);
  });
});

describe("between plan and deletion", () => {
  test("an image that was pulled, or that has a new tag, stays", async () => {
    const [pulled, tagged, old] = fill("quay/app", 100, 100, 100, 1) as [string, string, string];
    const items = await plan(["quay"], 90);
    expect(digestsOf(items)).toEqual([[pulled, tagged, old]]);
    const { images } = server.ecr.state.repositories.find("quay/app")!;
    images.recordPull(pulled, NOW);
    images.put({ digest: tagged, pushedAt: NOW }, "new");
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", deleted: 1, wholeRepository: false, kept: "2 images that changed since the plan" },
    ]);
    expect(images.all.map(({ digest }) => digest)).not.toContain(old);
    expect(images.all).toHaveLength(3);
  });

  test("a repository that is meant as a whole keeps a new image, and itself", async () => {
    fill("quay/app", 1, 2);
    const items = await plan(["quay"]);
    server.ecr.state.pull("quay/app", { tag: "new" });
    expect(await cleanUp(server.port, dev, items)).toEqual([
      { repository: "quay/app", deleted: 2, wholeRepository: false, kept: "the repository, which has new images" },
    ]);
    expect(server.ecr.state.repositories.find("quay/app")!.images.all.map(({ tags }) => tags)).toEqual([["new"]]);
  });
});

describe("repositories that a pull did not create", () => {
  test("have the name of a cache's prefix: no rule covers them", async () => {
    for (const name of ["quay", "quay/app"]) fill(name, 1);
    const { items, unmatched } = await wholePlan(["quay"]);
    expect([items.map(({ repository }) => repository), unmatched]).toEqual([["quay/app"], []]);
  });

  test("have none of the template's tags, and are kept unless they are named", async () => {
    await server.close();
    const prod = samples[2] as Environment;
    server = await startLiveServer(prod);
    await deploy(server, prod);
    server.ecr.state.pull("prod/library/nginx");
    server.ecr.state.repositories.create("prod/by-hand");
    fill("prod/by-hand", 100);
    const made = async (...prefixes: string[]) => {
      const { items, notCreatedByPull } = await planCleanup(server.port, prod, { prefixes });
      return [items.map(({ repository }) => repository), notCreatedByPull];
    };
    expect(await made("prod")).toEqual([["prod/library/nginx"], ["prod/by-hand"]]);
    expect(await made("prod", "prod/by-hand")).toEqual([["prod/by-hand", "prod/library/nginx"], []]);
  });
});

describe("a keep list", () => {
  const keep = (text: string) => readKeepList(text, dev);
  const kept = async (text: string, olderThanDays?: number) => {
    const { items } = await planCleanup(server.port, dev, { prefixes: ["quay"], olderThanDays, keep: keep(text) });
    return items.map(({ repository, toDelete, wholeRepository }) => [
      repository,
      toDelete.flatMap(({ tags }) => tags),
      wholeRepository,
    ]);
  };
  const host = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

  test("names images by their upstream names or their URIs, by tag or digest, or whole repositories", async () => {
    const digests = fill("quay/org/app", 100, 100, 100, 100);
    fill("quay/org/other", 100);
    fill("quay/org/whole", 100, 100);
    const list = `# running\nquay.io/org/app:v1\n${host}/quay/org/app@${digests[2]!} # pinned\n\nquay.io/org/whole\n`;
    for (const age of [90, undefined]) {
      expect(await kept(list, age)).toEqual([
        ["quay/org/app", ["v0", "v3"], false],
        ["quay/org/other", ["v0"], true],
      ]);
    }
  });

  test("is what kubectl prints, of which other registries' images are ignored", async () => {
    const digests = fill("quay/org/app", 100, 100, 100, 100);
    const pods = {
      kind: "List",
      items: [
        {
          kind: "Pod",
          spec: {
            containers: [{ image: `${host}/quay/org/app:v0` }, { image: "docker.io/library/busybox:1" }],
            initContainers: [{ image: "gcr.io/other/app:1" }],
          },
          status: {
            containerStatuses: [{ imageID: `docker-pullable://${host}/quay/org/app@${digests[1]!}` }],
            ephemeralContainerStatuses: [{ imageID: `${host}/quay/org/app@${digests[2]!}` }],
          },
        },
        { kind: "Pod" },
      ],
    };
    expect(await kept(JSON.stringify(pods), 90)).toEqual([["quay/org/app", ["v3"], false]]);
    expect(await kept(JSON.stringify(pods.items[0]), 90)).toEqual([["quay/org/app", ["v3"], false]]);
  });

  test("that names a part keeps every list, since it may be one of them", async () => {
    const { images } = server.ecr.state.repositories.create("quay/org/app", CREATED);
    const part = digestOf("part");
    images.put({ digest: part, pushedAt: NOW - 300 * DAY });
    images.put({ digest: digestOf("list"), pushedAt: NOW - 300 * DAY, members: [part] }, "v1");
    expect(await kept(`quay.io/org/app@${part}`, 90)).toEqual([]);
  });

  test("is refused where a line names nothing that can be kept", () => {
    expect(() => keep("quay.io/org/app:v1\nghcr.io/a/b:1\nQuay/App\n")).toThrow(
      "the keep list names images that no cache serves: ghcr.io/a/b:1, Quay/App; correct the lines",
    );
    expect(() => keep('{"kind":"Service"}')).toThrow("JSON without pods");
    expect(() => keep("{")).toThrow("not valid JSON");
  });
});

test("without permission a plan ends soon, with the reason, and so does a cleanup", async () => {
  for (let index = 0; index < 60; index++) fill(`quay/app-${index}`, 100);
  const items = await plan(["quay"], 90);
  const denied = new EcrError("AccessDeniedException", "not authorized to perform: ecr:DescribeImages");
  server.ecr.faults.inject({ action: "DescribeImages", fault: denied, times: 1000 });
  const { items: none, unread, untried } = await wholePlan(["quay"], 90);
  expect([none, unread.length]).toEqual([[], 1]);
  expect(unread[0]!.count + untried).toBe(60);
  expect(untried).toBeGreaterThan(40);
  const age = { olderThanDays: 90, now: new Date() };
  const cleaned = await cleanUpPlanned(server.port, dev, { items, age });
  expect([cleaned.failures.length, cleaned.untried]).toEqual([1, expect.any(Number)]);
  expect(cleaned.untried).toBeGreaterThan(40);
});
