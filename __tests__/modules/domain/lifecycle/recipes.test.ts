import {
  archiveUnpulled,
  checkLifecyclePolicy,
  describeLifecycleRule,
  expireTagged,
  expireUntagged,
  keepNewest,
  keepReleases,
  LifecyclePolicy,
  LifecycleRule,
  lifecycleWarnings,
  parseLifecyclePolicy,
  previewLifecycle,
  ruleForEachTag,
  RulesForAllImages,
} from "../../../../modules/domain/lifecycle";
import { formatDiagnostic } from "../../../../modules/domain/basics";

const DEV_OR_STAGING: LifecycleRule = {
  rulePriority: 5,
  description: "Expire test images",
  selection: {
    tagStatus: "tagged",
    tagPrefixList: ["dev", "stg"],
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber: 20,
  },
  action: { type: "expire" },
};

describe("a list of tags that must all match", () => {
  const images = [
    { id: "a", tags: ["dev-1"], pushedAt: new Date(0) },
    { id: "b", tags: ["stg-1"], pushedAt: new Date(0) },
    { id: "c", tags: ["v1"], pushedAt: new Date(0) },
  ];
  const expired = (rules: readonly LifecycleRule[]) =>
    previewLifecycle({ rules }, images, new Date("2026-01-01"))
      .filter(({ action }) => action === "expire")
      .map(({ image }) => image.id);

  test("is a warning, and rules for each entry do what is meant", () => {
    expect(lifecycleWarnings({ rules: [...expireUntagged({ afterDays: 1 }), DEV_OR_STAGING] })).toEqual([
      expect.objectContaining({
        code: "lifecycle-list-means-and",
        path: ["rules", 1, "selection", "tagPrefixList"],
        message: '("dev", "stg") selects only images that have a tag for each entry',
      }),
    ]);
    const rules = ruleForEachTag(DEV_OR_STAGING);
    expect(lifecycleWarnings({ rules })).toEqual([]);
    expect(checkLifecyclePolicy({ rules })).toEqual([]);
    expect([expired([DEV_OR_STAGING]), expired(rules)]).toEqual([[], ["a", "b"]]);
    expect(rules.map(({ description, rulePriority }) => [description, rulePriority])).toEqual([
      ["Expire test images", undefined],
      ["Expire test images", undefined],
    ]);
  });

  test("is what expireTagged does not write", () => {
    const rules = expireTagged({ tagPatterns: ["dev*", "stg*"], afterDays: 20 });
    expect([checkLifecyclePolicy({ rules }), lifecycleWarnings({ rules })]).toEqual([[], []]);
    expect(expired(rules)).toEqual(["a", "b"]);
  });

  test("leaves a rule with one tag, or without, as it is", () => {
    for (const rule of [...keepNewest({ count: 3 }), ...expireTagged({ tagPatterns: ["a*"], afterDays: 3 })]) {
      expect(ruleForEachTag(rule)).toEqual([rule]);
    }
  });
});

test("messages name the option of the recipe", () => {
  const rules = [
    ...expireUntagged({ afterDays: 0 }),
    ...expireTagged({ tagPatterns: ["^v"], afterDays: 1 }),
    ...keepReleases({ tagPatterns: [""], expireOthersAfterDays: 0.5 }),
  ];
  expect(checkLifecyclePolicy({ rules }).map(formatDiagnostic)).toEqual([
    "rules[0].selection.countNumber (afterDays of expireUntagged) must be a whole number from 1, got 0; write e.g. afterDays: 30",
    expect.stringMatching(
      /^rules\[1\]\.selection\.tagPatternList\[0\] \(tagPatterns of expireTagged\) must have only char/,
    ),
    expect.stringMatching(
      /^rules\[2\]\.selection\.tagPatternList\[0\] \(tagPatterns of keepReleases\) must be text, got ""/,
    ),
    "rules[3].selection.countNumber (expireOthersAfterDays of keepReleases) must be a whole number from 1, got 0.5; write e.g. expireOthersAfterDays: 30",
  ]);
  const archived = checkLifecyclePolicy({ rules: archiveUnpulled({ afterDays: 30, expireAfterDays: 30 }) });
  expect(archived.map(({ message, fix }) => [message, fix])).toEqual([
    ["(expireAfterDays of archiveUnpulled) must be a whole number from 90", "write e.g. expireAfterDays: 90"],
  ]);
});

test("recipes that end in a rule for all images say so in their type", () => {
  const last: readonly LifecycleRule[][] = [
    keepNewest({ count: 1 }),
    archiveUnpulled({ afterDays: 1 }),
    archiveUnpulled({ afterDays: 1, expireAfterDays: 90 }),
    keepReleases({ tagPatterns: ["v*"], expireOthersAfterDays: 1 }),
  ];
  expect(last.map((rules) => rules.at(-1)!.selection.tagStatus)).toEqual(["any", "any", "any", "any"]);
  // @ts-expect-error rules for untagged images do not end in one for all
  const wrong: RulesForAllImages = expireUntagged({ afterDays: 1 });
  expect(wrong).toHaveLength(1);
});

test("keepReleases is described without the number behind it", () => {
  const rules = keepReleases({ tagPatterns: ["v*"], expireOthersAfterDays: 60 });
  expect(rules.map(describeLifecycleRule)).toEqual([
    "images tagged v* are kept",
    "images expire 60 days after their push",
  ]);
});

describe("parseLifecyclePolicy", () => {
  const rules = [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 3 },
      action: { type: "expire" },
    },
  ];
  const policy = { rules } as LifecyclePolicy;
  const text = JSON.stringify(policy);

  test.each<[string, unknown]>([
    ["aws ecr get-lifecycle-policy", { registryId: "111122223333", repositoryName: "a", lifecyclePolicyText: text }],
    ["a bare list of rules", rules],
    ["a policy as the text of a JSON string", text],
    ["a creation template", { repositoryCreationTemplates: [{ prefix: "a", lifecyclePolicy: text }] }],
    ["a setting of an environment", { lifecyclePolicy: policy }],
  ])("reads %s", (_, value) => {
    expect(parseLifecyclePolicy(JSON.stringify(value, null, 2))).toEqual({ policy });
  });

  test.each([
    ['{\n  "rules": [ // two\n  ]\n}', "must be JSON: line 2, column 14 is a comment"],
    ['{\n  "rules": [\n    {},\n  ]\n}', "must be JSON: line 4, column 3 cannot be read"],
    ['{"rules": [\n\n  { "rulePriority": one }]}', "must be JSON: line 3, column 21 cannot be read"],
    ["{'rules': []}", "must be JSON: line 1, column 2 cannot be read"],
    ["", "must be JSON: line 1, column 1 cannot be read"],
  ])("tells the line and the column of what is wrong in %j", (wrong, message) => {
    const parsed = parseLifecyclePolicy(wrong);
    expect("diagnostics" in parsed && parsed.diagnostics.map((one) => one.message)).toEqual([message]);
  });

  test("tells where an inner text is wrong", () => {
    const parsed = parseLifecyclePolicy(JSON.stringify({ lifecyclePolicyText: "{" }));
    expect(parsed).toMatchObject({ diagnostics: [{ path: ["lifecyclePolicyText"] }] });
  });
});

test.each([
  [["v*"], 'write "v", or write tagPatternList: ["v*"]'],
  [["*-rc"], 'write tagPatternList: ["*-rc"]'],
  [[""], 'write e.g. tagPatternList: ["v*"], or ["*"] for every tagged image'],
  [[], 'write e.g. tagPatternList: ["v*"], or ["*"] for every tagged image'],
  [["feature/x"], "write what the tags begin with, or a pattern with '*'; regular expressions are not supported"],
])("a list of prefixes %j is refused, with what was meant", (tagPrefixList, fix) => {
  const rule = { ...DEV_OR_STAGING, selection: { ...DEV_OR_STAGING.selection, tagPrefixList } } as LifecycleRule;
  expect(checkLifecyclePolicy({ rules: [rule] }).map((one) => one.fix)).toEqual([fix]);
});
