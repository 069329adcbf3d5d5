/** How repositories are, or will be created: what a template says and what a repository has. */
export interface RepositoryDescription {
  readonly imageTagMutability: string;
  readonly exclusionFilters: readonly string[];
  readonly encryptionType: string;
  readonly kmsKey?: string;
  /** The policy's text, if there is one. */
  readonly lifecyclePolicy?: string;
  /** The policy's text, if there is one. */
  readonly repositoryPolicy?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A pull through cache rule, as ECR describes it. */
export interface LiveRule {
  readonly prefix: string;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRepositoryPrefix?: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
}

/** A repository creation template, as ECR describes it. */
export interface LiveTemplate extends RepositoryDescription {
  readonly prefix: string;
  readonly appliedFor: readonly string[];
  readonly customRoleArn?: string;
}

/** A registry's scanning configuration, as ECR describes it. */
export interface LiveScanning {
  readonly scanType: string;
  readonly rules: readonly { readonly scanFrequency: string; readonly filters: readonly string[] }[];
}

/** A repository, without what takes a call of its own to know. */
export interface LiveRepository {
  readonly name: string;
  readonly arn: string;
  readonly imageTagMutability: string;
  readonly exclusionFilters: readonly string[];
  readonly encryptionType: string;
  readonly kmsKey?: string;
}

/** An image in a repository. */
export interface LiveImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly pushedAt: Date;
  /** ECR writes it down about once a day; `undefined` where no pull was ever recorded. */
  readonly lastPulledAt?: Date;
}

/** What came of asking a registry for an image. */
export type ImportOutcome = { readonly digest: string } | { readonly refusal: string };

/** What the commands need of a registry. All calls are retried where ECR is busy. */
export interface EcrPort {
  /** The account whose credentials are used. */
  callerAccount(): Promise<string>;

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
  /** Everything that can be told about a repository. */
  describe(repository: LiveRepository): Promise<RepositoryDescription>;
  /** All images of a repository. */
  images(repositoryName: string): Promise<LiveImage[]>;
  /** Whether a repository has an image of a tag; `false` also where there is no repository. */
  hasImage(repositoryName: string, tag: string): Promise<boolean>;

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
  /** Deletes images, and tells which of them it could not delete. */
  deleteImages(repositoryName: string, digests: readonly string[]): Promise<string[]>;
  /** Asks for an image's manifest as a container runtime does, which makes ECR import the image. */
  importImage(repositoryName: string, tag: string): Promise<ImportOutcome>;
}
