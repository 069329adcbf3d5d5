/** Images one of whose tags begins as each of the list says. */
export interface TaggedByPrefix {
  readonly tagStatus: "tagged";
  /** The beginnings. All of them must be found, so alternatives need rules of their own. */
  readonly tagPrefixList: readonly string[];
}

/** Images one of whose tags matches each pattern of the list. */
export interface TaggedByPattern {
  readonly tagStatus: "tagged";
  /** The patterns, each with at most four `*`. All of them must match, so alternatives need rules of their own. */
  readonly tagPatternList: readonly string[];
}

/** Images without a tag. */
export interface Untagged {
  readonly tagStatus: "untagged";
}

/** All images. */
export interface AnyImage {
  readonly tagStatus: "any";
}

/** Which images a rule is about, by their tags. */
export type TagSelection = TaggedByPrefix | TaggedByPattern | Untagged | AnyImage;

/** All but the newest so many, by the time of their push. */
export interface ImageCountMoreThan {
  readonly countType: "imageCountMoreThan";
  /** How many to keep: at least 1. */
  readonly countNumber: number;
  /**
   * The images that count are those in standard storage.
   *
   * @default "standard"
   */
  readonly storageClass?: "standard";
}

/** Images that were pushed so long ago. */
export interface SinceImagePushed {
  readonly countType: "sinceImagePushed";
  readonly countUnit: "days";
  /** How many days: at least 1. */
  readonly countNumber: number;
  /**
   * Images in standard storage are meant.
   *
   * @default "standard"
   */
  readonly storageClass?: "standard";
}

/** Images that were pulled last so long ago; one that was never pulled counts from its push. */
export interface SinceImagePulled {
  readonly countType: "sinceImagePulled";
  readonly countUnit: "days";
  /** How many days: at least 1. */
  readonly countNumber: number;
  /**
   * Images in standard storage are meant.
   *
   * @default "standard"
   */
  readonly storageClass?: "standard";
}

/** Images that were archived so long ago. */
export interface SinceImageTransitioned {
  readonly countType: "sinceImageTransitioned";
  readonly countUnit: "days";
  /**
   * How many days: at least 90.
   *
   * @see https://github.com/cloudposse/terraform-aws-ecr/pull/159
   */
  readonly countNumber: number;
  /** Only images in the archive have been moved there. */
  readonly storageClass: "archive";
}

interface RuleOfAnyAction {
  /**
   * The rule's place in the order of evaluation, from 1. A number is given to one rule only.
   *
   * @default - one more than the rule before has
   */
  readonly rulePriority?: number;
  /**
   * What the rule is for.
   *
   * @default - none
   */
  readonly description?: string;
}

/** A rule that deletes images. */
export interface ExpireRule extends RuleOfAnyAction {
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImageTransitioned);
  readonly action: { readonly type: "expire" };
}

/** A rule that moves images to the archive, from which they can be restored. */
export interface TransitionRule extends RuleOfAnyAction {
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImagePulled);
  readonly action: { readonly type: "transition"; readonly targetStorageClass: "archive" };
}

/** One rule of a lifecycle policy, in the form in which AWS documents it. */
export type LifecycleRule = ExpireRule | TransitionRule;

/**
 * Which images ECR deletes or archives by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export interface LifecyclePolicy {
  /** The rules: at most 50. */
  readonly rules: readonly LifecycleRule[];
}
