import { EcrError } from "./ecr-error";
import { EcrRegistryState } from "./ecr-registry-state";
import { refuseLifecyclePolicy } from "./lifecycle-policy-grammar";
import { refuseRegistryPolicy, refuseRepositoryPolicy } from "./policy-grammar";
import { PullThroughCacheRule } from "./pull-through-cache-rules";
import { readScanningConfiguration } from "./registry-scanning-configuration";
import { Repository } from "./repositories";
import { digestOf, Image, ImageFailure, notFound, readImageIds } from "./repository-images";
import { optionalStructure, optionalTexts, RequestInput, required, text } from "./request-input";
import { readResourceTags } from "./resource-tags";
import { readTagMutability } from "./tag-mutability";

/** Answers one request, or throws an `EcrError`. */
type Action = (state: EcrRegistryState, input: RequestInput) => object;

const POLICY_TEXT = { max: 10_240 };
const LIFECYCLE_POLICY_TEXT = { min: 100, max: 30_720 };

const RULE_ACTIONS: Readonly<Record<string, Action>> = {
  CreatePullThroughCacheRule: ({ rules }, input) => without(rules.create(input), "updatedAt"),
  DescribePullThroughCacheRules: ({ rules }, input) => rules.describe(input),
  UpdatePullThroughCacheRule: ({ rules }, input) =>
    without(rules.update(input), "createdAt", "upstreamRegistry", "upstreamRegistryUrl"),
  DeletePullThroughCacheRule: ({ rules }, input) => without(rules.delete(input), "upstreamRegistry", "updatedAt"),
  // Whether a secret's value logs in cannot be known here: a rule that was accepted is valid.
  ValidatePullThroughCacheRule: ({ rules }, input) => ({
    ...without(rules.get(input), "createdAt", "updatedAt", "upstreamRegistry"),
    isValid: true,
  }),
};

const TEMPLATE_ACTIONS: Readonly<Record<string, Action>> = {
  CreateRepositoryCreationTemplate: ({ templates }, input) => templates.create(input),
  DescribeRepositoryCreationTemplates: ({ templates }, input) => templates.describe(input),
  UpdateRepositoryCreationTemplate: ({ templates }, input) => templates.update(input),
  DeleteRepositoryCreationTemplate: ({ templates }, input) => templates.delete(input),
};

const REGISTRY_ACTIONS: Readonly<Record<string, Action>> = {
  DescribeRegistry: ({ identity }) => ({
    registryId: identity.accountId,
    replicationConfiguration: { rules: [] },
  }),
  PutRegistryPolicy: (state, input) => {
    const policyText = text(input, "policyText", POLICY_TEXT);
    refuseRegistryPolicy(policyText, state.identity);
    state.registryPolicy = policyText;
    return registryPolicy(state);
  },
  GetRegistryPolicy: (state) => registryPolicy(state),
  DeleteRegistryPolicy: (state) => {
    const answer = registryPolicy(state);
    state.registryPolicy = undefined;
    return answer;
  },
  PutRegistryScanningConfiguration: (state, input) => {
    state.scanning = readScanningConfiguration(input);
    return { registryScanningConfiguration: state.scanning };
  },
  GetRegistryScanningConfiguration: ({ identity, scanning }) => {
    return { registryId: identity.accountId, scanningConfiguration: scanning };
  },
  GetAuthorizationToken: ({ identity: { accountId, now, endpoint }, tokenSeconds }) => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:token-of-${accountId}`).toString("base64"),
        expiresAt: now() + tokenSeconds,
        proxyEndpoint: endpoint(),
      },
    ],
  }),
};

const REPOSITORY_ACTIONS: Readonly<Record<string, Action>> = {
  DescribeRepositories: ({ repositories }, input) => repositories.describe(input),
  DeleteRepository: ({ repositories }, input) => ({
    repository: repositories.describeOne(repositories.delete(input)),
  }),
  ListTagsForResource: ({ repositories }, input) => ({ tags: repositories.getByArn(input).tags }),
  TagResource: ({ repositories }, input) => {
    const repository = repositories.getByArn(input);
    const added = required(readResourceTags(input, "tags"), "tags");
    const kept = repository.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
    repository.tags = readResourceTags({ tags: [...kept, ...added] }, "tags")!;
    return {};
  },
  UntagResource: ({ repositories }, input) => {
    const repository = repositories.getByArn(input);
    const keys = required(optionalTexts(input, "tagKeys"), "tagKeys");
    repository.tags = repository.tags.filter(({ Key }) => !keys.includes(Key));
    return {};
  },
  PutImageTagMutability: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    repository.mutability = required(readTagMutability(input), "imageTagMutability");
    return { ...named(identity.accountId, repository), ...repository.mutability };
  },
  PutImageScanningConfiguration: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const configuration = required(
      optionalStructure(input, "imageScanningConfiguration"),
      "imageScanningConfiguration",
    );
    repository.scanOnPush = configuration.scanOnPush === true;
    const { scanOnPush } = repository;
    return { ...named(identity.accountId, repository), imageScanningConfiguration: { scanOnPush } };
  },
};

const POLICY_ACTIONS: Readonly<Record<string, Action>> = {
  PutLifecyclePolicy: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const policyText = text(input, "lifecyclePolicyText", LIFECYCLE_POLICY_TEXT);
    refuseLifecyclePolicy(policyText);
    repository.lifecyclePolicy = policyText;
    return { ...named(identity.accountId, repository), lifecyclePolicyText: policyText };
  },
  GetLifecyclePolicy: ({ identity, repositories }, input) =>
    lifecyclePolicy(identity.accountId, repositories.get(input)),
  DeleteLifecyclePolicy: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const answer = lifecyclePolicy(identity.accountId, repository);
    repository.lifecyclePolicy = undefined;
    return answer;
  },
  SetRepositoryPolicy: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const policyText = text(input, "policyText", POLICY_TEXT);
    refuseRepositoryPolicy(policyText);
    repository.policy = policyText;
    return repositoryPolicy(identity.accountId, repository);
  },
  GetRepositoryPolicy: ({ identity, repositories }, input) => {
    return repositoryPolicy(identity.accountId, repositories.get(input));
  },
  DeleteRepositoryPolicy: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const answer = repositoryPolicy(identity.accountId, repository);
    repository.policy = undefined;
    return answer;
  },
};

const IMAGE_ACTIONS: Readonly<Record<string, Action>> = {
  DescribeImages: ({ identity, repositories }, input) => {
    const repository = repositories.get(input);
    const { items, nextToken } = repository.images.describe(input);
    return { imageDetails: items.map((image) => imageDetail(identity.accountId, repository, image)), nextToken };
  },
  ListImages: ({ repositories }, input) => {
    const { items, nextToken } = repositories.get(input).images.list(input);
    return { imageIds: items, nextToken };
  },
  BatchDeleteImage: ({ repositories }, input) => repositories.get(input).images.delete(input),
  BatchGetImage: batchGetImage,
};

/** Every action that the server knows, by its name. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  ...RULE_ACTIONS,
  ...TEMPLATE_ACTIONS,
  ...REGISTRY_ACTIONS,
  ...REPOSITORY_ACTIONS,
  ...POLICY_ACTIONS,
  ...IMAGE_ACTIONS,
};

/**
 * It is the call that a pull makes for an image's manifest, so under a rule it imports: the API model gives it errors
 * of the upstream. By a digest alone ECR imports nothing.
 *
 * @see https://github.com/aws/containers-roadmap/issues/2837
 */
function batchGetImage(state: EcrRegistryState, input: RequestInput): object {
  const ids = required(readImageIds(input), "imageIds");
  const name = text(input, "repositoryName");
  const failures: ImageFailure[] = [];
  for (const { imageTag, imageDigest } of ids) {
    if (imageTag === undefined || imageDigest !== undefined || !state.rules.covering(name)) continue;
    try {
      state.pull(name, { tag: imageTag });
    } catch (error) {
      if (!(error instanceof EcrError) || error.name !== "ImageNotFoundException") throw error;
    }
  }
  const repository = state.repositories.get(input);
  const images = ids.flatMap((imageId) => {
    const image = repository.images.find(imageId);
    if (image === undefined) failures.push(notFound(imageId));
    return image === undefined ? [] : [imageWithManifest(state, repository, image, imageId.imageTag)];
  });
  return { images, failures };
}

function imageWithManifest({ identity }: EcrRegistryState, repository: Repository, image: Image, imageTag?: string) {
  const { digest: imageDigest, mediaType, members } = image;
  const content =
    members === undefined
      ? { config: { digest: digestOf(`config of ${imageDigest}`) }, layers: [] }
      : { manifests: members.map((digest) => ({ digest })) };
  return {
    ...named(identity.accountId, repository),
    imageId: { imageDigest, ...(imageTag !== undefined && { imageTag }) },
    imageManifest: JSON.stringify({ schemaVersion: 2, mediaType, ...content }),
    imageManifestMediaType: mediaType,
  };
}

function imageDetail(registryId: string, repository: Repository, image: Image) {
  return {
    ...named(registryId, repository),
    imageDigest: image.digest,
    ...(image.tags.length > 0 && { imageTags: image.tags }),
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    imageStatus: image.archived === true ? "ARCHIVED" : image.isActivating === true ? "ACTIVATING" : "ACTIVE",
    ...(image.lastPulledAt !== undefined && { lastRecordedPullTime: image.lastPulledAt }),
    ...(image.lastActivatedAt !== undefined && { lastActivatedAt: image.lastActivatedAt }),
    ...(image.subject !== undefined && { subjectManifestDigest: image.subject }),
  };
}

/** A rule as an action answers it: none of them has all that ECR knows of it. */
function without(rule: PullThroughCacheRule, ...names: readonly (keyof PullThroughCacheRule)[]): object {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !(names as readonly string[]).includes(name)));
}

function registryPolicy({ identity, registryPolicy: policyText }: EcrRegistryState) {
  if (policyText !== undefined) return { registryId: identity.accountId, policyText };
  const message = `Registry policy does not exist in the registry with id '${identity.accountId}'`;
  throw new EcrError("RegistryPolicyNotFoundException", message);
}

function repositoryPolicy(registryId: string, repository: Repository) {
  if (repository.policy !== undefined) return { ...named(registryId, repository), policyText: repository.policy };
  const message = `Repository policy does not exist for the repository with name '${repository.name}' in the registry with id '${registryId}'`;
  throw new EcrError("RepositoryPolicyNotFoundException", message);
}

function lifecyclePolicy(registryId: string, repository: Repository) {
  const { name, lifecyclePolicy: lifecyclePolicyText } = repository;
  if (lifecyclePolicyText !== undefined) return { ...named(registryId, repository), lifecyclePolicyText };
  const message = `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`;
  throw new EcrError("LifecyclePolicyNotFoundException", message);
}

function named(registryId: string, { name }: Repository) {
  return { registryId, repositoryName: name };
}
