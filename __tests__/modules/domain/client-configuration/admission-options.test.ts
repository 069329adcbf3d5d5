import { formatDiagnostic } from "../../../../modules/domain/basics";
import { AdmissionOptions, checkAdmissionOptions } from "../../../../modules/domain/client-configuration";

const problemsOf = (options: AdmissionOptions) => checkAdmissionOptions(options).map(formatDiagnostic);

describe("checkAdmissionOptions", () => {
  test("accepts none, and all of them", () => {
    expect(problemsOf({})).toEqual([]);
    expect(
      problemsOf({
        namespaces: ["team-a", "0"],
        excludeNamespaces: ["kube-system"],
        namespaceLabels: { team: "a", "example.com/cache": "", "x.y/A_b.c": "On" },
        digests: "cache",
      }),
    ).toEqual([]);
  });

  test("accepts values that only Terraform knows", () => {
    const token = "${TfToken[TOKEN.1]}";

    expect(
      problemsOf({ namespaces: [token], excludeNamespaces: [token + "x"], namespaceLabels: { a: token } }),
    ).toEqual([]);
  });

  test.each(["", "Team", "a_b", "-a", "a-", "a".repeat(64), 'a"]\nx: ["', "*"])("refuses the namespace %j", (name) => {
    const what = "must be the name of a namespace: up to 63 lower-case letters, digits and hyphens";
    const problem = `${what}, got ${JSON.stringify(name)}; write e.g. "team-a"`;

    expect(problemsOf({ namespaces: [name], excludeNamespaces: ["b", `${name}/`] })).toEqual([
      `namespaces[0] ${problem}`,
      expect.stringContaining("excludeNamespaces[1] must be the name of a namespace"),
    ]);
  });

  test("refuses to take and exclude one namespace", () => {
    expect(problemsOf({ namespaces: ["a", "b"], excludeNamespaces: ["b"] })).toEqual([
      'excludeNamespaces[0] must not be one of namespaces, got "b"; remove it from one of the two',
    ]);
  });

  test.each(["", "a b", "/a", "a/b/c", "Example.com/a", "example.com/"])("refuses the label key %j", (key) => {
    expect(problemsOf({ namespaceLabels: { [key]: "on" } })).toEqual([
      `namespaceLabels must have label keys of Kubernetes, got ${JSON.stringify(key)}; write e.g. "team" or "example.com/team"`,
    ]);
  });

  test("refuses a label value, and digests from elsewhere", () => {
    const options = { namespaceLabels: { a: "b c" }, digests: "both" } as unknown as AdmissionOptions;

    expect(problemsOf(options)).toEqual([
      'namespaceLabels.a must be a label value of Kubernetes: up to 63 letters, digits, dots, hyphens and underscores, got "b c"; write e.g. "enabled"',
      'digests is not supported, got "both"; write "upstream" or "cache"',
    ]);
  });
});
