import fc from "fast-check";
import {
  ImageTagMutability,
  Lifecycle,
  Principal,
  PullThroughCache,
  RegistryScanning,
  RepositoryAccess,
  RepositoryEncryption,
  RepositoryTemplate,
  ResourceTags,
} from "../../modules";
import { Environment } from "../../stacks";

const ACCOUNT = "111122223333";
const OTHER_ACCOUNTS = ["444455556666", "777788889999", "012345678901"];
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2", "il-central-1", "mx-central-1"];

/** An optional thing: left out, or there. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const word = (max: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{1,${max}}$`));
/** The text of a prefix of at most 30 characters, from two up. */
const prefix = fc
  .tuple(
    fc.constantFrom("p", "team", "a0"),
    fc.array(fc.tuple(fc.constantFrom(".", "_", "-", "/"), word(8)), { maxLength: 3 }),
  )
  .map(([start, parts]) => `${start}1${parts.map((part) => part.join("")).join("")}`)
  .filter((text) => text.length <= 30);

const days = fc.integer({ min: 1, max: 3650 });
const tagPattern = fc.stringMatching(/^[a-z0-9.*-]{1,12}$/).filter((text) => text.split("*").length <= 5);
const lifecycle: fc.Arbitrary<Lifecycle> = fc.oneof(
  days.map((afterDays) => [{ expireUntagged: { afterDays } }]),
  days.map((count) => [{ keepLast: { count } }]),
  fc.tuple(days, maybe(fc.integer({ min: 90, max: 999 }))).map(([afterDays, expireAfterDays]) => {
    return [{ archiveUnpulled: { afterDays, expireAfterDays } }];
  }),
  fc
    .tuple(fc.uniqueArray(tagPattern, { minLength: 1, maxLength: 4 }), days)
    .map(([tagPatterns, expireOthersAfterDays]) => {
      return [{ keepReleases: { tagPatterns, expireOthersAfterDays } }];
    }),
  fc.tuple(days, days).map(([afterDays, count]) => [{ expireUntagged: { afterDays } }, { keepLast: { count } }]),
  fc.constant([]),
);

const exclusionFilter = fc.stringMatching(/^[0-9a-zA-Z._*-]{1,20}$/).filter((text) => text.split("*").length <= 3);
const imageTagMutability: fc.Arbitrary<ImageTagMutability> = fc.oneof(
  fc.constantFrom("MUTABLE" as const, "IMMUTABLE" as const),
  fc.record({
    type: fc.constantFrom("IMMUTABLE_WITH_EXCLUSION" as const, "MUTABLE_WITH_EXCLUSION" as const),
    exclusionFilters: fc.uniqueArray(exclusionFilter, { minLength: 1, maxLength: 5 }),
  }),
);

const encryption = (region: string): fc.Arbitrary<RepositoryEncryption> =>
  fc.constantFrom<RepositoryEncryption>(
    { type: "AES256" },
    { type: "KMS" },
    { type: "KMS", keyArn: `arn:aws:kms:${region}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab` },
  );

const tagText = (min: number, max: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9 _.:/=+@-]{${min},${max}}$`));
const tags: fc.Arbitrary<ResourceTags> = fc.dictionary(
  tagText(1, 20).filter((key) => !/^aws:/i.test(key) && key !== "__proto__"),
  tagText(0, 30),
  { maxKeys: 5 },
);

const identityName = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/);
const principal: fc.Arbitrary<Principal> = fc.oneof(
  identityName.map((role) => ({ role })),
  fc.tuple(identityName, fc.constantFrom(...OTHER_ACCOUNTS)).map(([user, account]) => ({ user, account })),
  fc.constantFrom(...OTHER_ACCOUNTS).map((account) => ({ account })),
  fc.stringMatching(/^[a-z0-9]{10,32}$/).map((id) => ({ organization: `o-${id}` })),
  identityName.map((name) => ({ arn: `arn:aws:iam::${ACCOUNT}:role/ci/${name}` })),
);
const principals = fc.uniqueArray(principal, { maxLength: 3, selector: (one) => JSON.stringify(one) });

const access: fc.Arbitrary<RepositoryAccess> = fc.record(
  {
    pull: principals,
    push: principals,
    audit: principals,
    lambdaPull: fc.constant({ accounts: OTHER_ACCOUNTS }),
    denyOthers: fc.boolean(),
  },
  { requiredKeys: [] },
);

const settings = (region: string) => ({
  imageTagMutability,
  encryption: encryption(region),
  lifecycle,
  access,
  resourceTags: tags,
  customRoleArn: fc.constant(`arn:aws:iam::${ACCOUNT}:role/Own`),
});

const template = (region: string): fc.Arbitrary<RepositoryTemplate> =>
  fc.record(
    {
      prefix: fc.oneof(
        prefix,
        fc.constant("ROOT"),
        prefix.map((start) => `${start}/${"long".repeat(30)}`),
      ),
      description: fc.string({ maxLength: 255 }),
      appliedFor: fc.constantFrom<RepositoryTemplate["appliedFor"]>(
        ["PULL_THROUGH_CACHE"],
        ["REPLICATION"],
        ["PULL_THROUGH_CACHE", "REPLICATION"],
      ),
      ...settings(region),
    },
    { requiredKeys: ["prefix"] },
  );

const credential = (region: string, upstream: string) =>
  fc.oneof(
    fc.constant({
      type: "existing-secret" as const,
      secretArn: `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:ecr-pullthroughcache/${upstream}-Ab12Cd`,
    }),
    fc.constantFrom(
      { type: "new-secret" as const },
      { type: "new-secret" as const, name: `${upstream}/two`, version: 3, recoveryWindowInDays: 0 },
      { type: "new-secret" as const, name: `${upstream}.three`, valueFrom: "outside-terraform" as const },
    ),
  );

const cache = (region: string): fc.Arbitrary<PullThroughCache> => {
  const common = { prefix: maybe(prefix) };
  const authenticated = ["docker-hub", "github-container-registry", "gitlab-container-registry", "chainguard"] as const;
  return fc.oneof(
    fc.record({ upstream: fc.constantFrom("ecr-public" as const, "k8s" as const, "quay" as const), ...common }),
    fc.constantFrom(...authenticated).chain((upstream) => {
      return fc.record({ upstream: fc.constant(upstream), credential: credential(region, upstream), ...common });
    }),
    fc.record({
      upstream: fc.constant("azure-container-registry" as const),
      registryName: fc.stringMatching(/^[a-z0-9]{5,50}$/),
      credential: credential(region, "azure"),
      ...common,
    }),
    fc.record({
      upstream: fc.constant("ecr" as const),
      upstreamRegistry: fc.record({
        accountId: fc.constantFrom(ACCOUNT, ...OTHER_ACCOUNTS),
        region: fc.constantFrom(...REGIONS),
      }),
      upstreamRepositoryPrefix: maybe(prefix),
      ...common,
    }),
  );
};

/** A single cache of the whole of another registry, without a prefix here. */
const rootCache: fc.Arbitrary<PullThroughCache> = fc.constant({
  upstream: "ecr",
  prefix: "ROOT",
  upstreamRegistry: { accountId: OTHER_ACCOUNTS[0]!, region: "us-east-1" },
});

const scanning: fc.Arbitrary<"unmanaged" | RegistryScanning> = fc.oneof(
  fc.constant("unmanaged" as const),
  fc.constantFrom<RegistryScanning>({ type: "ENHANCED", frequency: "CONTINUOUS_SCAN" }, { type: "ENHANCED" }, {}),
  fc
    .uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9]{1,4})?\*?$/), { maxLength: 4 })
    .map((additionalFilters) => ({
      additionalFilters,
    })),
);

/**
 * Environments in which most of what can be said is said somewhere. Not each is right, since its parts are chosen apart
 * from each other: two caches may have one prefix. Whoever uses it asks `checkEnvironment` first.
 */
export const environments: fc.Arbitrary<Environment> = fc.constantFrom(...REGIONS).chain((region) =>
  fc.record(
    {
      name: fc.constant("generated"),
      accountId: fc.constant(ACCOUNT),
      region: fc.constant(region),
      backend: fc.constantFrom<Environment["backend"]>(
        { type: "local" },
        { type: "s3", bucket: "example-state", region: "us-east-1" },
        { type: "cloud", organization: "example", workspaceTags: ["ecr"] },
      ),
      caches: fc.oneof(
        { weight: 9, arbitrary: fc.array(cache(region), { maxLength: 5 }) },
        { weight: 1, arbitrary: rootCache.map((one) => [one]) },
      ),
      templates: fc.array(template(region), { maxLength: 3 }),
      repositories: fc.record(settings(region), { requiredKeys: [] }),
      pullers: principals,
      downstreamAccounts: fc.subarray(OTHER_ACCOUNTS),
      scanning,
      registryPolicy: fc.constantFrom("unmanaged" as const, {
        statements: [
          {
            sid: "Own",
            principals: [{ account: OTHER_ACCOUNTS[0]! }],
            actions: ["ecr:ReplicateImage" as const],
            prefixes: ["copies"],
          },
        ],
      }),
      tags,
      preventDestroy: fc.boolean(),
      importExisting: fc.constant(true as const),
    },
    { requiredKeys: ["name", "accountId", "region", "backend", "caches"] },
  ),
);
