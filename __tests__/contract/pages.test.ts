import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../helpers/run-script";

test("every page that a message or a comment names exists", () => {
  const named = ["commands", "modules", "operations", "stacks"].flatMap((folder) => {
    return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => readFileSync(join(ROOT, folder, file), "utf8").match(/\bhelp\/[\w-]+\.md/g) ?? []);
  });
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
});
