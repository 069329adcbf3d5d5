import {
  BatchDeleteImageCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRegistryCommand,
  ECRClient,
  EncryptionConfiguration,
  GetAccountSettingCommand,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  ListPullTimeUpdateExclusionsCommand,
  ListTagsForResourceCommand,
  paginateDescribeImages,
  paginateDescribePullThroughCacheRules,
  paginateDescribeRepositories,
  paginateDescribeRepositoryCreationTemplates,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  Tag,
  TagResourceCommand,
  ValidatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { askForManifest } from "./ask-for-manifest";
import { EcrPort } from "./ecr-port";
import { CallLimit, limitCalls } from "./in-parallel";

/** How to reach a registry. */
export interface AwsConnection {
  /** The region of the registry. */
  readonly region: string;
  /**
   * The profile of the shared configuration files to start from.
   *
   * @default - the default credential chain's
   */
  readonly profile?: string;
  /**
   * A role to take on first.
   *
   * @default - none
   */
  readonly assumeRole?: {
    /** The role's ARN. */
    readonly roleArn: string;
    /**
     * What the role's trust policy asks for beside.
     *
     * @default - none
     */
    readonly externalId?: string;
    /**
     * The session's name in CloudTrail.
     *
     * @default - the SDK's
     */
    readonly sessionName?: string;
  };
}

/** Enough for a minute of throttling: waits double from a tenth of a second up to 20 seconds. */
const ATTEMPTS = 10;
const PAGE = { pageSize: 1000 };
const LIST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const MANIFEST_TYPES = [
  ...LIST_TYPES,
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A registry behind the AWS SDK: the only file that knows it. */
export function connectToEcr({ region, profile, assumeRole }: AwsConnection): EcrPort {
  const own = ownCredentials(region, profile);
  const credentials =
    assumeRole === undefined
      ? own
      : fromTemporaryCredentials({
          masterCredentials: own,
          clientConfig: { region },
          params: {
            RoleArn: assumeRole.roleArn,
            RoleSessionName: assumeRole.sessionName ?? "ecr-pull-through-cache",
            ExternalId: assumeRole.externalId,
          },
        });
  const common = { region, credentials, maxAttempts: ATTEMPTS };
  const limit = limitCalls();
  // Other modes give up on all calls together once a number of retries is used up.
  const ecr = new ECRClient({ ...common, retryMode: "adaptive" });
  ecr.middlewareStack.add((next) => (args) => limit(() => next(args)), { step: "initialize" });
  return awsEcr(ecr, new STSClient(common), limit);
}

type CredentialProvider = ReturnType<typeof fromNodeProviderChain>;

/** The credentials to start from. Where there are none, the message names the profile that was to have them. */
function ownCredentials(region: string, profile: string | undefined): CredentialProvider {
  const provider = fromNodeProviderChain({ profile, clientConfig: { region } });
  const named = profile ?? process.env.AWS_PROFILE;
  return async (properties) => {
    try {
      return await provider(properties);
    } catch (error) {
      if (named !== undefined && named !== "")
        (error as Error).message = `profile ${named}: ${(error as Error).message}`;
      throw error;
    }
  };
}

function awsEcr(ecr: ECRClient, sts: STSClient, limit: CallLimit): EcrPort {
  const pages = { client: ecr, ...PAGE };
  let login: Promise<{ readonly endpoint: string; readonly token: string }> | undefined;
  return {
    async callerAccount() {
      return (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
    },

    async rules() {
      const all = await collect(paginateDescribePullThroughCacheRules(pages, {}), (page) => page.pullThroughCacheRules);
      return all.map((rule) => ({
        prefix: rule.ecrRepositoryPrefix!,
        upstreamRegistryUrl: rule.upstreamRegistryUrl!,
        upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
        credentialArn: rule.credentialArn,
        customRoleArn: rule.customRoleArn,
      }));
    },
    async ruleFailure(ecrRepositoryPrefix) {
      const { isValid, failure } = await ecr.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }));
      return isValid === true ? undefined : (failure ?? "ECR gives no reason");
    },
    async templates() {
      const all = await collect(
        paginateDescribeRepositoryCreationTemplates(pages, {}),
        (page) => page.repositoryCreationTemplates,
      );
      return all.map((template) => ({
        prefix: template.prefix!,
        appliedFor: template.appliedFor ?? [],
        customRoleArn: template.customRoleArn,
        ...mutabilityOf(template),
        ...encryptionOf(template.encryptionConfiguration),
        lifecyclePolicy: template.lifecyclePolicy || undefined,
        repositoryPolicy: template.repositoryPolicy || undefined,
        tags: tagsOf(template.resourceTags),
      }));
    },
    async registryPolicy() {
      const found = await orMissing(ecr.send(new GetRegistryPolicyCommand({})), "RegistryPolicyNotFoundException");
      return found?.policyText;
    },
    async scanning() {
      const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
      const { scanType = "BASIC", rules = [] } = scanningConfiguration ?? {};
      return {
        scanType,
        rules: rules.map(({ scanFrequency, repositoryFilters = [] }) => {
          return { scanFrequency: scanFrequency!, filters: repositoryFilters.map(({ filter }) => filter!) };
        }),
      };
    },
    async accountSetting(name) {
      const { value = "" } = await ecr.send(new GetAccountSettingCommand({ name }));
      return value;
    },
    async pullTimeExclusions() {
      const found: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await ecr.send(new ListPullTimeUpdateExclusionsCommand({ nextToken }));
        found.push(...(page.pullTimeUpdateExclusions ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
    async replication() {
      const { replicationConfiguration } = await ecr.send(new DescribeRegistryCommand({}));
      return (replicationConfiguration?.rules ?? []).map(({ destinations = [], repositoryFilters = [] }) => ({
        destinations: destinations.map(({ region, registryId }) => ({ region: region!, registryId: registryId! })),
        prefixes: repositoryFilters.map(({ filter }) => filter!),
      }));
    },

    async repositories() {
      const all = await collect(paginateDescribeRepositories(pages, {}), (page) => page.repositories);
      return all.map((repository) => ({
        name: repository.repositoryName!,
        arn: repository.repositoryArn!,
        ...mutabilityOf(repository),
        ...encryptionOf(repository.encryptionConfiguration),
      }));
    },
    async describe({ name: repositoryName, arn, ...known }) {
      const [lifecycle, policy, tags] = await Promise.all([
        orMissing(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), "LifecyclePolicyNotFoundException"),
        orMissing(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })), "RepositoryPolicyNotFoundException"),
        ecr.send(new ListTagsForResourceCommand({ resourceArn: arn })),
      ]);
      const { imageTagMutability, exclusionFilters, encryptionType, kmsKey } = known;
      return {
        imageTagMutability,
        exclusionFilters,
        encryptionType,
        kmsKey,
        lifecyclePolicy: lifecycle?.lifecyclePolicyText,
        repositoryPolicy: policy?.policyText,
        tags: tagsOf(tags.tags),
      };
    },
    async images(repositoryName) {
      const all = await collect(
        // Without a filter ECR leaves out what is in the archive.
        paginateDescribeImages(pages, { repositoryName, filter: { imageStatus: "ANY" } }),
        (page) => page.imageDetails,
      );
      return all.map((image) => ({
        digest: image.imageDigest!,
        tags: image.imageTags ?? [],
        bytes: image.imageSizeInBytes ?? 0,
        pushedAt: image.imagePushedAt ?? new Date(0),
        lastPulledAt: image.lastRecordedPullTime,
        archived: image.imageStatus === "ARCHIVED",
        isList: LIST_TYPES.includes(image.imageManifestMediaType ?? ""),
      }));
    },
    async findImage(repositoryName, imageId) {
      const asked = ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }));
      const found = await orMissing(asked, "ImageNotFoundException", "RepositoryNotFoundException");
      return found?.imageDetails?.[0]?.imageDigest;
    },

    async putImageTagMutability(repositoryName, mutability, filters) {
      const imageTagMutability = mutability as ImageTagMutability;
      const imageTagMutabilityExclusionFilters =
        filters.length === 0 ? undefined : filters.map((filter) => ({ filter, filterType: "WILDCARD" as const }));
      const input = { repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters };
      await ecr.send(new PutImageTagMutabilityCommand(input));
    },
    async putLifecyclePolicy(repositoryName, lifecyclePolicyText) {
      if (lifecyclePolicyText !== undefined) {
        await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
        return;
      }
      const gone = ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
      await orMissing(gone, "LifecyclePolicyNotFoundException");
    },
    async putRepositoryPolicy(repositoryName, policyText) {
      if (policyText !== undefined) {
        await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
        return;
      }
      const gone = ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
      await orMissing(gone, "RepositoryPolicyNotFoundException");
    },
    async tagRepository(resourceArn, tags) {
      const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await ecr.send(new TagResourceCommand({ resourceArn, tags: list }));
    },
    async deleteRepository(repositoryName) {
      const gone = ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
      await orMissing(gone, "RepositoryNotFoundException");
    },
    async deleteEmptyRepository(repositoryName) {
      try {
        const gone = ecr.send(new DeleteRepositoryCommand({ repositoryName }));
        await orMissing(gone, "RepositoryNotFoundException");
        return true;
      } catch (error) {
        if ((error as Error).name === "RepositoryNotEmptyException") return false;
        throw error;
      }
    },
    async deleteImages(repositoryName, digests) {
      const imageIds = digests.map((imageDigest) => ({ imageDigest }));
      const { failures = [] } = await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
      // An image that is gone already is what was wanted.
      return failures
        .filter(({ failureCode }) => failureCode !== "ImageNotFound")
        .map(({ imageId, failureCode, failureReason }) => {
          return { digest: imageId!.imageDigest!, code: failureCode ?? "", reason: failureReason ?? "" };
        });
    },
    async importImage(repositoryName, tag) {
      login ??= logIn(ecr);
      const { endpoint, token } = await login;
      const url = `${endpoint}/v2/${repositoryName}/manifests/${tag}`;
      return limit(() => askForManifest(url, { authorization: `Basic ${token}`, accept: MANIFEST_TYPES }, ATTEMPTS));
    },
  };
}

async function logIn(ecr: ECRClient) {
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const { proxyEndpoint, authorizationToken } = authorizationData[0] ?? {};
  return { endpoint: proxyEndpoint!, token: authorizationToken! };
}

async function collect<Page, Item>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => Item[] | undefined) {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

async function orMissing<T>(answer: Promise<T>, ...names: string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (names.includes((error as Error).name)) return undefined;
    throw error;
  }
}

function mutabilityOf(described: {
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly ImageTagMutabilityExclusionFilter[];
}) {
  const { imageTagMutability = "MUTABLE", imageTagMutabilityExclusionFilters: filters = [] } = described;
  return { imageTagMutability, exclusionFilters: filters.map(({ filter }) => filter!) };
}

function encryptionOf({ encryptionType = "AES256", kmsKey }: Partial<EncryptionConfiguration> = {}) {
  return { encryptionType, kmsKey };
}

function tagsOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value!]));
}
