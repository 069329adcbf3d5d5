import { LifecycleRule } from "./lifecycle-policy";

/** Deletes images that no tag names any more, so many days after they were pushed. */
export function expireUntagged({ afterDays }: { readonly afterDays: number }): LifecycleRule[] {
  return [
    {
      description: `Expire untagged images ${afterDays} days after their push`,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: afterDays },
      action: { type: "expire" },
    },
  ];
}
