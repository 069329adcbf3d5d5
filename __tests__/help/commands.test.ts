import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json";

const ROOT = join(__dirname, "..", "..");
const PAGES = ["README.md", ...readdirSync(join(ROOT, "help")).map((name) => join("help", name))].filter((page) =>
  page.endsWith(".md"),
);
const scripts = packageJson.scripts as Readonly<Record<string, string>>;

/** A command as a page writes it: the script, and what comes after it. */
interface Mention {
  readonly page: string;
  readonly script: string;
  readonly args: readonly string[];
}

const mentions = PAGES.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  const commands = text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)((?: -- [^\n`#]*)?)/g);
  return [...commands].map(([, script, rest]): Mention => {
    return { page, script: script!, args: rest!.split(/\s+/).filter((word) => word !== "" && word !== "--") };
  });
});

/** Commands that need neither AWS nor a folder to write to. */
const HARMLESS = ["diff-env", "explain", "policy", "report"];

function run(script: string, args: readonly string[]) {
  const command = scripts[script]!.split(" ").slice(1);
  return spawnSync(process.execPath, [...command, ...args], { cwd: ROOT, encoding: "utf8" });
}

test("the pages name scripts that there are", () => {
  expect(mentions.length).toBeGreaterThan(30);
  expect(mentions.filter(({ script }) => !(script in scripts))).toEqual([]);
});

const options = new Map<string, string>();
for (const { script, args } of mentions) {
  for (const option of args.filter((arg) => arg.startsWith("--"))) options.set(`${script} ${option}`, script);
}

test.each([...new Set(options.values())])("the options that the pages give to %s are among its --help", (script) => {
  const { stdout, status } = run(script, ["--help"]);
  expect(status).toBe(0);
  const named = [...options].filter(([, of]) => of === script).map(([option]) => option.split(" ")[1]!);
  expect(named.filter((option) => !stdout.includes(option))).toEqual([]);
});

const harmless = mentions.filter(({ script, args }) => {
  return (
    HARMLESS.includes(script) && !args.some((arg) => /[<…]|html/.test(arg)) && (script === "report" || args.length > 0)
  );
});
const distinct = [...new Map(harmless.map((one) => [JSON.stringify([one.script, one.args]), one])).values()];

test.each(distinct)("npm run $script $args of $page does what it says", ({ script, args }) => {
  const { status, stdout, stderr } = run(script, args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).not.toBe("");
});

test("a part of them can be run here", () => {
  expect(distinct.length).toBeGreaterThan(7);
});
