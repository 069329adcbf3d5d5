import fc from "fast-check";
import { assignPriorities, LifecyclePolicy, LifecycleRule, PreviewImage, previewLifecycle } from "../../../../modules";
import { images, policies, tagged, UNTAGGED } from "./policies";

const NOW = new Date("2026-06-01T00:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000);
const image = (id: string, tags: string[], age: number, more: Partial<PreviewImage> = {}): PreviewImage => {
  return { id, tags, pushedAt: daysAgo(age), ...more };
};
const outcome = (rules: readonly LifecycleRule[], list: readonly PreviewImage[]) =>
  previewLifecycle({ rules }, list, NOW)
    .filter(({ action }) => action !== "keep")
    .map(({ image: { id }, action, rule }) => `${id} ${action} ${rule!.rulePriority}`);
const byCount = (tagStatus: object, countNumber: number): LifecycleRule =>
  ({
    selection: { ...tagStatus, countType: "imageCountMoreThan", countNumber },
    action: { type: "expire" },
  }) as LifecycleRule;
const byAge = (tagStatus: object, countNumber: number): LifecycleRule =>
  ({
    selection: { ...tagStatus, countType: "sinceImagePushed", countUnit: "days", countNumber },
    action: { type: "expire" },
  }) as LifecycleRule;
const patterns = (...tagPatternList: string[]) => ({ tagStatus: "tagged", tagPatternList });

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html */
describe("the examples of AWS's documentation", () => {
  const betaProd = [
    image("A", ["beta-1", "prod-1"], 10),
    image("B", ["beta-2", "prod-2"], 9),
    image("C", ["beta-3"], 8),
  ];
  const alphaBeta = [
    image("A", ["alpha-1"], 12),
    image("B", ["beta-1"], 11),
    image("C", ["alpha-2", "beta-2"], 10),
    image("D", ["alpha-3"], 4),
    image("E", ["beta-3"], 3),
    image("F", ["alpha-4", "beta-4"], 2),
  ];
  const gamma = [
    image("A", ["alpha-1", "beta-1", "gamma-1"], 10),
    image("B", ["alpha-2", "beta-2"], 9),
    image("C", ["alpha-3", "beta-3", "gamma-2"], 8),
  ];
  const mixed = [image("A", ["alpha-1"], 4), image("B", ["beta-1"], 3), image("C", [], 2), image("D", ["alpha-2"], 1)];
  const all = [
    image("A", ["alpha-1", "beta-1"], 4),
    image("B", [], 3),
    image("C", ["alpha-2"], 2),
    image("D", ["git hash"], 1),
    image("E", [], 1),
  ];

  test.each([
    [
      "by age",
      [byAge(patterns("prod*"), 14)],
      [image("A", ["prod"], 15), image("B", ["prod-1"], 13), image("C", ["x"], 20)],
      ["A expire 1"],
    ],
    [
      "by count",
      [byCount({ tagStatus: "untagged" }, 1)],
      [image("A", [], 2), image("B", [], 1), image("C", ["x"], 3)],
      ["A expire 1"],
    ],
    ["several rules, A", [byCount(patterns("prod*"), 1), byCount(patterns("beta*"), 1)], betaProd, ["A expire 1"]],
    [
      "several rules, B",
      [byCount(patterns("beta*"), 1), byCount(patterns("prod*"), 1)],
      betaProd,
      ["A expire 1", "B expire 1"],
    ],
    ["several tags, A", [byAge(patterns("alpha*", "beta*"), 5)], alphaBeta, ["C expire 1"]],
    ["several tags, B", [byCount(patterns("alpha*", "beta*"), 1)], gamma, ["A expire 1", "B expire 1"]],
    ["all images, A", [byCount({ tagStatus: "any" }, 1)], mixed, ["A expire 1", "B expire 1", "C expire 1"]],
    [
      "all images, B",
      [byCount(patterns("alpha*"), 1), byAge({ tagStatus: "untagged" }, 1), byCount({ tagStatus: "any" }, 1)],
      all,
      ["A expire 1", "B expire 2", "D expire 3"],
    ],
  ])("%s", (_, rules, list, expected) => {
    expect(outcome(rules, list)).toEqual(expected);
  });
});

describe("previewLifecycle", () => {
  test("archives what nobody pulled, counting from the push where nobody ever did", () => {
    const rule: LifecycleRule = {
      selection: { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: 90 },
      action: { type: "transition", targetStorageClass: "archive" },
    };
    const list = [
      image("pulled", [], 200, { lastPulledAt: daysAgo(10) }),
      image("left", [], 200, { lastPulledAt: daysAgo(91) }),
      image("never", [], 91),
      image("archived", [], 200, { archivedAt: daysAgo(100) }),
    ];
    expect(outcome([rule], list)).toEqual(["left archive 1", "never archive 1"]);
  });

  test("keeps what a manifest list names as long as the list stays", () => {
    const rule = byAge({ tagStatus: "untagged" }, 30);
    const list = [
      image("kept list", ["v1"], 60),
      image("member", [], 60, { memberOf: ["kept list"] }),
      image("old list", [], 60),
      image("old member", [], 60, { memberOf: ["old list"] }),
      image("orphan", [], 60, { memberOf: ["deleted list"] }),
    ];
    expect(outcome([rule], list)).toEqual(["old list expire 1", "old member expire 1", "orphan expire 1"]);
    expect(previewLifecycle({ rules: [rule] }, list, NOW)[1]).toMatchObject({
      action: "keep",
      heldByManifestList: true,
    });
  });

  test("does not touch an image that is just as old as a rule says", () => {
    expect(outcome([UNTAGGED], [image("A", [], 30), image("B", [], 30.001)])).toEqual(["B expire 1"]);
  });

  test("takes the characters of a pattern literally, but for the star", () => {
    expect(
      outcome(
        [tagged("v1.*"), tagged("(x)")],
        [image("A", ["v1.2"], 1), image("B", ["v1.1"], 2), image("C", ["v1x2"], 3)],
      ),
    ).toEqual(["B expire 1"]);
  });

  test("names no rule for an image that none selects", () => {
    expect(previewLifecycle({ rules: [UNTAGGED] }, [image("A", ["v1"], 99)], NOW)).toMatchObject([
      { action: "keep", rule: undefined },
    ]);
  });

  test("agrees with AWS's sentences, told naively", () => {
    fc.assert(
      fc.property(policies, images(NOW), (policy, list) => {
        const told = previewLifecycle(policy, list, NOW).map(({ image: { id }, action }) => [id, action]);
        expect(told).toEqual(naively(policy, list));
      }),
      { numRuns: 500 },
    );
  });
});

/** Each rule marks by itself; then the marks are taken in the order of priority, and a rule's matches block later marks. */
function naively({ rules }: LifecyclePolicy, list: readonly PreviewImage[]): [string, string][] {
  const done = new Map<string, string>();
  const blocked = new Set<string>();
  for (const { selection, action } of assignPriorities(rules).sort((a, b) => a.rulePriority - b.rulePriority)) {
    const globs = "tagPatternList" in selection ? selection.tagPatternList : [];
    const prefixes = "tagPrefixList" in selection ? selection.tagPrefixList : [];
    const seen = list.filter(({ tags, archivedAt }) => {
      if ((archivedAt === undefined) === (selection.storageClass === "archive")) return false;
      if (selection.tagStatus === "untagged") return tags.length === 0;
      return (
        globs.every((glob) => tags.some((tag) => globMatches(glob, tag))) &&
        prefixes.every((prefix) => tags.some((tag) => tag.indexOf(prefix) === 0))
      );
    });
    const inRule = selection.tagStatus === "tagged" ? seen.filter(({ tags }) => tags.length > 0) : seen;
    const oldEnough = (date: Date) => (NOW.getTime() - date.getTime()) / 86_400_000 > selection.countNumber;
    const marked = inRule.filter((one) => {
      if (selection.countType === "sinceImagePushed") return oldEnough(one.pushedAt);
      if (selection.countType === "sinceImagePulled") return oldEnough(one.lastPulledAt ?? one.pushedAt);
      if (selection.countType === "sinceImageTransitioned") return oldEnough(one.archivedAt!);
      const newer = inRule.filter((other) => {
        const difference = other.pushedAt.getTime() - one.pushedAt.getTime();
        return difference > 0 || (difference === 0 && list.indexOf(other) > list.indexOf(one));
      });
      return newer.length >= selection.countNumber;
    });
    for (const { id } of marked) if (!blocked.has(id)) done.set(id, action.type === "expire" ? "expire" : "archive");
    for (const { id } of inRule) blocked.add(id);
  }
  return list.map(({ id }) => [id, done.get(id) ?? "keep"]);
}

/** A glob by trying every length that a star can stand for. */
function globMatches(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob.startsWith("*"))
    return Array.from({ length: text.length + 1 }, (_, i) => text.slice(i)).some((rest) =>
      globMatches(glob.slice(1), rest),
    );
  return text.startsWith(glob.charAt(0)) && globMatches(glob.slice(1), text.slice(1));
}
