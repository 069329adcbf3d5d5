import { AnyImageRule, LifecycleRule, MOST_IMAGES, RulesForAllImages } from "./lifecycle-policy";
import { madeFrom } from "./recipe-option";

/** Deletes images that no tag names any more, so many days after their push. */
export function expireUntagged({ afterDays }: { readonly afterDays: number }): LifecycleRule[] {
  return [
    madeFrom({ recipe: "expireUntagged", countNumber: "afterDays" }, {
      description: `Expire untagged images ${afterDays} days after their push`,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: afterDays },
      action: { type: "expire" },
    } satisfies LifecycleRule),
  ];
}

/**
 * Deletes images with a tag for any of some patterns, so many days after their push. Each pattern is a rule of its own,
 * since the patterns of one list must all match.
 */
export function expireTagged(options: {
  /** What the tags look like, e.g. `["pr-*", "dev-*"]`. */
  readonly tagPatterns: readonly string[];
  readonly afterDays: number;
}): LifecycleRule[] {
  const { tagPatterns, afterDays } = options;
  return tagPatterns.map((pattern) =>
    madeFrom({ recipe: "expireTagged", countNumber: "afterDays", tags: "tagPatterns" }, {
      description: `Expire images tagged ${pattern} ${afterDays} days after their push`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: [pattern],
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: afterDays,
      },
      action: { type: "expire" },
    } satisfies LifecycleRule),
  );
}

/**
 * A rule for each entry of a rule's list of tags, where an image with a tag for any of them is meant. A rule that counts
 * images then counts those of each entry apart. Priorities are left out.
 */
export function ruleForEachTag(rule: LifecycleRule): LifecycleRule[] {
  const { rulePriority: _, selection, ...others } = rule;
  const [list, tags]: [string, readonly string[]] =
    "tagPatternList" in selection
      ? ["tagPatternList", selection.tagPatternList]
      : "tagPrefixList" in selection
        ? ["tagPrefixList", selection.tagPrefixList]
        : ["", []];
  if (tags.length < 2) return [rule];
  return tags.map((tag) => ({ ...others, selection: { ...selection, [list]: [tag] } }) as LifecycleRule);
}

/** Keeps the newest so many images, by their push, and deletes all others. It is a rule for all images: write it last. */
export function keepNewest({ count }: { readonly count: number }): RulesForAllImages {
  return [
    madeFrom({ recipe: "keepNewest", countNumber: "count" }, {
      description: `Keep the newest ${count} images`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
      action: { type: "expire" },
    } satisfies AnyImageRule),
  ];
}

/**
 * Archives images that nobody has pulled for so many days and, if that is said, deletes them from the archive later.
 * It ends in a rule for all images: write it last.
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
}): RulesForAllImages {
  const { afterDays, expireAfterDays } = options;
  const archive = madeFrom({ recipe: "archiveUnpulled", countNumber: "afterDays" }, {
    description: `Archive images that were not pulled for ${afterDays} days`,
    selection: { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: afterDays },
    action: { type: "transition", targetStorageClass: "archive" },
  } satisfies AnyImageRule);
  if (expireAfterDays === undefined) return [archive];
  return [
    archive,
    madeFrom({ recipe: "archiveUnpulled", countNumber: "expireAfterDays" }, {
      description: `Expire archived images after ${expireAfterDays} days`,
      selection: {
        tagStatus: "any",
        storageClass: "archive",
        countType: "sinceImageTransitioned",
        countUnit: "days",
        countNumber: expireAfterDays,
      },
      action: { type: "expire" },
    } satisfies AnyImageRule),
  ];
}

/**
 * Keeps images with a release tag for ever, and deletes all others so many days after their push. It ends in a rule for
 * all images: write it last.
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
}): RulesForAllImages {
  const { tagPatterns, expireOthersAfterDays } = options;
  return [
    ...tagPatterns.map((pattern) =>
      madeFrom({ recipe: "keepReleases", tags: "tagPatterns" }, {
        description: `Keep images tagged ${pattern}`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: [pattern],
          countType: "imageCountMoreThan",
          countNumber: MOST_IMAGES,
        },
        action: { type: "expire" },
      } satisfies LifecycleRule),
    ),
    madeFrom({ recipe: "keepReleases", countNumber: "expireOthersAfterDays" }, {
      description: `Expire all other images ${expireOthersAfterDays} days after their push`,
      selection: {
        tagStatus: "any",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: expireOthersAfterDays,
      },
      action: { type: "expire" },
    } satisfies AnyImageRule),
  ];
}
