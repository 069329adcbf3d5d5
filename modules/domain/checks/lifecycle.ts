import { describeLifecycleRule, LifecycleRule, lifecycleWarnings, MOST_IMAGES, previewLifecycle } from "../lifecycle";
import { Diagnostic, diagnostic } from "../basics";
import { listedAddress, RegistryView } from "../plan";
import { PulledImage } from "./workload-images";

const DAY = 24 * 60 * 60 * 1000;

/** Lifecycle rules that take from workloads what they need. */
export function findLifecycle(view: RegistryView, images: readonly PulledImage[]): Diagnostic[] {
  return [...findLists(view), ...findByCount(view), ...findArchiving(view), ...findExpiring(view, images)];
}

/** Lists of tags that must all match, by every template that has them. */
function findLists({ templates }: RegistryView): Diagnostic[] {
  return templates.flatMap((template) =>
    lifecycleWarnings(template.lifecyclePolicy, template.pathOf("lifecycle")).map((warning) => {
      return { ...warning, constructs: [`templates/${template.id}`] };
    }),
  );
}

/** In a cache the push of an image is its first pull: the oldest image may well be the one that everything is built on. */
function findByCount({ repositories }: RegistryView): Diagnostic[] {
  return repositories.flatMap(({ template }) => {
    return template.lifecyclePolicy.rules.filter(expiresByCount).map((rule): Diagnostic => {
      return diagnostic({
        code: "lifecycle-by-count",
        path: template.pathOf("lifecycle"),
        constructs: [listedAddress("templates", template.id)],
        message: `expires cached images by their number (${describeLifecycleRule(rule)})`,
        effect:
          "the image that was cached first goes first, also when it is pulled every day; its next pull asks the upstream again",
        fix: "expire untagged images (expireUntagged), or images by the time since their push",
      });
    });
  });
}

function expiresByCount({ selection, action }: LifecycleRule): boolean {
  const { countType, countNumber, tagStatus } = selection;
  return (
    action.type === "expire" &&
    countType === "imageCountMoreThan" &&
    countNumber < MOST_IMAGES &&
    tagStatus !== "untagged"
  );
}

/**
 * A pull of an archived image is answered with 404. That ECR would then import it again is written nowhere.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
 */
function findArchiving({ repositories }: RegistryView): Diagnostic[] {
  return repositories.flatMap(({ template }) => {
    const archiving = template.lifecyclePolicy.rules.filter(({ action }) => action.type === "transition");
    return archiving.map((rule): Diagnostic => {
      return diagnostic({
        code: "lifecycle-archives",
        path: template.pathOf("lifecycle"),
        constructs: [listedAddress("templates", template.id)],
        message: `archives cached images (${describeLifecycleRule(rule)})`,
        effect:
          "a pull of an archived image fails with 404 until somebody restores it; AWS does not say that ECR imports it again",
        fix: "expire images instead, which the next pull undoes, or accept it where the upstream may lose them",
      });
    });
  });
}

/** Follows each image from its first pull to the next one that is due. */
function findExpiring({ templates }: RegistryView, images: readonly PulledImage[]): Diagnostic[] {
  return images.flatMap(({ workload, path, resolved, tag }): Diagnostic[] => {
    const { pullIntervalDays } = workload;
    const template = templates.find(({ id }) => id === resolved.template?.id);
    if (pullIntervalDays === undefined || template === undefined) return [];
    const first = new Date(0);
    const image = { id: path.join(), tags: tag === undefined ? [] : [tag], pushedAt: first, lastPulledAt: first };
    const [preview] = previewLifecycle(template.lifecyclePolicy, [image], new Date(pullIntervalDays * DAY));
    if (preview?.action === "keep" || preview?.rule === undefined) return [];
    const rule = describeLifecycleRule(preview.rule);
    const isArchived = preview.action === "archive";
    return [
      diagnostic({
        code: "expires-before-next-pull",
        path,
        constructs: [listedAddress("templates", template.id)],
        message: `(${workload.images[Number(path.at(-1))]!}) is ${isArchived ? "archived" : "gone"} before ${workload.name} pulls it again after ${days(pullIntervalDays)} (${rule})`,
        effect: isArchived
          ? "an archived image cannot be pulled until it is restored"
          : "the pull asks the upstream again, and fails if that is down or has the image no longer",
        fix: `make ${preview.rule.description === undefined ? "the rule" : `"${preview.rule.description}"`} wait longer than ${days(pullIntervalDays)}, or except the image from it`,
      }),
    ];
  });
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
