import { EcrError } from "./ecr-error";
import { pageOf, refusePaging } from "./page";
import { RegistryIdentity } from "./registry-identity";
import { EncryptionConfiguration } from "./repository-creation-templates";
import { RepositoryImages } from "./repository-images";
import { REPOSITORY_NAME } from "./repository-prefix";
import { optionalTexts, RequestInput, text } from "./request-input";
import { ResourceTag } from "./resource-tags";
import { TagMutability } from "./tag-mutability";

/** What can be said of a repository when it is created. */
export interface RepositorySettings {
  readonly mutability: TagMutability;
  readonly encryption: EncryptionConfiguration;
  readonly tags: readonly ResourceTag[];
  readonly policy?: string;
  readonly lifecyclePolicy?: string;
}

/** A repository: how it was created, what can be changed about it, and its images. */
export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly encryption: EncryptionConfiguration;
  mutability: TagMutability;
  scanOnPush: boolean;
  tags: readonly ResourceTag[];
  policy: string | undefined;
  lifecyclePolicy: string | undefined;
  readonly images: RepositoryImages;
}

/** What ECR creates where nothing is said. */
export const DEFAULT_SETTINGS: RepositorySettings = {
  mutability: { imageTagMutability: "MUTABLE" },
  encryption: { encryptionType: "AES256" },
  tags: [],
};

/** The repositories of a registry. */
export class Repositories {
  private readonly byName = new Map<string, Repository>();

  constructor(private readonly identity: RegistryIdentity) {}

  /** In the order of their names. */
  public get all(): readonly Repository[] {
    return [...this.byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  public create(repositoryName: string, settings: Partial<RepositorySettings> = {}): Repository {
    const name = text({ repositoryName }, "repositoryName", REPOSITORY_NAME);
    const { accountId, region, now } = this.identity;
    if (this.byName.has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${accountId}'`;
      throw new EcrError("RepositoryAlreadyExistsException", message);
    }
    const { policy, lifecyclePolicy, ...said } = { ...DEFAULT_SETTINGS, ...settings };
    const repository: Repository = {
      name,
      arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
      createdAt: now(),
      scanOnPush: false,
      ...said,
      policy,
      lifecyclePolicy,
      images: new RepositoryImages(),
    };
    this.byName.set(name, repository);
    return repository;
  }

  public find(name: string): Repository | undefined {
    return this.byName.get(name);
  }

  /** The repository that a request names. */
  public get(input: RequestInput): Repository {
    const name = text(input, "repositoryName", REPOSITORY_NAME);
    return this.byName.get(name) ?? this.refuseUnknown(name);
  }

  public getByArn(input: RequestInput): Repository {
    const arn = text(input, "resourceArn");
    const repository = this.byName.get(arn.slice(arn.indexOf("/") + 1));
    return repository?.arn === arn ? repository : this.refuseUnknown(arn);
  }

  public delete(input: RequestInput): Repository {
    const repository = this.get(input);
    if (repository.images.all.length > 0 && input.force !== true) {
      const { name } = repository;
      const message = `The repository with name '${name}' in registry with id '${this.identity.accountId}' cannot be deleted because it still contains images`;
      throw new EcrError("RepositoryNotEmptyException", message);
    }
    this.byName.delete(repository.name);
    return repository;
  }

  public describe(input: RequestInput) {
    const names = optionalTexts(input, "repositoryNames", REPOSITORY_NAME, { min: 1, max: 100 });
    if (names !== undefined) refusePaging(input, "repositoryNames");
    const { items, nextToken } =
      names === undefined
        ? pageOf(this.all, input)
        : { items: names.map((repositoryName) => this.get({ repositoryName })), nextToken: undefined };
    return { repositories: items.map((one) => this.describeOne(one)), nextToken };
  }

  public describeOne({ name, arn, createdAt, mutability, scanOnPush, encryption }: Repository) {
    const { accountId, region } = this.identity;
    return {
      repositoryArn: arn,
      registryId: accountId,
      repositoryName: name,
      repositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt,
      ...mutability,
      imageScanningConfiguration: { scanOnPush },
      encryptionConfiguration: encryption,
    };
  }

  public refuseUnknown(name: string): never {
    const { accountId } = this.identity;
    const message = `The repository with name '${name}' does not exist in the registry with id '${accountId}'`;
    throw new EcrError("RepositoryNotFoundException", message);
  }
}
