import { LifecycleRule, MOST_IMAGES } from "./lifecycle-policy";

/** Deletes images that no tag names any more. */
export interface ExpireUntagged {
  /** When to delete them. */
  readonly expireUntagged: {
    /** For how many days after its push an image is kept: at least 1. */
    readonly afterDays: number;
  };
}

/**
 * Deletes images with a tag for any of some patterns. Each pattern is a rule of its own, since the patterns of one list
 * must all match.
 */
export interface ExpireTagged {
  /** Which images to delete, and when. */
  readonly expireTagged: {
    /** What the tags look like, e.g. `["pr-*", "dev-*"]`. */
    readonly tagPatterns: readonly string[];
    /** For how many days after its push an image is kept: at least 1. */
    readonly afterDays: number;
  };
}

/** Keeps the newest images, by their push, and deletes all others. Write it last. */
export interface KeepLast {
  /** What to keep. */
  readonly keepLast: {
    /** How many images to keep: at least 1. */
    readonly count: number;
  };
}

/**
 * Archives images that nobody has pulled and, if that is said, deletes them from the archive later. Write it last.
 *
 * An image that was never pulled counts from its push. An archived image cannot be pulled until it is restored, also
 * from a cache: think of it for images that must be kept, not for those that may be needed tomorrow.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html
 */
export interface ArchiveUnpulled {
  /** When to archive images, and when to delete them. */
  readonly archiveUnpulled: {
    /** For how many days after its last pull an image stays out of the archive: at least 1. */
    readonly afterDays: number;
    /**
     * For how many days the archive keeps an image: at least 90.
     *
     * @default - for ever
     */
    readonly expireAfterDays?: number;
  };
}

/**
 * Keeps images with a release tag for ever, and deletes all others. Write it last.
 *
 * It rests on a rule of ECR's: an image that matches the tags of a rule is out of reach of all rules after it, whether
 * or not the rule does anything to it. Each pattern is a rule of its own, since the patterns of one list must all match.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export interface KeepReleases {
  /** What to keep, and when to delete the rest. */
  readonly keepReleases: {
    /** What release tags look like, e.g. `["v*", "release-*"]`. */
    readonly tagPatterns: readonly string[];
    /** For how many days after its push any other image is kept: at least 1. */
    readonly expireOthersAfterDays: number;
  };
}

/** Rules for a purpose, in one line. */
export type LifecycleRecipe = ArchiveUnpulled | ExpireTagged | ExpireUntagged | KeepLast | KeepReleases;

/** Which images ECR deletes or archives by itself: recipes, and rules in the form in which AWS documents them. */
export type Lifecycle = readonly (LifecycleRecipe | LifecycleRule)[];

/** The rules of one entry, which is a recipe or a rule itself. */
export function rulesOf(entry: Lifecycle[number]): LifecycleRule[] {
  if ("expireUntagged" in entry) return [expireUntagged(entry.expireUntagged)];
  if ("expireTagged" in entry) return expireTagged(entry.expireTagged);
  if ("keepLast" in entry) return [keepLast(entry.keepLast)];
  if ("archiveUnpulled" in entry) return archiveUnpulled(entry.archiveUnpulled);
  if ("keepReleases" in entry) return keepReleases(entry.keepReleases);
  return [entry];
}

/** The rules of a lifecycle, in their order. */
export function lifecycleRules(lifecycle: Lifecycle): LifecycleRule[] {
  return lifecycle.flatMap(rulesOf);
}

function expireUntagged({ afterDays }: ExpireUntagged["expireUntagged"]): LifecycleRule {
  return {
    description: `Expire untagged images ${afterDays} days after their push`,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: afterDays },
    action: { type: "expire" },
  };
}

function expireTagged({ tagPatterns, afterDays }: ExpireTagged["expireTagged"]): LifecycleRule[] {
  return tagPatterns.map((pattern) => ({
    description: `Expire images tagged ${pattern} ${afterDays} days after their push`,
    selection: {
      tagStatus: "tagged",
      tagPatternList: [pattern],
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: afterDays,
    },
    action: { type: "expire" },
  }));
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

function keepLast({ count }: KeepLast["keepLast"]): LifecycleRule {
  return {
    description: `Keep the newest ${count} images`,
    selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
    action: { type: "expire" },
  };
}

function archiveUnpulled({ afterDays, expireAfterDays }: ArchiveUnpulled["archiveUnpulled"]): LifecycleRule[] {
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

function keepReleases({ tagPatterns, expireOthersAfterDays }: KeepReleases["keepReleases"]): LifecycleRule[] {
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
