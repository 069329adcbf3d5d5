import { formatPath, formatDiagnostic, formatValue, diagnosticsAt } from "../../../../modules/domain/basics/diagnostic";

describe("formatPath", () => {
  test.each([
    [[], ""],
    [["region"], "region"],
    [["caches", 0, "prefix"], "caches[0].prefix"],
    [["tags", "cost centre"], 'tags["cost centre"]'],
    [["tags", "cost-centre"], "tags.cost-centre"],
    [[0, "name"], "[0].name"],
  ])("writes %j as %s", (path, expected) => {
    expect(formatPath(path)).toBe(expected);
  });
});

describe("formatProblem", () => {
  test("says where, what, the value and the fix", () => {
    const problem = {
      severity: "error",
      path: ["region"],
      message: "must be a region",
      value: "mars",
      fix: 'write e.g. "us-east-1"',
    };
    expect(formatDiagnostic(problem)).toBe('region must be a region, got "mars"; write e.g. "us-east-1"');
  });

  test("leaves the value out where something is absent", () => {
    expect(formatDiagnostic({ severity: "error", path: ["caches"], message: "is missing", fix: "add it" })).toBe(
      "caches is missing; add it",
    );
  });

  test("leaves the place out where the whole is meant", () => {
    expect(
      formatDiagnostic({ severity: "error", path: [], message: "must be an object", value: 1, fix: "write one" }),
    ).toBe("must be an object, got 1; write one");
  });
});

describe("formatValue", () => {
  test("cuts values of more than 120 characters", () => {
    expect(formatValue("x".repeat(118))).toBe(`"${"x".repeat(118)}"`);
    expect(formatValue("x".repeat(119))).toBe(`"${"x".repeat(119)}…`);
  });

  test("shows what JSON cannot say", () => {
    expect(formatValue(undefined)).toBe("undefined");
  });
});

describe("problemsAt", () => {
  test("puts the place of the whole before the place in it", () => {
    const problem = { severity: "error", path: ["prefix"], message: "is missing", fix: "add it" };
    expect(diagnosticsAt(["caches", 1], [problem])).toEqual([{ ...problem, path: ["caches", 1, "prefix"] }]);
  });
});
