import {
  diagnostic,
  diagnosticsAt,
  diagnosticToJson,
  formatDiagnostic,
  formatPath,
  formatValue,
} from "../../../../modules/domain/basics";

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

describe("formatDiagnostic", () => {
  test("says where, what, the value and the fix", () => {
    const problem = {
      severity: "error" as const,
      path: ["region"],
      message: "must be a region",
      value: "mars",
      fix: 'write e.g. "us-east-1"',
    };
    expect(formatDiagnostic(problem)).toBe('region must be a region, got "mars"; write e.g. "us-east-1"');
  });

  test("leaves the value out where something is absent", () => {
    expect(
      formatDiagnostic({ severity: "error" as const, path: ["caches"], message: "is missing", fix: "add it" }),
    ).toBe("caches is missing; add it");
  });

  test("leaves the place out where the whole is meant", () => {
    expect(
      formatDiagnostic({
        severity: "error" as const,
        path: [],
        message: "must be an object",
        value: 1,
        fix: "write one",
      }),
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

describe("diagnosticsAt", () => {
  test("puts the place of the whole before the place in it", () => {
    const problem = { severity: "error" as const, path: ["prefix"], message: "is missing", fix: "add it" };
    expect(diagnosticsAt(["caches", 1], [problem])).toEqual([{ ...problem, path: ["caches", 1, "prefix"] }]);
  });
});

describe("diagnostic", () => {
  const parts = { path: ["caches", 0], message: "is odd", fix: "change it" };

  test("is an error where it has no code, and else as its check says", () => {
    expect(diagnostic(parts)).toEqual({ severity: "error", ...parts });
    expect(diagnostic({ ...parts, code: "no-role" })).toEqual({ severity: "error", code: "no-role", ...parts });
    expect(diagnostic({ ...parts, code: "root-prefix" })).toEqual({
      severity: "warning",
      code: "root-prefix",
      ...parts,
    });
  });

  test("has one line, in which its effect stands before the fix", () => {
    const warning = diagnostic({ ...parts, code: "root-prefix", value: "ROOT", effect: "it breaks" });
    expect(formatDiagnostic(warning)).toBe('caches[0] is odd, got "ROOT": it breaks; change it [root-prefix]');
  });

  test("has one form in JSON, in which its path is text", () => {
    const warning = diagnostic({ ...parts, code: "root-prefix", acknowledged: "tried" });
    expect(diagnosticToJson(warning)).toEqual({
      severity: "warning",
      code: "root-prefix",
      path: "caches[0]",
      message: "is odd",
      fix: "change it",
      acknowledged: "tried",
    });
  });
});
