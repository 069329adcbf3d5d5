import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import packageJson from "../../package.json";
import { ROOT } from "../helpers/run-script";
import { PAGES, readPage } from "./pages";

const FILES = [...PAGES, "CHANGELOG.md"];
const markdown = new MarkdownIt();

/** The links of a page that lead nowhere else but into the project. */
function linksOf(page: string): string[] {
  const inline = markdown.parse(readPage(page), {}).flatMap(({ children }) => children ?? []);
  const targets = inline.flatMap((token) => (token.type === "link_open" ? [token.attrGet("href") ?? ""] : []));
  return targets.map(String).filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(file: string): string[] {
  const slugger = new GithubSlugger();
  const tokens = markdown.parse(readFileSync(file, "utf8"), {});
  return tokens.flatMap(({ type }, index) => {
    if (type !== "heading_open") return [];
    const text = tokens[index + 1]!.children!.map(({ content }) => content).join("");
    return [slugger.slug(text)];
  });
}

test.each(FILES)("the links of %s into the project lead somewhere", (page) => {
  const broken = linksOf(page).filter((link) => {
    const [path = "", anchor] = link.split("#");
    const file = path === "" ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
    return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
  expect(broken).toEqual([]);
});

/** Whether npm packs a file: what package.json lists, and what npm adds by itself. */
function isPacked(file: string): boolean {
  const listed = [...packageJson.files, "LICENSE", "package.json", "README.md"];
  return listed.some((entry) => file === entry || file.startsWith(`${entry}/`));
}

test.each(FILES)("the links of %s lead somewhere in the installed package, too", (page) => {
  const lost = linksOf(page).filter((link) => {
    const [path = ""] = link.split("#");
    return path !== "" && !isPacked(relative(ROOT, resolve(ROOT, dirname(page), path)));
  });
  expect({ page: isPacked(page), lost }).toEqual({ page: true, lost: [] });
});

test("the paths that pages and examples name in the installed package are among what is packed", () => {
  const texts = [...PAGES.map(readPage), readFileSync(join(ROOT, "help", "environments.yaml"), "utf8")];
  const named = texts.flatMap((text) => [...text.matchAll(/node_modules\/ecr-pull-through-cache\/([\w./-]+)/g)]);
  const files = named.map(([, file]) => file!);
  expect(files).toContain(packageJson.exports["./environments.schema.json"].slice("./".length));
  expect(files.filter((file) => !isPacked(file))).toEqual([]);
  // A path from a file that is packed to one that is not.
  expect(texts.filter((text) => /\$schema=\.\.\//.test(text))).toEqual([]);
});

test("README.md leads to every page of help/", () => {
  const linked = new Set(linksOf("README.md").map((link) => link.split("#")[0]!));
  expect(PAGES.filter((page) => page.startsWith("help/") && !linked.has(page))).toEqual([]);
});
