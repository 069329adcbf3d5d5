import { checkLifecyclePolicy, formatDiagnostic, LifecyclePolicy, renderLifecyclePolicy } from "../../../../modules";
import { tagged, UNTAGGED } from "./policies";

const problemsOf = (...rules: unknown[]) => checkLifecyclePolicy({ rules } as LifecyclePolicy).map(formatDiagnostic);
/** The rule with a change of its selection or its action. */
const selecting = (change: object) => ({ ...UNTAGGED, selection: { ...UNTAGGED.selection, ...change } });
const acting = (countType: string, action: object, change: object = {}) => ({
  selection: { tagStatus: "any", countType, countUnit: "days", countNumber: 90, ...change },
  action,
});
const ARCHIVE = { type: "transition", targetStorageClass: "archive" };

describe("checkLifecyclePolicy accepts", () => {
  test.each([
    [
      "every way to select by tags",
      [
        tagged("v*"),
        {
          ...tagged("x"),
          selection: { tagStatus: "tagged", tagPrefixList: ["v"], countType: "imageCountMoreThan", countNumber: 1 },
        },
        UNTAGGED,
      ],
    ],
    ["a spelled-out standard storage", [selecting({ storageClass: "standard" })]],
    [
      "a transition by pulls and an expiry from the archive",
      [
        acting("sinceImagePulled", ARCHIVE),
        acting("sinceImageTransitioned", { type: "expire" }, { storageClass: "archive" }),
      ],
    ],
    ["four wildcards in a pattern", [tagged("*a*b*c*")]],
    [
      "one rule for untagged images in each storage class",
      [
        UNTAGGED,
        {
          selection: {
            tagStatus: "untagged",
            storageClass: "archive",
            countType: "sinceImageTransitioned",
            countUnit: "days",
            countNumber: 90,
          },
          action: { type: "expire" },
        },
      ],
    ],
    ["50 rules", Array.from({ length: 50 }, (_, i) => tagged(`t${i}`))],
    ["priorities with gaps, in any order", [tagged("a", { rulePriority: 7 }), tagged("b", { rulePriority: 3 })]],
    [
      "what only Terraform knows",
      [tagged("${var.tag}", { description: "${var.text}" }), selecting({ countNumber: -1e289 })],
    ],
  ])("%s", (_, rules) => {
    expect(problemsOf(...rules)).toEqual([]);
  });
});

describe("checkLifecyclePolicy refuses", () => {
  test.each([
    ["no rules", [], /^rules must be a list of rules, got \[\]; write at least one rule/],
    [
      "an unknown field",
      [{ ...UNTAGGED, priority: 1 }],
      /^rules\[0\]\.priority is not a known field; use one of rulePriority,/,
    ],
    [
      "an unknown field of the selection",
      [selecting({ tags: [] })],
      /^rules\[0\]\.selection\.tags is not a known field/,
    ],
    ["a rule without selection", [{ action: { type: "expire" } }], /^rules\[0\]\.selection is missing/],
    ["a rule without action", [{ selection: UNTAGGED.selection }], /^rules\[0\]\.action is missing/],
    ["a rule that is none", ["expire"], /^rules\[0\] must be a rule, got "expire"/],
    [
      "a priority of 0",
      [{ ...UNTAGGED, rulePriority: 0 }],
      /^rules\[0\]\.rulePriority must be a whole number from 1, got 0/,
    ],
    [
      "a description that is no text",
      [{ ...UNTAGGED, description: 1 }],
      /^rules\[0\]\.description must be text, got 1/,
    ],
    [
      "an unknown tag status",
      [selecting({ tagStatus: "Any" })],
      /^rules\[0\]\.selection\.tagStatus must be "tagged" or "untagged" or "any", got "Any"/,
    ],
    [
      "an unknown count type",
      [selecting({ countType: "age" })],
      /^rules\[0\]\.selection\.countType must be "imageCountMoreThan"/,
    ],
    [
      "a tag list on untagged images",
      [selecting({ tagPatternList: ["v*"] })],
      /tagPatternList must be left out unless tagStatus is tagged/,
    ],
    [
      "tagged images without a list",
      [selecting({ tagStatus: "tagged" })],
      /must have either tagPatternList or tagPrefixList/,
    ],
    [
      "tagged images with both lists",
      [selecting({ tagStatus: "tagged", tagPatternList: ["a"], tagPrefixList: ["b"] })],
      /must have either/,
    ],
    [
      "an empty tag list",
      [selecting({ tagStatus: "tagged", tagPatternList: [] })],
      /must be a list of at least one text, got \[\]/,
    ],
    [
      "an empty tag",
      [selecting({ tagStatus: "tagged", tagPrefixList: [""] })],
      /tagPrefixList\[0\] must be text, got ""/,
    ],
    ["five wildcards in a pattern", [tagged("*a*b*c*d*")], /tagPatternList\[0\] must have at most 4 '\*', but has 5/],
    [
      "a unit on a count",
      [selecting({ countType: "imageCountMoreThan" })],
      /countUnit must be left out for a count of images, got "days"/,
    ],
    [
      "an age without a unit",
      [selecting({ countUnit: undefined })],
      /countUnit must be "days"; write countUnit: "days"/,
    ],
    ["a unit of hours", [selecting({ countUnit: "hours" })], /countUnit must be "days", got "hours"/],
    ["a count of 0", [selecting({ countNumber: 0 })], /countNumber must be a whole number from 1, got 0/],
    ["half a day", [selecting({ countNumber: 1.5 })], /countNumber must be a whole number from 1, got 1.5/],
    [
      "89 days in the archive",
      [acting("sinceImageTransitioned", { type: "expire" }, { storageClass: "archive", countNumber: 89 })],
      /countNumber must be a whole number from 90, got 89/,
    ],
    [
      "an archive rule without the archive",
      [acting("sinceImageTransitioned", { type: "expire" })],
      /storageClass must be "archive" for sinceImageTransitioned/,
    ],
    [
      "a push age in the archive",
      [selecting({ storageClass: "archive" })],
      /storageClass must be left out for images in standard storage, got "archive"/,
    ],
    [
      "an expiry by pulls",
      [acting("sinceImagePulled", { type: "expire" })],
      /^rules\[0\]\.action\.type must be transition for sinceImagePulled, got "expire"; archive them first/,
    ],
    [
      "a transition from the archive",
      [acting("sinceImageTransitioned", ARCHIVE, { storageClass: "archive" })],
      /action\.type must be expire for sinceImageTransitioned/,
    ],
    [
      "a transition to nowhere",
      [acting("sinceImagePushed", { type: "transition" })],
      /targetStorageClass must be "archive" for a transition/,
    ],
    [
      "an expiry with a target",
      [acting("sinceImagePushed", { type: "expire", targetStorageClass: null })],
      /targetStorageClass must be left out where images expire, got null/,
    ],
    [
      "an unknown action",
      [acting("sinceImagePushed", { type: "EXPIRE" })],
      /action\.type must be "expire" or "transition", got "EXPIRE"/,
    ],
    ["51 rules", Array.from({ length: 51 }, (_, i) => tagged(`t${i}`)), /^must be at most 50 rules, but are 51/],
    [
      "a priority twice",
      [tagged("a", { rulePriority: 2 }), tagged("b", { rulePriority: 2 })],
      /^rules\[1\]\.rulePriority must not be another rule's too, got 2/,
    ],
    [
      "two rules for untagged images",
      [UNTAGGED, selecting({ countNumber: 2 })],
      /^rules\[1\]\.selection must not select the same images as rules\[0\]/,
    ],
    [
      "the same tags in another order",
      [
        { ...tagged("a"), selection: { ...tagged("a").selection, tagPatternList: ["a", "b"] } },
        { ...tagged("b"), selection: { ...tagged("b").selection, tagPatternList: ["b", "a"] } },
      ],
      /^rules\[1\]\.selection must not select the same images as rules\[0\]/,
    ],
    [
      "any image before others",
      [selecting({ tagStatus: "any" }), tagged("a")],
      /^rules\[0\] must come after rules\[1\]: a rule for any image has the highest number/,
    ],
  ])("%s", (_, rules, message) => {
    expect(problemsOf(...rules)).toEqual([expect.stringMatching(message)]);
  });

  test("all that is wrong at once", () => {
    const problems = problemsOf(
      { ...UNTAGGED, rulePriority: 0, action: {} },
      selecting({ countNumber: 0, countUnit: "weeks" }),
    );
    expect(problems).toHaveLength(4);
  });

  test("more than 30,720 characters, and no fewer", () => {
    const overhead = renderLifecyclePolicy({ rules: [{ ...UNTAGGED, description: "" }] }).length;
    const policy = (length: number) => ({ rules: [{ ...UNTAGGED, description: "x".repeat(length - overhead) }] });
    expect(renderLifecyclePolicy(policy(30_720))).toHaveLength(30_720);
    expect(checkLifecyclePolicy(policy(30_721))).toEqual([
      {
        severity: "error",
        path: [],
        message: "must have at most 30720 characters, but has 30721",
        fix: "shorten the descriptions",
      },
    ]);
  });
});
