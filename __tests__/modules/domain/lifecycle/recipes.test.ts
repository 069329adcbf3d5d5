import {
  checkLifecycle,
  checkLifecyclePolicy,
  describeLifecycleRule,
  Lifecycle,
  LifecyclePolicy,
  LifecycleRule,
  lifecycleRules,
  lifecycleWarnings,
  parseLifecyclePolicy,
  previewLifecycle,
  ruleForEachTag,
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
    expect(
      lifecycleWarnings({ rules: [...lifecycleRules([{ expireUntagged: { afterDays: 1 } }]), DEV_OR_STAGING] }),
    ).toEqual([
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
    const rules = lifecycleRules([{ expireTagged: { tagPatterns: ["dev*", "stg*"], afterDays: 20 } }]);
    expect([checkLifecyclePolicy({ rules }), lifecycleWarnings({ rules })]).toEqual([[], []]);
    expect(expired(rules)).toEqual(["a", "b"]);
  });

  test("leaves a rule with one tag, or without, as it is", () => {
    for (const rule of lifecycleRules([
      { expireTagged: { tagPatterns: ["a*"], afterDays: 3 } },
      { keepLast: { count: 3 } },
    ])) {
      expect(ruleForEachTag(rule)).toEqual([rule]);
    }
  });
});

test("messages name the option of the recipe", () => {
  const lifecycle: Lifecycle = [
    { expireUntagged: { afterDays: 0 } },
    { expireTagged: { tagPatterns: ["^v"], afterDays: 1 } },
    { keepReleases: { tagPatterns: [""], expireOthersAfterDays: 0.5 } },
    { archiveUnpulled: { afterDays: 30, expireAfterDays: 30 } },
  ];
  expect(checkLifecycle(lifecycle, ["lifecycle"]).map(formatDiagnostic)).toEqual([
    "lifecycle[0].expireUntagged.afterDays must be a whole number from 1, got 0; write e.g. 30",
    expect.stringMatching(/^lifecycle\[1\]\.expireTagged\.tagPatterns\[0\] must have only characters of tags/),
    expect.stringMatching(/^lifecycle\[2\]\.keepReleases\.tagPatterns\[0\] must be text, got ""/),
    "lifecycle[2].keepReleases.expireOthersAfterDays must be a whole number from 1, got 0.5; write e.g. 30",
    "lifecycle[3].archiveUnpulled.expireAfterDays must be a whole number from 90, got 30; write e.g. 90",
  ]);
});

test.each<[unknown, RegExp]>([
  [{}, /^lifecycle must be a list of recipes and rules, got/],
  [["x"], /^lifecycle\[0\] must be a recipe or a rule, got "x"; write a rule, or one of archiveUnpulled, /],
  [[{ keepNewest: { count: 3 } }], /^lifecycle\[0\] must be a recipe or a rule, got .*; use one of archiveUnpulled, /],
  [[{ keepLast: 3 }], /^lifecycle\[0\]\.keepLast must be an object, got 3; write \{ count: … \}$/],
  [[{ keepLast: {} }], /^lifecycle\[0\]\.keepLast\.count is missing; add it$/],
  [[{ keepLast: { count: 3, days: 1 } }], /^lifecycle\[0\]\.keepLast\.days is not a known field; use one of count$/],
  [
    [{ keepLast: { count: 3 }, expireUntagged: { afterDays: 1 } }],
    /^lifecycle\[0\] must hold keepLast alone, but also holds expireUntagged; write an entry for each$/,
  ],
  [
    [{ keepLast: { count: 3 } }, { expireUntagged: { afterDays: 1 } }],
    /^lifecycle\[0\] must come after lifecycle\[1\]: a rule for any image has the highest number/,
  ],
  [
    [{ expireUntagged: { afterDays: 2 } }, { expireUntagged: { afterDays: 1 } }],
    /^lifecycle\[1\]\.selection must not select the same images as lifecycle\[0\] does/,
  ],
])("a lifecycle refuses %j", (lifecycle, message) => {
  expect(checkLifecycle(lifecycle as Lifecycle, ["lifecycle"]).map(formatDiagnostic)).toEqual([
    expect.stringMatching(message),
  ]);
});

test("keepReleases is described without the number behind it", () => {
  const rules = lifecycleRules([{ keepReleases: { tagPatterns: ["v*"], expireOthersAfterDays: 60 } }]);
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
