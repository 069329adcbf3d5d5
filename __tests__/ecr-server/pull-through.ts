import { EcrError } from "./ecr-error";
import { PullThroughCacheRule, PullThroughCacheRules } from "./pull-through-cache-rules";
import { RegistryIdentity } from "./registry-identity";
import { DEFAULT_SETTINGS, Repositories, Repository, RepositorySettings } from "./repositories";
import { RepositoryCreationTemplate, RepositoryCreationTemplates } from "./repository-creation-templates";
import { digestOf, Image } from "./repository-images";
import { pathUnder } from "./repository-prefix";
import { canMove } from "./tag-mutability";

/** An image as an upstream names it. */
export interface UpstreamImage {
  /** The host that the rule names. */
  readonly registryUrl: string;
  readonly repository: string;
  readonly tag: string;
}

/** The digest of an upstream's image, or `undefined` if it has none of that name. */
export type Upstream = (image: UpstreamImage) => string | undefined;

/** An upstream that has every image, and never moves a tag. */
export const ENDLESS_UPSTREAM: Upstream = ({ registryUrl, repository, tag }) => {
  return digestOf(`${registryUrl}/${repository}:${tag}`);
};

const REFRESH_AFTER_SECONDS = 24 * 60 * 60;

/** What ECR does when an image is pulled by its tag: it imports it, and creates the repository first where there is none. */
export class PullThrough {
  /** When the upstream was asked last, by repository and tag. */
  private readonly askedAt = new Map<string, number>();

  constructor(
    private readonly identity: RegistryIdentity,
    private readonly rules: PullThroughCacheRules,
    private readonly templates: RepositoryCreationTemplates,
    private readonly repositories: Repositories,
    /** Can be replaced at any time. */
    public upstream: Upstream,
  ) {}

  /** Pulls an image; where no rule covers the name, the image must be there already. */
  public pull(repositoryName: string, tag: string): { repository: Repository; image: Image } {
    const rule = this.rules.covering(repositoryName);
    if (rule) this.importFrom(rule, repositoryName, tag);
    const repository = this.repositories.find(repositoryName) ?? this.repositories.refuseUnknown(repositoryName);
    const image = repository.images.find({ imageTag: tag });
    if (image === undefined)
      throw new EcrError("ImageNotFoundException", "manifest unknown: Requested image not found");
    repository.images.recordPull(image.digest, this.identity.now());
    return { repository, image: repository.images.find({ imageTag: tag })! };
  }

  private importFrom(rule: PullThroughCacheRule, name: string, tag: string): void {
    const key = `${name}:${tag}`;
    const now = this.identity.now();
    if (now - (this.askedAt.get(key) ?? -Infinity) < REFRESH_AFTER_SECONDS) return;
    const cached = this.repositories.find(name)?.images.find({ imageTag: tag });
    const digest = this.upstream(upstreamImage(rule, name, tag));
    // If a refresh fails, ECR serves what it has.
    if (digest === undefined && cached === undefined) {
      throw new EcrError("ImageNotFoundException", "manifest unknown: Requested image not found");
    }
    const repository = this.repositories.find(name) ?? this.createRepository(name);
    this.askedAt.set(key, now);
    if (digest === undefined || digest === cached?.digest) return;
    if (cached === undefined || canMove(tag, repository.mutability)) {
      repository.images.put({ digest, pushedAt: now }, tag);
    }
  }

  /** What a template says holds for a repository from its creation; nothing changes it later. */
  private createRepository(name: string): Repository {
    const template = this.templates.covering(name, "PULL_THROUGH_CACHE");
    if (template === undefined) return this.repositories.create(name);
    const settings = settingsOf(template);
    const needsRole = settings.tags.length > 0 || settings.encryption.encryptionType !== "AES256";
    // ECR's own service-linked role can neither tag nor use a key; people see only that there is no repository.
    if (needsRole && !template.customRoleArn) this.repositories.refuseUnknown(name);
    return this.repositories.create(name, settings);
  }
}

function settingsOf(template: RepositoryCreationTemplate): RepositorySettings {
  const { imageTagMutability, imageTagMutabilityExclusionFilters } = template;
  return {
    mutability: {
      imageTagMutability,
      ...(imageTagMutabilityExclusionFilters && { imageTagMutabilityExclusionFilters }),
    },
    encryption: template.encryptionConfiguration,
    tags: template.resourceTags ?? DEFAULT_SETTINGS.tags,
    policy: template.repositoryPolicy === "" ? undefined : template.repositoryPolicy,
    lifecyclePolicy: template.lifecyclePolicy === "" ? undefined : template.lifecyclePolicy,
  };
}

function upstreamImage(rule: PullThroughCacheRule, name: string, tag: string): UpstreamImage {
  const path = pathUnder(rule.ecrRepositoryPrefix, name)!;
  const { upstreamRepositoryPrefix: prefix = "ROOT", upstreamRegistryUrl: registryUrl } = rule;
  const repository = prefix === "ROOT" ? path : `${prefix}/${path}`;
  // Docker Hub's official images are under library/, which ECR does not add.
  if (rule.upstreamRegistry === "docker-hub" && !repository.includes("/")) {
    throw new EcrError("UnableToGetUpstreamImageException", "403 Forbidden", 400);
  }
  return { registryUrl, repository, tag };
}
