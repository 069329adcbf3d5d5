import { call, refusal } from "./call";
import { EcrServer, startEcrServer } from "./ecr-server";

const CREATE = "CreateRepositoryCreationTemplate";
const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const prod = { prefix: "prod", appliedFor: ["PULL_THROUGH_CACHE"] };
const kms = (kmsKey: string) => ({ ...prod, encryptionConfiguration: { encryptionType: "KMS", kmsKey } });
const filters = (...names: string[]) => names.map((filter) => ({ filterType: "WILDCARD", filter }));

let server: EcrServer;
beforeEach(
  async () => (server = await startEcrServer({ accountId: "111122223333", region: "us-east-1", now: () => 7 })),
);
afterEach(() => server.close());

test("a template has ECR's defaults, and keeps what an update does not say", async () => {
  const { body } = await call(server, CREATE, { ...prod, description: "x" });
  const template = {
    ...prod,
    description: "x",
    imageTagMutability: "MUTABLE",
    encryptionConfiguration: { encryptionType: "AES256" },
    createdAt: 7,
    updatedAt: 7,
  };
  expect(body).toEqual({ registryId: "111122223333", repositoryCreationTemplate: template });
  const change = {
    prefix: "prod",
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: filters("latest"),
  };
  const updated = await call(server, "UpdateRepositoryCreationTemplate", change);
  expect(updated.body.repositoryCreationTemplate).toEqual({ ...template, ...change });
  const back = await call(server, "UpdateRepositoryCreationTemplate", { ...prod, imageTagMutability: "IMMUTABLE" });
  expect(back.body.repositoryCreationTemplate).toEqual({ ...template, imageTagMutability: "IMMUTABLE" });
  expect(await refusal(server, CREATE, prod)).toBe("TemplateAlreadyExistsException");
  expect(await refusal(server, "DeleteRepositoryCreationTemplate", { prefix: "prod" })).toBe("");
  expect(await refusal(server, "DeleteRepositoryCreationTemplate", { prefix: "prod" })).toBe(
    "TemplateNotFoundException",
  );
  const described = await call(server, "DescribeRepositoryCreationTemplates", { prefixes: ["prod"] });
  expect(described.body.repositoryCreationTemplates).toEqual([]);
});

test.each<[string, object]>([
  ["no occasion", { prefix: "prod" }],
  ["an unknown occasion", { ...prod, appliedFor: ["PULL"] }],
  ["a bad prefix", { ...prod, prefix: "Prod" }],
  ["a long description", { ...prod, description: "x".repeat(257) }],
  ["an alias instead of a key", kms("alias/mine")],
  ["an alias's ARN", kms(keyArn.replace("key/", "alias/"))],
  ["an unknown mutability", { ...prod, imageTagMutability: "NEVER" }],
  [
    "filters that have no effect",
    { ...prod, imageTagMutability: "IMMUTABLE", imageTagMutabilityExclusionFilters: filters("x") },
  ],
  ["exclusion of nothing", { ...prod, imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }],
  [
    "six filters",
    {
      ...prod,
      imageTagMutability: "MUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters("a", "b", "c", "d", "e", "f"),
    },
  ],
  ["a lifecycle policy that is none", { ...prod, lifecyclePolicy: '{"rules":[]}' }],
  ["a repository policy that is none", { ...prod, repositoryPolicy: "{}" }],
])("refuses %s", async (_, input) => {
  expect(await refusal(server, CREATE, input)).toBe("InvalidParameterException");
  expect(server.state.templates.all).toEqual([]);
});

test("a pulled repository has the settings of its most specific template, and keeps them", () => {
  const { state } = server;
  state.rules.create({ ecrRepositoryPrefix: "prod", upstreamRegistryUrl: "quay.io" });
  state.templates.create(prod);
  const team = {
    ...kms(keyArn),
    prefix: "prod/team",
    imageTagMutability: "IMMUTABLE",
    resourceTags: [{ Key: "team", Value: "a" }],
    customRoleArn: "arn:aws:iam::111122223333:role/Create",
  };
  state.templates.create(team);
  state.templates.create({ prefix: "prod/team/copies", appliedFor: ["REPLICATION"] });
  const { repository } = state.pull("prod/team/copies/app", { tag: "v1" });
  expect(repository.encryption).toEqual(team.encryptionConfiguration);
  expect(repository.mutability).toEqual({ imageTagMutability: "IMMUTABLE" });
  expect(repository.tags).toEqual(team.resourceTags);
  expect(state.pull("prod/other/app").repository.mutability).toEqual({ imageTagMutability: "MUTABLE" });
  state.templates.update({ prefix: "prod/team", imageTagMutability: "MUTABLE" });
  expect(state.pull("prod/team/copies/app", { tag: "v1" }).repository.mutability.imageTagMutability).toBe("IMMUTABLE");
});

test("without a template a pulled repository has ECR's defaults; with a key or tags but no role there is none", () => {
  const { state } = server;
  state.rules.create({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" });
  const { repository } = state.pull("quay/prometheus/busybox");
  const { name, encryption, mutability, policy, lifecyclePolicy, tags } = repository;
  expect({ name, encryption, mutability, policy, lifecyclePolicy, tags }).toEqual({
    name: "quay/prometheus/busybox",
    encryption: { encryptionType: "AES256" },
    mutability: { imageTagMutability: "MUTABLE" },
    policy: undefined,
    lifecyclePolicy: undefined,
    tags: [],
  });
  state.templates.create({ ...kms(keyArn), prefix: "quay/kms" });
  state.templates.create({ ...prod, prefix: "quay/tags", resourceTags: [{ Key: "a", Value: "b" }] });
  expect(() => state.pull("quay/kms/app")).toThrow("does not exist");
  expect(() => state.pull("quay/tags/app")).toThrow("does not exist");
  expect(() => state.pull("other/app")).toThrow("does not exist");
});
