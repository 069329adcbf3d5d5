import { matchesWildcard } from "../basics";
import { assignPriorities } from "./canonical-lifecycle-policy";
import { LifecyclePolicy, LifecycleRule } from "./lifecycle-policy";

/** An image, as far as a lifecycle policy looks at it. */
export interface PreviewImage {
  /** What tells it from others: its digest. */
  readonly id: string;
  /** Its tags; none for an untagged image. */
  readonly tags: readonly string[];
  /** When it was pushed; in a cache, when ECR imported it. */
  readonly pushedAt: Date;
  /**
   * @default - never pulled: it counts from its push
   */
  readonly lastPulledAt?: Date;
  /** Its size in bytes. */
  readonly size?: number;
  /**
   * When it was moved to the archive.
   *
   * @default - it is in standard storage
   */
  readonly archivedAt?: Date;
  /**
   * The ids of the manifest lists that name it.
   *
   * @default - none
   */
  readonly memberOf?: readonly string[];
}

/** What a policy does to an image. */
export interface PreviewedImage {
  /** The image, as it was given. */
  readonly image: PreviewImage;
  /** What becomes of it. */
  readonly action: "keep" | "expire" | "archive";
  /** The rule whose tag criteria are the first to match; it alone decides. */
  readonly rule: (LifecycleRule & { readonly rulePriority: number }) | undefined;
  /** Whether the rule would act, but for a manifest list that names the image and stays. */
  readonly heldByManifestList: boolean;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * What a policy would do to images at a point in time, by the rules of AWS's evaluator: all rules look at all images of
 * their storage class; an image belongs to the first rule, by priority, whose tag criteria it matches, and no other can
 * act on it; and what a manifest list names stays as long as the list.
 *
 * AWS does not say which of two images with the same time of push is the newer: here it is the one that is later in the
 * list. Nor does it say whether a rule of N days includes an image of just N days: here it does not.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function previewLifecycle(
  policy: LifecyclePolicy,
  images: readonly PreviewImage[],
  now: Date,
): PreviewedImage[] {
  const rules = assignPriorities(policy.rules).sort((a, b) => a.rulePriority - b.rulePriority);
  const ranks = new Map(rules.map((rule) => [rule, rankByAge(images.filter((image) => isSelected(rule, image)))]));
  const decided = images.map((image) => {
    const rule = rules.find((one) => isSelected(one, image));
    const acts = rule !== undefined && isDue(rule, image, ranks.get(rule)!.get(image)!, now);
    return { image, rule, acts };
  });
  const leaving = new Set(decided.filter(({ acts }) => acts).map(({ image }) => image.id));
  const present = new Set(images.map(({ id }) => id));
  return decided.map(({ image, rule, acts }) => {
    const held = (image.memberOf ?? []).some((list) => present.has(list) && !leaving.has(list));
    const action = acts && !held ? (rule!.action.type === "expire" ? "expire" : "archive") : "keep";
    return { image, action, rule, heldByManifestList: acts && held };
  });
}

/** Each image's place from the newest, 0, to the oldest. */
function rankByAge(images: readonly PreviewImage[]): Map<PreviewImage, number> {
  const newestFirst = [...images].reverse().sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime());
  return new Map(newestFirst.map((image, rank) => [image, rank]));
}

function isSelected({ selection }: LifecycleRule, image: PreviewImage): boolean {
  if ((selection.storageClass === "archive") !== (image.archivedAt !== undefined)) return false;
  switch (selection.tagStatus) {
    case "any":
      return true;
    case "untagged":
      return image.tags.length === 0;
    case "tagged": {
      const patterns =
        "tagPatternList" in selection
          ? selection.tagPatternList.map((pattern) => ({ text: pattern, isPrefix: false }))
          : selection.tagPrefixList.map((prefix) => ({ text: prefix, isPrefix: true }));
      return patterns.every(({ text, isPrefix }) =>
        image.tags.some((tag) => (isPrefix ? tag.startsWith(text) : matchesWildcard(tag, text))),
      );
    }
  }
}

function isDue({ selection }: LifecycleRule, image: PreviewImage, rank: number, now: Date): boolean {
  const { countNumber } = selection;
  const longAgo = (moment: Date) => now.getTime() - moment.getTime() > countNumber * DAY;
  switch (selection.countType) {
    case "imageCountMoreThan":
      return rank >= countNumber;
    case "sinceImagePushed":
      return longAgo(image.pushedAt);
    case "sinceImagePulled":
      return longAgo(image.lastPulledAt ?? image.pushedAt);
    case "sinceImageTransitioned":
      return image.archivedAt !== undefined && longAgo(image.archivedAt);
  }
}
