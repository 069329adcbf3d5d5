import { LifecycleRule } from "./lifecycle-policy";

/**
 * The most images that a repository can hold: a rule that keeps so many keeps all.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
export const MOST_IMAGES = 100_000;

/** Deletes images that no tag names any more, so many days after their push. */
export function expireUntagged({ afterDays }: { readonly afterDays: number }): LifecycleRule[] {
  return [
    {
      description: `Expire untagged images ${afterDays} days after their push`,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: afterDays },
      action: { type: "expire" },
    },
  ];
}

/** Keeps the newest so many images, by their push, and deletes all others. Write it last. */
export function keepNewest({ count }: { readonly count: number }): LifecycleRule[] {
  return [
    {
      description: `Keep the newest ${count} images`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
      action: { type: "expire" },
    },
  ];
}

/**
 * Archives images that nobody has pulled for so many days and, if that is said, deletes them from the archive later.
 * Write it last.
 *
 * An image that was never pulled counts from its push. An archived image cannot be pulled until it is restored, also
 * from a cache: think of it for images that must be kept, not for those that may be needed tomorrow.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html
 */
export function archiveUnpulled(options: {
  readonly afterDays: number;
  /**
   * For how many days the archive keeps an image: at least 90.
   *
   * @default - for ever
   */
  readonly expireAfterDays?: number;
}): LifecycleRule[] {
  const { afterDays, expireAfterDays } = options;
  const archive: LifecycleRule = {
    description: `Archive images that were not pulled for ${afterDays} days`,
    selection: { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: afterDays },
    action: { type: "transition", targetStorageClass: "archive" },
  };
  if (expireAfterDays === undefined) return [archive];
  return [
    archive,
    {
      description: `Expire archived images after ${expireAfterDays} days`,
      selection: {
        tagStatus: "any",
        storageClass: "archive",
        countType: "sinceImageTransitioned",
        countUnit: "days",
        countNumber: expireAfterDays,
      },
      action: { type: "expire" },
    },
  ];
}

/**
 * Keeps images with a release tag for ever, and deletes all others so many days after their push. Write it last.
 *
 * It rests on a rule of ECR's: an image that matches the tags of a rule is out of reach of all rules after it, whether
 * or not the rule does anything to it. Each pattern is a rule of its own, since the patterns of one list must all match.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function keepReleases(options: {
  /** What release tags look like, e.g. `["v*", "release-*"]`. */
  readonly tagPatterns: readonly string[];
  readonly expireOthersAfterDays: number;
}): LifecycleRule[] {
  const { tagPatterns, expireOthersAfterDays } = options;
  return [
    ...tagPatterns.map((pattern): LifecycleRule => {
      return {
        description: `Keep images tagged ${pattern}`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: [pattern],
          countType: "imageCountMoreThan",
          countNumber: MOST_IMAGES,
        },
        action: { type: "expire" },
      };
    }),
    {
      description: `Expire all other images ${expireOthersAfterDays} days after their push`,
      selection: {
        tagStatus: "any",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: expireOthersAfterDays,
      },
      action: { type: "expire" },
    },
  ];
}
