import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "../../modules/domain";

const page = readFileSync(join(__dirname, "..", "..", "help", "checks.md"), "utf8");

/** The names in the first column of the table under a heading. */
function names(heading: string): string[] {
  const [, after] = page.split(`\n## ${heading}\n`);
  const section = after!.split("\n## ")[0]!;
  return [...section.matchAll(/^\| `([\w-]+)` /gm)].map(([, name]) => name!);
}

test("help/checks.md has every check in its alphabetical place", () => {
  const errors = names("Errors");
  const warnings = names("Warnings");
  expect([...errors, ...warnings].sort()).toEqual(Object.keys(CHECKS).sort());
  expect(warnings).toEqual([...warnings].sort());
});
