import { print, printError, printJson, safe } from "../../commands/print";

const noTerminal = { fd: 99_999 } as unknown as NodeJS.WriteStream & { fd: number };

describe("safe", () => {
  test.each([
    ["\u001b[31mred\u001b[0m", "\\u{1b}[31mred\\u{1b}[0m"],
    ["\u001b]0;title\u0007", "\\u{1b}]0;title\\u{7}"],
    ["name\r\u001b[2Kqa: all well", "name\\r\\u{1b}[2Kqa: all well"],
    ["::error::x\n  ::warning::y", "\\u{3a}:error::x\n  \\u{3a}:warning::y"],
    [
      "a ##vso[task.setvariable variable=x]y ##[error]z",
      "a \\u{23}#vso[task.setvariable variable=x]y \\u{23}#[error]z",
    ],
    ["##teamcity[buildStop]", "\\u{23}#teamcity[buildStop]"],
    ["pay\u202elasrever", "pay\\u{202e}lasrever"],
    ["zero\u200bwidth\ufeff\u{e0041}", "zero\\u{200b}width\\u{feff}\\u{e0041}"],
    ["half \ud83d, whole \u{1f600}", "half \\u{d83d}, whole \u{1f600}"],
    [`token ghp_${"a".repeat(36)}`, "token …"],
    ["lines\nstay\n## lines ::", "lines\nstay\n## lines ::"],
  ])("writes %j as %j where there is no terminal", (text, expected) => {
    expect(safe(text, noTerminal)).toBe(expected);
  });
});

test("what is printed is safe, on both streams, and JSON stays JSON", () => {
  const log = jest.spyOn(console, "log").mockImplementation();
  const error = jest.spyOn(console, "error").mockImplementation();
  try {
    print("a\u0007");
    printError("b\u0007");
    printJson({ c: "\u202e\u0085" });
    expect(error.mock.calls).toEqual([["b\\u{7}"]]);
    expect(log.mock.calls).toEqual([["a\\u{7}"], ['{\n  "c": "\\u202e\\u0085"\n}']]);
    expect(JSON.parse(log.mock.calls[1]![0] as string)).toEqual({ c: "\u202e\u0085" });
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
});
