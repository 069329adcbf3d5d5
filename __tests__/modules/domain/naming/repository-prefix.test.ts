import fc from "fast-check";
import {
  checkRulePrefix,
  checkTemplatePrefix,
  prefixContains,
  prefixCovers,
  repositoriesUnder,
} from "../../../../modules/domain/naming/repository-prefix";

/** The ECR API's own pattern for both prefixes (API model of October 2026). */
const API_PATTERN = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;
/** The Terraform provider's pattern for a rule's prefix. */
const PROVIDER_PATTERN = /^((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*\/?|ROOT)$/;

describe("checkRulePrefix", () => {
  test.each(["prod", "docker-hub", "a.b_c-d/e0", "ROOT", "ab", "a".repeat(30), "${var.prefix}"])(
    "accepts %s",
    (prefix) => {
      expect(checkRulePrefix(prefix, ["prefix"])).toEqual([]);
    },
  );

  test.each([
    ["Prod", '"prod"'],
    ["/prod", '"prod"'],
    ["prod/", '"prod"'],
    ["a//b", '"a/b"'],
    ["a..b", '"a.b"'],
    ["a__b", '"a_b"'],
    ["a--b", '"a-b"'],
    ["a-", 'e.g. "docker-hub"'],
    ["prod-/x", '"prod/x"'],
    ["root/", '"root"'],
    ["ROOT/", '"root"'],
    ["my prefix", '"my-prefix"'],
    ["$$a$$", '"a"'],
  ])("refuses %s and suggests %s", (prefix, suggestion) => {
    expect(checkRulePrefix(prefix, ["prefix"])).toEqual([
      {
        severity: "error",
        path: ["prefix"],
        message: "must be lower-case letters and digits, joined by single '.', '_', '-' or '/'",
        value: prefix,
        fix: `write ${suggestion === '"a"' ? 'e.g. "docker-hub"' : suggestion}`,
      },
    ]);
  });

  test.each(["a", "a".repeat(31), ""])("refuses %j for its length", (prefix) => {
    expect(checkRulePrefix(prefix, ["prefix"])).toEqual([
      {
        severity: "error",
        path: ["prefix"],
        message: `must have 2 to 30 characters, but has ${prefix.length}`,
        value: prefix,
        fix: 'choose another prefix, e.g. "docker-hub"',
      },
    ]);
  });

  test("accepts nothing that the API or the provider refuses", () => {
    const part = fc.stringMatching(/^[a-zA-Z0-9._/-]{1,12}$/);
    fc.assert(
      fc.property(part, (prefix) => {
        fc.pre(checkRulePrefix(prefix, []).length === 0);
        expect(prefix).toMatch(API_PATTERN);
        expect(prefix).toMatch(PROVIDER_PATTERN);
      }),
      { numRuns: 2000 },
    );
  });

  test("suggests only prefixes that it accepts", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 20 }), (prefix) => {
        for (const { fix } of checkRulePrefix(prefix, [])) {
          const suggested = /"(.*)"/.exec(fix)?.[1] ?? "";
          expect(checkRulePrefix(suggested, [])).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("checkTemplatePrefix", () => {
  test("allows 256 characters and no more", () => {
    expect(checkTemplatePrefix("a".repeat(256), [])).toEqual([]);
    expect(checkTemplatePrefix("a".repeat(257), [])).toHaveLength(1);
  });
});

describe("prefixCovers", () => {
  test.each([
    ["prod", "prod/library/nginx", true],
    ["prod", "prod", false],
    ["prod", "production/nginx", false],
    ["prod/team", "prod/nginx", false],
    ["ROOT", "anything", true],
  ])("%s covers %s: %s", (prefix, repository, expected) => {
    expect(prefixCovers(prefix, repository)).toBe(expected);
  });
});

describe("prefixContains", () => {
  test.each([
    ["prod", "prod", true],
    ["prod", "prod/team", true],
    ["prod/team", "prod", false],
    ["ROOT", "prod", true],
    ["prod", "ROOT", false],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(prefixContains(outer, inner)).toBe(expected);
  });
});

test("repositoriesUnder writes ROOT as everything", () => {
  expect(repositoriesUnder("prod")).toBe("prod/*");
  expect(repositoriesUnder("ROOT")).toBe("*");
});
