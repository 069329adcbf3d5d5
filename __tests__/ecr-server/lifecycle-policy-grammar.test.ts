import fc from "fast-check";
import { checkLifecyclePolicy, LifecyclePolicy } from "../../modules";
import { refuseLifecyclePolicy } from "./lifecycle-policy-grammar";

const expire = { type: "expire" };
const transition = { type: "transition", targetStorageClass: "archive" };
const days = { countUnit: "days", countNumber: 30 };
const untagged = { tagStatus: "untagged", countType: "sinceImagePushed", ...days };
const any = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 };
const archived = {
  tagStatus: "any",
  countType: "sinceImageTransitioned",
  storageClass: "archive",
  ...days,
  countNumber: 90,
};
const tagged = { tagStatus: "tagged", tagPrefixList: ["v"], countType: "imageCountMoreThan", countNumber: 5 };

function refusal(...rules: [object, object][]): string {
  const list = rules.map(([selection, action], index) => ({ rulePriority: index + 1, selection, action }));
  try {
    refuseLifecyclePolicy(JSON.stringify({ rules: list }));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("takes each form of rule", () => {
  const pulled = { tagStatus: "any", countType: "sinceImagePulled", ...days };
  const patterns = { ...tagged, tagPrefixList: undefined, tagPatternList: ["*a*b*c*"] };
  expect(
    refusal([tagged, expire], [patterns, expire], [untagged, expire], [pulled, transition], [archived, expire]),
  ).toBe("");
});

test.each<[string, [object, object][]]>([
  ["no rules", []],
  ["a unit beside a count", [[{ ...any, countUnit: "days" }, expire]]],
  ["days without a unit", [[{ ...untagged, countUnit: undefined }, expire]]],
  ["nothing to count", [[{ ...any, countNumber: 0 }, expire]]],
  ["tags for untagged images", [[{ ...untagged, tagPrefixList: ["v"] }, expire]]],
  ["tagged images without tags", [[{ ...tagged, tagPrefixList: undefined }, expire]]],
  ["both kinds of tags", [[{ ...tagged, tagPatternList: ["v*"] }, expire]]],
  ["five wildcards", [[{ ...tagged, tagPrefixList: undefined, tagPatternList: ["*a*b*c*d*"] }, expire]]],
  ["expiry by pulls", [[{ ...untagged, countType: "sinceImagePulled" }, expire]]],
  ["a short archive", [[{ ...archived, countNumber: 89 }, expire]]],
  ["an archive of archived images", [[archived, transition]]],
  ["archived images in standard storage", [[{ ...archived, storageClass: undefined }, expire]]],
  ["a storage class beside expiry", [[any, { ...expire, targetStorageClass: null }]]],
  ["an unknown field", [[{ ...any, count: 1 }, expire]]],
])("refuses %s", (_, rules) => {
  expect(refusal(...rules)).toMatch(/Lifecycle policy validation failure: instance failed to match/);
});

test.each<[string, [object, object][]]>([
  [
    "two rules for untagged images",
    [
      [untagged, expire],
      [{ ...untagged, countNumber: 7 }, expire],
    ],
  ],
  [
    "a rule after one for any image",
    [
      [any, expire],
      [untagged, expire],
    ],
  ],
  [
    "a prefix twice",
    [
      [tagged, expire],
      [{ ...tagged, countNumber: 7 }, expire],
    ],
  ],
])("refuses %s", (_, rules) => {
  expect(refusal(...rules)).toMatch(/Lifecycle policy validation failure: (?:only|a rule|tag prefixes)/);
});

test("the library's own check takes nothing that this refuses", () => {
  const tags = fc.subarray(["v1", "v2", "*-rc", "a*b*c*d*e*f"], { minLength: 0 });
  const field = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
  const selection = fc.record({
    tagStatus: fc.constantFrom("tagged", "untagged", "any"),
    tagPatternList: fc.option(tags, { nil: undefined, freq: 1 }),
    tagPrefixList: fc.option(tags, { nil: undefined, freq: 1 }),
    storageClass: fc.option(fc.constantFrom("standard", "archive"), { nil: undefined, freq: 1 }),
    countType: fc.constantFrom("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"),
    countUnit: field(fc.constant("days")),
    countNumber: fc.constantFrom(0, 1, 30, 90),
  });
  const rule = fc.record({ selection, action: fc.constantFrom(expire, transition) });
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), (list) => {
      const rules = list.map((one, index) => ({ rulePriority: index + 1, ...one }));
      const policy = JSON.parse(JSON.stringify({ rules })) as LifecyclePolicy;
      if (checkLifecyclePolicy(policy).length > 0) return;
      accepted++;
      refuseLifecyclePolicy(JSON.stringify(policy));
    }),
    { numRuns: 5000, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(100);
});
