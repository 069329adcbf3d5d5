import fc from "fast-check";
import {
  lifecycleRules,
  assignPriorities,
  canonicalLifecyclePolicy,
  checkLifecyclePolicy,
  describeLifecycleRule,
  LifecycleRule,
  parseLifecyclePolicy,
  renderLifecyclePolicy,
} from "../../../../modules";
import { policies, tagged, UNTAGGED } from "./policies";

describe("recipes and their text, whose drift is a plan for every user", () => {
  test.each([
    [
      lifecycleRules([{ expireUntagged: { afterDays: 30 } }]),
      '{"rules":[{"rulePriority":1,"description":"Expire untagged images 30 days after their push","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}',
    ],
    [
      lifecycleRules([{ keepLast: { count: 100 } }]),
      '{"rules":[{"rulePriority":1,"description":"Keep the newest 100 images","selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}}]}',
    ],
    [
      lifecycleRules([{ archiveUnpulled: { afterDays: 90, expireAfterDays: 365 } }]),
      '{"rules":[{"rulePriority":1,"description":"Archive images that were not pulled for 90 days","selection":{"tagStatus":"any","countType":"sinceImagePulled","countUnit":"days","countNumber":90},"action":{"type":"transition","targetStorageClass":"archive"}},{"rulePriority":2,"description":"Expire archived images after 365 days","selection":{"tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":365},"action":{"type":"expire"}}]}',
    ],
    [
      lifecycleRules([{ keepReleases: { tagPatterns: ["v*"], expireOthersAfterDays: 14 } }]),
      '{"rules":[{"rulePriority":1,"description":"Keep images tagged v*","selection":{"tagStatus":"tagged","tagPatternList":["v*"],"countType":"imageCountMoreThan","countNumber":100000},"action":{"type":"expire"}},{"rulePriority":2,"description":"Expire all other images 14 days after their push","selection":{"tagStatus":"any","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}',
    ],
  ])("recipe %#", (rules, text) => {
    expect(renderLifecyclePolicy({ rules })).toBe(text);
  });

  test("go together", () => {
    const rules = lifecycleRules([{ expireUntagged: { afterDays: 7 } }, { archiveUnpulled: { afterDays: 60 } }]);
    expect(checkLifecyclePolicy({ rules })).toEqual([]);
  });

  test("archive without an end where none is given", () => {
    expect(lifecycleRules([{ archiveUnpulled: { afterDays: 60 } }])).toHaveLength(1);
  });
});

describe("assignPriorities", () => {
  const prioritiesOf = (...given: (number | undefined)[]) =>
    assignPriorities(given.map((rulePriority) => ({ ...UNTAGGED, rulePriority }))).map((rule) => rule.rulePriority);

  test.each([
    [
      [undefined, undefined, undefined],
      [1, 2, 3],
    ],
    [
      [10, undefined, undefined],
      [10, 11, 12],
    ],
    [
      [undefined, 5, undefined],
      [1, 5, 6],
    ],
    [
      [3, 1, undefined],
      [3, 1, 2],
    ],
  ])("gives to %j the priorities %j", (given, expected) => {
    expect(prioritiesOf(...given)).toEqual(expected);
  });

  test("changes no rule when one is added at the end", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined })), (given) => {
        expect(prioritiesOf(...given, undefined).slice(0, -1)).toEqual(prioritiesOf(...given));
      }),
    );
  });
});

describe("renderLifecyclePolicy", () => {
  test("sorts by priority and leaves the default storage class out", () => {
    const second = tagged("b", { rulePriority: 1 });
    const tags = { tagStatus: "tagged", tagPatternList: ["a"] } as const;
    const first: LifecycleRule = {
      rulePriority: 2,
      selection: { ...tags, storageClass: "standard", countType: "imageCountMoreThan", countNumber: 1 },
      action: { type: "expire" },
    };
    expect(renderLifecyclePolicy({ rules: [first, second] })).toBe(
      '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["b"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}},' +
        '{"rulePriority":2,"selection":{"tagStatus":"tagged","tagPatternList":["a"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
    );
  });

  test("throws what is wrong rather than write it", () => {
    expect(() => renderLifecyclePolicy({ rules: [] })).toThrow("rules must be a list of rules");
  });

  test("passes on what only Terraform knows", () => {
    expect(renderLifecyclePolicy({ rules: [tagged("${var.tag}")] })).toContain('"tagPatternList":["${var.tag}"]');
  });

  test("writes for whatever the types allow a text that is right and within the limit", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(checkLifecyclePolicy(policy)).toEqual([]);
        const text = renderLifecyclePolicy(policy);
        expect(text.length).toBeLessThanOrEqual(30_720);
        expect(text).not.toContain("null");
      }),
    );
  });
});

describe("parseLifecyclePolicy", () => {
  test("is the inverse of rendering, both ways", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const text = renderLifecyclePolicy(policy);
        const parsed = parseLifecyclePolicy(text);
        expect(parsed).toEqual({ policy: canonicalLifecyclePolicy(policy) });
        expect("policy" in parsed && renderLifecyclePolicy(parsed.policy)).toBe(text);
      }),
    );
  });

  test("says where the text is no JSON", () => {
    expect(parseLifecyclePolicy('{\n  "rules": [\n    {,}\n  ]\n}', ["policy"])).toEqual({
      diagnostics: [
        {
          severity: "error",
          path: ["policy"],
          message: "must be JSON: line 3, column 6 cannot be read",
          fix: "fix it there",
        },
      ],
    });
  });

  test("says what is wrong, and where", () => {
    expect(parseLifecyclePolicy('{"rules":[{"selection":{},"action":{}}]}')).toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ path: ["rules", 0, "selection", "tagStatus"] }),
        expect.objectContaining({ path: ["rules", 0, "action", "type"] }),
      ]),
    });
  });
});

describe("describeLifecycleRule", () => {
  test.each([
    [lifecycleRules([{ expireUntagged: { afterDays: 30 } }])[0]!, "untagged images expire 30 days after their push"],
    [lifecycleRules([{ keepLast: { count: 5 } }])[0]!, "of images all but the newest 5 expire"],
    [lifecycleRules([{ archiveUnpulled: { afterDays: 1 } }])[0]!, "images are archived 1 day after their last pull"],
    [
      lifecycleRules([{ archiveUnpulled: { afterDays: 1, expireAfterDays: 90 } }])[1]!,
      "archived images expire after 90 days in the archive",
    ],
    [tagged("v*"), "of images tagged v* all but the newest 1 expire"],
    [
      {
        ...UNTAGGED,
        selection: {
          tagStatus: "tagged",
          tagPrefixList: ["v", "rc"],
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: 2,
        },
      },
      "images tagged v… and rc… expire 2 days after their push",
    ],
  ] as [LifecycleRule, string][])("says of rule %#: %s", (rule, sentence) => {
    expect(describeLifecycleRule(rule)).toBe(sentence);
  });
});

test("the types refuse what ECR refuses, where types can", () => {
  const untagged = { tagStatus: "untagged" } as const;
  const days = { countUnit: "days", countNumber: 90 } as const;
  const pushed = { ...untagged, countType: "sinceImagePushed", ...days } as const;
  const expire = { type: "expire" } as const;
  const archive = { type: "transition", targetStorageClass: "archive" } as const;
  const rules: LifecycleRule[] = [
    // @ts-expect-error -- a count has no unit
    { selection: { ...untagged, countType: "imageCountMoreThan", countUnit: "days", countNumber: 1 }, action: expire },
    // @ts-expect-error -- an age has a unit
    { selection: { ...untagged, countType: "sinceImagePushed", countNumber: 1 }, action: expire },
    // @ts-expect-error -- pulls archive, and do not delete
    { selection: { ...untagged, countType: "sinceImagePulled", ...days }, action: expire },
    // @ts-expect-error -- what is in the archive is not moved there
    {
      selection: { ...untagged, countType: "sinceImageTransitioned", storageClass: "archive", ...days },
      action: archive,
    },
    // @ts-expect-error -- only archived images have been moved
    { selection: { ...untagged, countType: "sinceImageTransitioned", ...days }, action: expire },
    // @ts-expect-error -- only a transition has a target
    { selection: pushed, action: { type: "expire", targetStorageClass: "archive" } },
    // @ts-expect-error -- a transition has a target
    { selection: pushed, action: { type: "transition" } },
    // @ts-expect-error -- tagged images are told by their tags
    { selection: { tagStatus: "tagged", countType: "sinceImagePushed", ...days }, action: expire },
    // @ts-expect-error -- untagged images have none
    { selection: { ...untagged, tagPrefixList: ["v"], countType: "sinceImagePushed", ...days }, action: expire },
  ];
  for (const rule of rules) expect(checkLifecyclePolicy({ rules: [rule] })).not.toEqual([]);
});
