import { call, refusal } from "./call";
import { EcrServer, startEcrServer } from "./ecr-server";

const repositoryName = "quay/app";
const image = (imageTag: string) => ({ imageTag });
const DAY = 24 * 60 * 60;

let server: EcrServer;
let time: number;
beforeEach(async () => {
  time = 1000;
  server = await startEcrServer({ accountId: "111122223333", region: "us-east-1", now: () => time });
  server.state.rules.create({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" });
});
afterEach(() => server.close());

test("repositories come in pages, in the order of their names, each once", async () => {
  for (let index = 0; index < 2345; index++) server.state.repositories.create(`app-${String(index).padStart(4, "0")}`);
  const names: string[] = [];
  const sizes: number[] = [];
  let nextToken: string | undefined;
  do {
    const { body } = await call(server, "DescribeRepositories", { maxResults: 1000, nextToken });
    const page = body.repositories as { repositoryName: string }[];
    names.push(...page.map((one) => one.repositoryName));
    sizes.push(page.length);
    nextToken = body.nextToken as string | undefined;
  } while (nextToken);
  expect(sizes).toEqual([1000, 1000, 345]);
  expect(names).toEqual([...new Set(names)].sort());
  expect((await call(server, "DescribeRepositories")).body.repositories).toHaveLength(100);
  expect(await refusal(server, "DescribeRepositories", { maxResults: 1001 })).toBe("InvalidParameterException");
  expect(await refusal(server, "DescribeRepositories", { nextToken: "x" })).toBe("InvalidParameterException");
  const named = { repositoryNames: ["app-0001"], maxResults: 5 };
  expect(await refusal(server, "DescribeRepositories", named)).toBe("InvalidParameterException");
});

test("a call for a manifest imports by tag and not by digest", async () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const ids = (imageIds: object[]) => ({ repositoryName, imageIds });
  expect(await refusal(server, "BatchGetImage", ids([{ imageDigest: digest }]))).toBe("RepositoryNotFoundException");
  const { body } = await call(server, "BatchGetImage", ids([image("v1"), { imageDigest: digest }]));
  expect(body.images).toHaveLength(1);
  expect(body.failures).toEqual([
    { imageId: { imageDigest: digest }, failureCode: "ImageNotFound", failureReason: "Requested image not found" },
  ]);
  server.state.pullThrough.upstream = () => undefined;
  const missing = await call(server, "BatchGetImage", ids([image("v2")]));
  expect(missing.body).toMatchObject({ images: [], failures: [{ imageId: image("v2") }] });
});

test("a tag follows the upstream after a day, if it may move", async () => {
  const { state } = server;
  let upstream = "sha256:one";
  state.pullThrough.upstream = () => upstream;
  state.pull(repositoryName, { tag: "latest" });
  state.pull(repositoryName, { tag: "v1" });
  const change = {
    repositoryName,
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "lat*" }],
  };
  expect(await refusal(server, "PutImageTagMutability", change)).toBe("");
  const digests = () => ["latest", "v1"].map((tag) => state.pull(repositoryName, { tag }).image.digest);
  upstream = "sha256:two";
  expect(digests()).toEqual(["sha256:one", "sha256:one"]);
  time += DAY;
  expect(digests()).toEqual(["sha256:two", "sha256:one"]);
  expect((await call(server, "ListImages", { repositoryName })).body.imageIds).toEqual([
    { imageDigest: "sha256:one", imageTag: "v1" },
    { imageDigest: "sha256:two", imageTag: "latest" },
  ]);
  const { body } = await call(server, "DescribeImages", { repositoryName, imageIds: [image("latest")] });
  expect(body.imageDetails).toMatchObject([
    { imageDigest: "sha256:two", imageTags: ["latest"], imagePushedAt: 1000 + DAY, lastRecordedPullTime: 1000 + DAY },
  ]);
  expect(await refusal(server, "DescribeImages", { repositoryName, imageIds: [image("v9")] })).toBe(
    "ImageNotFoundException",
  );
});

test("Docker Hub's official images are found only under library", () => {
  const credentialArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/hub-Ab12Cd";
  server.state.rules.create({ ecrRepositoryPrefix: "dev", upstreamRegistryUrl: "registry-1.docker.io", credentialArn });
  expect(() => server.state.pull("dev/nginx")).toThrow("403 Forbidden");
  expect(server.state.pull("dev/library/nginx").repository.name).toBe("dev/library/nginx");
  expect(() => server.state.pull("dev")).toThrow("does not exist");
});

test("images and repositories can be deleted, a full repository only by force", async () => {
  const { state } = server;
  for (const tag of ["v1", "v2"]) state.pull(repositoryName, { tag });
  const digest = state.pull(repositoryName, { tag: "v2" }).image.digest;
  const { body } = await call(server, "BatchDeleteImage", {
    repositoryName,
    imageIds: [image("v1"), image("v3"), { imageDigest: digest }],
  });
  expect(body.imageIds).toHaveLength(2);
  expect(body.failures).toMatchObject([{ imageId: image("v3"), failureCode: "ImageNotFound" }]);
  state.repositories.find(repositoryName)!.images.put({ digest: "sha256:own", pushedAt: 1 });
  expect((await call(server, "ListImages", { repositoryName, filter: { tagStatus: "TAGGED" } })).body.imageIds).toEqual(
    [],
  );
  expect(await refusal(server, "DeleteRepository", { repositoryName })).toBe("RepositoryNotEmptyException");
  expect(await refusal(server, "DeleteRepository", { repositoryName, force: true })).toBe("");
  expect(await refusal(server, "DeleteRepository", { repositoryName })).toBe("RepositoryNotFoundException");
});

test("an image that a manifest list names can be deleted only after the list", async () => {
  const { images } = server.state.repositories.create(repositoryName);
  images.put({ digest: "sha256:arm", pushedAt: 1 });
  images.put({ digest: "sha256:list", pushedAt: 1, members: ["sha256:arm"] }, "v1");
  const remove = async (imageDigest: string) => {
    const { body } = await call(server, "BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest }] });
    return (body.failures as { failureCode: string }[]).map(({ failureCode }) => failureCode);
  };
  const list = { imageDigest: "sha256:list" };
  const { body } = await call(server, "BatchGetImage", { repositoryName, imageIds: [list] });
  const [{ imageManifest }] = body.images as [{ imageManifest: string }];
  expect(JSON.parse(imageManifest)).toMatchObject({ manifests: [{ digest: "sha256:arm" }] });
  expect(await remove("sha256:arm")).toEqual(["ImageReferencedByManifestList"]);
  expect(await remove("sha256:list")).toEqual([]);
  expect(await remove("sha256:arm")).toEqual([]);
});

test("images in the archive are listed only where they are asked for", async () => {
  const { images } = server.state.repositories.create(repositoryName);
  images.put({ digest: "sha256:active", pushedAt: 1 });
  images.put({ digest: "sha256:archived", pushedAt: 1, archived: true });
  const listed = async (filter?: object) => {
    const { body } = await call(server, "DescribeImages", { repositoryName, filter });
    return (body.imageDetails as { imageDigest: string }[]).map(({ imageDigest }) => imageDigest);
  };
  expect(await listed()).toEqual(["sha256:active"]);
  expect(await listed({ imageStatus: "ARCHIVED" })).toEqual(["sha256:archived"]);
  expect(await listed({ imageStatus: "ANY" })).toEqual(["sha256:active", "sha256:archived"]);
});

test("tags and policies of a repository can be read, written and removed", async () => {
  const { arn: resourceArn } = server.state.repositories.create(repositoryName);
  const tag = (Key: string, Value: string) => ({ Key, Value });
  await call(server, "TagResource", { resourceArn, tags: [tag("a", "1"), tag("b", "2")] });
  await call(server, "TagResource", { resourceArn, tags: [tag("a", "3")] });
  await call(server, "UntagResource", { resourceArn, tagKeys: ["b"] });
  expect((await call(server, "ListTagsForResource", { resourceArn })).body.tags).toEqual([tag("a", "3")]);
  const selection = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 };
  const rules = [{ rulePriority: 1, selection, action: { type: "expire" } }];
  const lifecyclePolicyText = JSON.stringify({ rules });
  const statement = { Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" };
  const policyText = JSON.stringify({ Statement: [statement] });
  for (const [put, kind, text] of [
    ["PutLifecyclePolicy", "LifecyclePolicy", { lifecyclePolicyText }],
    ["SetRepositoryPolicy", "RepositoryPolicy", { policyText }],
  ] as const) {
    const none = `${kind}NotFoundException`;
    expect(await refusal(server, `Get${kind}`, { repositoryName })).toBe(none);
    expect(await refusal(server, put, { repositoryName, ...text })).toBe("");
    expect((await call(server, `Get${kind}`, { repositoryName })).body).toMatchObject(text);
    expect(await refusal(server, `Delete${kind}`, { repositoryName })).toBe("");
    expect(await refusal(server, `Delete${kind}`, { repositoryName })).toBe(none);
  }
  const withResource = JSON.stringify({ Statement: [{ ...statement, Resource: "*" }] });
  const refused = await refusal(server, "SetRepositoryPolicy", { repositoryName, policyText: withResource });
  expect(refused).toBe("InvalidParameterException");
});
