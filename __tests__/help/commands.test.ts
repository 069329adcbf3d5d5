import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript, SCRIPTS } from "../helpers/run-script";
import { PAGES, readPage } from "./pages";

/** A command as a page writes it: the script, and what comes after it. */
interface Mention {
  readonly page: string;
  readonly script: string;
  readonly args: readonly string[];
}

const mentions = PAGES.flatMap((page) => {
  const commands = readPage(page).matchAll(/npm run (?:-s )?([\w:-]+)((?: -- [^\n`#>]*)?)/g);
  return [...commands].map(([, script, rest]): Mention => {
    return { page, script: script!, args: rest!.split(/\s+/).filter((word) => !/^-*$/.test(word)) };
  });
});

/** Commands that need neither AWS nor a folder to write to. */
const HARMLESS = ["clients", "diff-env", "explain", "policy", "report"];

test("the pages name scripts that there are", () => {
  expect(mentions.length).toBeGreaterThan(30);
  expect(mentions.filter(({ script }) => !(script in SCRIPTS))).toEqual([]);
});

const options = new Map<string, string>();
for (const { script, args } of mentions) {
  for (const option of args.filter((arg) => arg.startsWith("--"))) options.set(`${script} ${option}`, script);
}

test.each([...new Set(options.values())])(
  "the options that the pages give to %s are among its --help",
  async (script) => {
    const { stdout, status } = await runScript(script, ["--help"]);
    expect(status).toBe(0);
    const named = [...options].filter(([, of]) => of === script).map(([option]) => option.split(" ")[1]!);
    expect(named.filter((option) => !stdout.includes(option))).toEqual([]);
  },
);

const harmless = mentions.filter(({ script, args }) => {
  return (
    HARMLESS.includes(script) &&
    !args.some((arg) => /[<…]|html|images\.txt/.test(arg)) &&
    (script === "report" || args.length > 0)
  );
});
const distinct = [...new Map(harmless.map((one) => [JSON.stringify([one.script, one.args]), one])).values()];

/** An empty folder with the environment that help/first-deploy.md makes. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ecr-pages-"));
  const { args } = mentions.find(({ page, script }) => page === "help/first-deploy.md" && script === "new")!;
  expect((await runScript("new", args, { cwd: folder })).status).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(distinct)("npm run $script $args of $page does what it says", async ({ script, args }) => {
  const { status, stdout, stderr } = await runScript(script, args, { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).not.toBe("");
});

test("a part of them can be run here", () => {
  expect(distinct.length).toBeGreaterThan(7);
});
