/** Images one of whose tags begins as each of the list says. */
export interface TaggedByPrefix {
  /** Only images with a tag. */
  readonly tagStatus: "tagged";
  /** The beginnings. All of them must be found, so alternatives need rules of their own. */
  readonly tagPrefixList: readonly string[];
}

/** Images one of whose tags matches each pattern of the list. */
export interface TaggedByPattern {
  /** Only images with a tag. */
  readonly tagStatus: "tagged";
  /** The patterns, each with at most four `*`. All of them must match, so alternatives need rules of their own. */
  readonly tagPatternList: readonly string[];
}

/** Images without a tag. */
export interface Untagged {
  /** Only images that no tag names. */
  readonly tagStatus: "untagged";
}

/** All images. */
export interface AnyImage {
  /** Images with or without a tag. */
  readonly tagStatus: "any";
}

/** Which images a rule is about, by their tags. */
export type TagSelection = TaggedByPrefix | TaggedByPattern | Untagged | AnyImage;

/** All but the newest so many, by the time of their push. */
export interface ImageCountMoreThan {
  /** It is the number of images that counts. */
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
  /** It is the time since the push that counts. */
  readonly countType: "sinceImagePushed";
  /** What the time is counted in. */
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
  /** It is the time since the last pull that counts. */
  readonly countType: "sinceImagePulled";
  /** What the time is counted in. */
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
  /** It is the time in the archive that counts. */
  readonly countType: "sinceImageTransitioned";
  /** What the time is counted in. */
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
  /** Which images, by their tags and by number or age. */
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImageTransitioned);
  /** What becomes of them. */
  readonly action: {
    /** They are deleted. */
    readonly type: "expire";
  };
}

/** A rule that moves images to the archive, from which they can be restored. */
export interface TransitionRule extends RuleOfAnyAction {
  /** Which images, by their tags and by number or age. */
  readonly selection: TagSelection & (ImageCountMoreThan | SinceImagePushed | SinceImagePulled);
  /** What becomes of them. */
  readonly action: {
    /** They are moved. */
    readonly type: "transition";
    /** Where to. */
    readonly targetStorageClass: "archive";
  };
}

/** One rule of a lifecycle policy, in the form in which AWS documents it. */
export type LifecycleRule = ExpireRule | TransitionRule;

/** A rule for all images, tagged or not: the last one of its storage class. */
export type AnyImageRule = LifecycleRule & {
  /** It selects every image. */
  readonly selection: AnyImage;
};

/** Rules that end in one for all images: nothing that concerns the same storage class can come after them. */
export type RulesForAllImages = [...LifecycleRule[], AnyImageRule];

/**
 * The most images that a repository can hold: a rule that keeps so many keeps all.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
export const MOST_IMAGES = 100_000;

/**
 * Which images ECR deletes or archives by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export interface LifecyclePolicy {
  /** The rules: at most 50. */
  readonly rules: readonly LifecycleRule[];
}
