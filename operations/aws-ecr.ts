import {
  BatchDeleteImageCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  ECRClient,
  EncryptionConfiguration,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
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
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { askForManifest } from "./ask-for-manifest";
import { AwsClients, awsClients, AwsConnection } from "./aws-clients";
import { otherServices } from "./aws-other-services";
import { EcrPort } from "./ecr-port";
import { ATTEMPTS } from "./retry-strategy";

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

/** A registry behind the AWS SDK. */
export function connectToEcr(connection: AwsConnection): EcrPort {
  return awsEcr(awsClients(connection));
}

function awsEcr(clients: AwsClients): EcrPort {
  const { ecr, sts, limit, retryDelay } = clients;
  const pages = { client: ecr, ...PAGE };
  const tags = async (resourceArn: string) => {
    return tagsOf((await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags);
  };
  let login: Promise<Login> | undefined;
  /** A token works for 12 hours, and runs can take longer. */
  const loggedIn = async (): Promise<Login> => {
    const current = await login;
    if (current === undefined || current.expiresAt < Date.now() + LOGIN_MARGIN) login = logIn(ecr);
    return login!;
  };
  return {
    async callerAccount() {
      return (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
    },
    async clock() {
      if (clients.clock() === undefined) await sts.send(new GetCallerIdentityCommand({}));
      const clock = clients.clock();
      if (clock === undefined) throw new Error("the response of AWS has no date");
      return clock;
    },
    ...otherServices(clients),

    async rules() {
      const all = await collect(paginateDescribePullThroughCacheRules(pages, {}), (page) => page.pullThroughCacheRules);
      const sorted = [...all].sort((one, other) => (one.ecrRepositoryPrefix! < other.ecrRepositoryPrefix! ? -1 : 1));
      return sorted.map((rule) => ({
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
      const sorted = [...all].sort((one, other) => (one.prefix! < other.prefix! ? -1 : 1));
      return sorted.map((template) => ({
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

    async repositories() {
      const all = await collect(paginateDescribeRepositories(pages, {}), (page) => page.repositories);
      // ECR promises no order, and reports must not change from run to run.
      const sorted = [...all].sort((one, other) => (one.repositoryName! < other.repositoryName! ? -1 : 1));
      return sorted.map((repository) => ({
        name: repository.repositoryName!,
        arn: repository.repositoryArn!,
        ...mutabilityOf(repository),
        ...encryptionOf(repository.encryptionConfiguration),
      }));
    },
    async describe({ name: repositoryName, arn, ...known }, settings) {
      const [lifecycle, policy, ownTags] = await Promise.all([
        settings.includes("lifecycle policy")
          ? orMissing(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), "LifecyclePolicyNotFoundException")
          : undefined,
        settings.includes("repository policy")
          ? orMissing(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })), "RepositoryPolicyNotFoundException")
          : undefined,
        settings.includes("tags") ? tags(arn) : {},
      ]);
      const { imageTagMutability, exclusionFilters, encryptionType, kmsKey } = known;
      return {
        imageTagMutability,
        exclusionFilters,
        encryptionType,
        kmsKey,
        lifecyclePolicy: lifecycle?.lifecyclePolicyText,
        repositoryPolicy: policy?.policyText,
        tags: ownTags,
      };
    },
    tags,
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
        pushedAt: image.imagePushedAt,
        lastPulledAt: image.lastRecordedPullTime,
        lastActivatedAt: image.lastActivatedAt,
        status: image.imageStatus ?? "ACTIVE",
        subject: image.subjectManifestDigest,
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
      const ask = async () => {
        const { endpoint, token } = await loggedIn();
        const url = `${endpoint}/v2/${repositoryName}/manifests/${tag}`;
        const headers = { authorization: `Basic ${token}`, accept: MANIFEST_TYPES };
        return limit(() => askForManifest(url, headers, ATTEMPTS, retryDelay));
      };
      const { isLoggedOut, ...outcome } = await ask();
      if (!isLoggedOut) return outcome;
      login = undefined;
      const { isLoggedOut: _, ...again } = await ask();
      return again;
    },
  };
}

interface Login {
  readonly endpoint: string;
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A login is renewed so many milliseconds before it expires. */
const LOGIN_MARGIN = 10 * 60 * 1000;

async function logIn(ecr: ECRClient): Promise<Login> {
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const { proxyEndpoint, authorizationToken, expiresAt } = authorizationData[0] ?? {};
  return { endpoint: proxyEndpoint!, token: authorizationToken!, expiresAt: expiresAt?.getTime() ?? Infinity };
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
