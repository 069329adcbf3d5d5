/** How repositories are, or will be created: what a template says and what a repository has. */
export interface RepositoryDescription {
  /** Whether tags can move, in the terms of the ECR API. */
  readonly imageTagMutability: string;
  /** The tags for which it is the other way round. */
  readonly exclusionFilters: readonly string[];
  /** `AES256` or `KMS`, in the terms of the ECR API. */
  readonly encryptionType: string;
  /** The ARN of the customer key, if there is one. */
  readonly kmsKey?: string;
  /** The policy's text, if there is one. */
  readonly lifecyclePolicy?: string;
  /** The policy's text, if there is one. */
  readonly repositoryPolicy?: string;
  /** The AWS tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A pull through cache rule, as ECR describes it. */
export interface LiveRule {
  /** What its repositories start with, without the slash. */
  readonly prefix: string;
  /** The host that it asks. */
  readonly upstreamRegistryUrl: string;
  /** What it appends to that host; `ROOT`, or nothing, for everything there. */
  readonly upstreamRepositoryPrefix?: string;
  /** The ARN of its credential's secret, if it has one. */
  readonly credentialArn?: string;
  /** The role with which ECR asks another ECR registry, if there is one. */
  readonly customRoleArn?: string;
}

/** A repository creation template, as ECR describes it. */
export interface LiveTemplate extends RepositoryDescription {
  /** What the names of its repositories start with, without the slash. */
  readonly prefix: string;
  /** The occasions on which ECR creates repositories from it. */
  readonly appliedFor: readonly string[];
  /** The role with which ECR creates them, if there is one. */
  readonly customRoleArn?: string;
}

/** A registry's scanning configuration, as ECR describes it. */
export interface LiveScanning {
  /** `BASIC` or `ENHANCED`. */
  readonly scanType: string;
  /** What is scanned, and when. */
  readonly rules: readonly {
    /** `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`. */
    readonly scanFrequency: string;
    /** Wildcards for the names of repositories. */
    readonly filters: readonly string[];
  }[];
}

/** The settings of a repository that each take a call of their own to read. */
export type ReadSetting = "lifecycle policy" | "repository policy" | "tags";

/** The AWS tags of repositories, by the ARNs of the repositories. */
export type TagsByArn = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A repository, without what takes a call of its own to know. */
export interface LiveRepository {
  /** Its name, without the host of the registry. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** Whether tags can move, in the terms of the ECR API. */
  readonly imageTagMutability: string;
  /** The tags for which it is the other way round. */
  readonly exclusionFilters: readonly string[];
  /** `AES256` or `KMS`, in the terms of the ECR API. */
  readonly encryptionType: string;
  /** The ARN of the customer key, if there is one. */
  readonly kmsKey?: string;
}

/** An image in a repository. */
export interface LiveImage {
  /** Its digest, `sha256:…`. */
  readonly digest: string;
  /** Its tags; none for an untagged image. */
  readonly tags: readonly string[];
  /** What it takes, as ECR counts it. */
  readonly bytes: number;
  /** When it was pushed; in a cache, when ECR imported it. `undefined` if ECR does not report it. */
  readonly pushedAt?: Date;
  /** ECR records it about once a day; `undefined` if no pull was ever recorded. */
  readonly lastPulledAt?: Date;
  /** When it was last restored from archive storage; `undefined` if it never was. */
  readonly lastActivatedAt?: Date;
  /** `ARCHIVED`: in archive storage, from where nobody can pull it. `ACTIVATING`: being restored from there. */
  readonly status: "ACTIVE" | "ARCHIVED" | "ACTIVATING";
  /** The digest of the image that it refers to, if it is a signature, an SBOM or an attestation. */
  readonly subject?: string;
  /** Whether it is a list of images, as there is one for each platform. */
  readonly isList: boolean;
}

/** An image that could not be deleted. */
export interface UndeletedImage {
  /** Its digest. */
  readonly digest: string;
  /** Why, as a name: `ImageReferencedByManifestList`, `KmsError`. */
  readonly code: string;
  /** Why, in ECR's words. */
  readonly reason: string;
}

/** What an image is found by in its repository. */
export type ImageName =
  | {
      /** A tag. */
      readonly imageTag: string;
    }
  | {
      /** Its digest. */
      readonly imageDigest: string;
    };

/** What came of asking a registry for an image. */
export type ImportOutcome =
  | {
      /** What the image's tag names. */
      readonly digest: string;
    }
  | {
      /** Why there is no image, in the registry's words. */
      readonly refusal: string;
    };

/** What time it is. */
export interface Clock {
  /** According to AWS. */
  readonly aws: Date;
  /** According to this machine, at the same moment. */
  readonly local: Date;
}

/** What the commands need of a registry. All calls are retried where ECR is busy. */
export interface EcrPort {
  /** The account whose credentials are used. */
  callerAccount(): Promise<string>;
  /** The time of AWS, from the latest response, and the time of this machine then. */
  clock(): Promise<Clock>;

  /** All pull through cache rules. */
  rules(): Promise<LiveRule[]>;
  /** Why a rule does not work; `undefined` where it does. */
  ruleFailure(prefix: string): Promise<string | undefined>;
  /** All repository creation templates. */
  templates(): Promise<LiveTemplate[]>;
  /** The registry policy's text; `undefined` where there is none. */
  registryPolicy(): Promise<string | undefined>;
  /** The scanning configuration. */
  scanning(): Promise<LiveScanning>;

  /** All repositories. */
  repositories(): Promise<LiveRepository[]>;
  /** The settings of a repository; of those that take a call of their own, only the given ones. */
  describe(repository: LiveRepository, settings: readonly ReadSetting[]): Promise<RepositoryDescription>;
  /** The AWS tags of a repository. */
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
  /**
   * The AWS tags of all repositories, a hundred for each call, from the tagging API. A tag that was set or removed a
   * moment ago can be missing or left; empty if the caller is not allowed to call that API.
   */
  allTags(): Promise<TagsByArn>;
  /** All images of a repository, also those in the archive. */
  images(repositoryName: string): Promise<LiveImage[]>;
  /** Whether a role or a user of this account exists; `undefined` if the caller is not allowed to know. */
  principalExists(arn: string): Promise<boolean | undefined>;
  /**
   * When the current value of a secret was set; `undefined` if it has none.
   *
   * @param secret the ARN or the name
   */
  secretValueSetAt(secret: string): Promise<Date | undefined>;
  /** The digest of an image; `undefined` where it is not there, or the repository is not. */
  findImage(repositoryName: string, image: ImageName): Promise<string | undefined>;

  /** Sets whether tags can move. */
  putImageTagMutability(repositoryName: string, mutability: string, exclusionFilters: readonly string[]): Promise<void>;
  /**
   * Sets the lifecycle policy.
   *
   * @param text none to delete it
   */
  putLifecyclePolicy(repositoryName: string, text: string | undefined): Promise<void>;
  /**
   * Sets the repository policy.
   *
   * @param text none to delete it
   */
  putRepositoryPolicy(repositoryName: string, text: string | undefined): Promise<void>;
  /** Adds tags to a repository's own, or changes their values. */
  tagRepository(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Deletes a repository with all its images. */
  deleteRepository(repositoryName: string): Promise<void>;
  /** Deletes a repository that has no images; `false` where it has some, and stays. */
  deleteEmptyRepository(repositoryName: string): Promise<boolean>;
  /** Deletes at most a hundred images, and tells which of them it could not delete. */
  deleteImages(repositoryName: string, digests: readonly string[]): Promise<UndeletedImage[]>;
  /** Asks for an image's manifest as a container runtime does, which makes ECR import the image. */
  importImage(repositoryName: string, tag: string): Promise<ImportOutcome>;
}
