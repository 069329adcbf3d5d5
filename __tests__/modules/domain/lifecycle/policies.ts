import fc from "fast-check";
import { LifecyclePolicy, LifecycleRule } from "../../../../modules";

/** A rule that is right, to be changed by a test. */
export const UNTAGGED: LifecycleRule = {
  selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
  action: { type: "expire" },
};

/** A rule with a tag of its own, so that many of them go together. */
export function tagged(pattern: string, change: object = {}): LifecycleRule {
  return {
    selection: { tagStatus: "tagged", tagPatternList: [pattern], countType: "imageCountMoreThan", countNumber: 1 },
    action: { type: "expire" },
    ...change,
  };
}

const days = fc.integer({ min: 1, max: 400 });
const standardCount = fc.oneof(
  fc.record({ countType: fc.constant("imageCountMoreThan"), countNumber: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ countType: fc.constant("sinceImagePushed"), countUnit: fc.constant("days"), countNumber: days }),
);
const pulledCount = fc.record({
  countType: fc.constant("sinceImagePulled"),
  countUnit: fc.constant("days"),
  countNumber: days,
});
const archivedCount = fc.record({
  countType: fc.constant("sinceImageTransitioned"),
  countUnit: fc.constant("days"),
  countNumber: fc.integer({ min: 90, max: 400 }),
  storageClass: fc.constant("archive"),
});
const expire = fc.constant({ type: "expire" });
const archive = fc.constant({ type: "transition", targetStorageClass: "archive" });
const body = fc.oneof(
  fc.tuple(standardCount, expire),
  fc.tuple(standardCount, archive),
  fc.tuple(pulledCount, archive),
  fc.tuple(archivedCount, expire),
);
const TAGS = ["v1", "v2", "beta-1", "prod", "a"];
const tagList = fc.uniqueArray(fc.constantFrom("v*", "*1", "beta*", "prod", "a*", "*"), { minLength: 1, maxLength: 2 });
const tagSelection = fc.oneof(
  fc.record({ tagStatus: fc.constant("tagged"), tagPatternList: tagList }),
  fc.record({
    tagStatus: fc.constant("tagged"),
    tagPrefixList: fc.uniqueArray(fc.constantFrom("v", "beta", "prod"), { minLength: 1, maxLength: 2 }),
  }),
  fc.constant({ tagStatus: "untagged" }),
  fc.constant({ tagStatus: "any" }),
);

/** Policies that the types allow and that keep ECR's rules about rules: no two alike, `any` last. */
export const policies: fc.Arbitrary<LifecyclePolicy> = fc
  .array(fc.tuple(tagSelection, body, fc.option(fc.string({ maxLength: 20 }), { nil: undefined })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => {
    const rules = parts.map(([selection, [count, action], description]) => {
      const rule = { selection: { ...selection, ...count }, action } as unknown as LifecycleRule;
      return description === undefined ? rule : { ...rule, description };
    });
    const key = ({ selection }: LifecycleRule) => {
      const { tagStatus, tagPatternList, tagPrefixList, storageClass } = selection as unknown as Record<
        string,
        string[]
      >;
      return JSON.stringify([
        tagStatus,
        [...(tagPatternList ?? [])].sort(),
        [...(tagPrefixList ?? [])].sort(),
        storageClass,
      ]);
    };
    const distinct = [...new Map(rules.map((rule) => [key(rule), rule])).values()];
    const last = (rule: LifecycleRule) => Number(rule.selection.tagStatus === "any");
    return { rules: distinct.sort((a, b) => last(a) - last(b)) };
  });

/** Images of all kinds around the time at which a test looks at them. */
export function images(now: Date) {
  const ago = fc.integer({ min: 0, max: 400 }).map((age) => new Date(now.getTime() - age * 24 * 60 * 60 * 1000));
  const image = fc.record({
    tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
    pushedAt: ago,
    lastPulledAt: fc.option(ago, { nil: undefined }),
    archivedAt: fc.option(ago, { nil: undefined, freq: 3 }),
  });
  return fc
    .array(image, { maxLength: 12 })
    .map((list) => list.map((one, index) => ({ ...one, id: `sha256:${index}` })));
}
