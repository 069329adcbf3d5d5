import { usage } from "../../operations";
import { Environment } from "../../stacks";
import { samples } from "../../stacks/samples";
import { EcrError } from "../ecr-server/ecr-error";
import { digestOf } from "../ecr-server/repository-images";
import { deploy, LiveServer, NOW, startLiveServer } from "./live-server";

const dev = samples[0] as Environment;
const DAY = 24 * 60 * 60;
const GB = 1e9;

let server: LiveServer;
beforeEach(async () => {
  server = await startLiveServer(dev);
  await deploy(server, dev);
  const put = (name: string, tag: string, bytes: number, days: number, archived = false, members?: string[]) => {
    const { images } = server.ecr.state.repositories.find(name) ?? server.ecr.state.repositories.create(name);
    images.put({ digest: digestOf(tag), sizeInBytes: bytes, pushedAt: NOW - days * DAY, archived, members }, tag);
  };
  put("quay/a", "v1", 2 * GB, 1);
  put("quay/a", "v2", 3 * GB, 40);
  put("quay/b", "v3", 5 * GB, 90, true);
  put("quay/b", "list", 5 * GB, 1, false, [digestOf("v3")]);
  put("dev/library/nginx", "v4", GB, 29);
  put("other/app", "v5", GB, 300);
  put("quay", "v6", GB, 300);
});
afterEach(() => server.close());

test("adds up each cache, without what no rule covers, and a list is no larger than its images", async () => {
  const { caches, unread } = await usage(server.port, dev, { days: 30, price: 0.1, archivePrice: 0.01 });
  const none = { unusedImages: 0, unusedBytes: 0, archivedImages: 0, archivedBytes: 0 };
  const empty = { repositories: 0, images: 0, bytes: 0, ...none, monthlyCost: 0 };
  expect(unread).toEqual([]);
  expect(caches).toEqual([
    {
      cache: "dev",
      upstream: "registry-1.docker.io",
      ...empty,
      repositories: 1,
      images: 1,
      bytes: GB,
      monthlyCost: 0.1,
    },
    { cache: "ecr-public", upstream: "public.ecr.aws", ...empty },
    { cache: "kubernetes", upstream: "registry.k8s.io", ...empty },
    {
      cache: "quay",
      upstream: "quay.io",
      repositories: 2,
      images: 4,
      bytes: 10 * GB,
      unusedImages: 2,
      unusedBytes: 8 * GB,
      archivedImages: 1,
      archivedBytes: 5 * GB,
      monthlyCost: 0.55,
    },
  ]);
  expect(server.actions().sort()).toEqual(["DescribeImages", "DescribeRepositories"]);
});

test("has no cost without a price, and says what it could not read", async () => {
  const where = (input: object) => (input as { repositoryName: string }).repositoryName === "quay/b";
  server.ecr.faults.inject({ action: "DescribeImages", fault: new EcrError("AccessDeniedException", "denied"), where });
  const { caches, unread } = await usage(server.port, dev, { days: 30 });
  expect(caches.some((cache) => "monthlyCost" in cache)).toBe(false);
  expect(caches.at(-1)).toMatchObject({ repositories: 1, images: 2 });
  expect(unread).toEqual([{ reason: "denied", count: 1, example: "quay/b" }]);
});
