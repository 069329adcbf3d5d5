import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { ROOT } from "../helpers/run-script";

/** README.md and everything in help/, relative to the project. */
export const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "help"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `help/${name}`),
];

/** A block of code on a page. */
export interface Block {
  readonly page: string;
  /** The page and the line at which it begins. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** The comment right before it, which says what it is. */
  readonly marker: string | undefined;
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** Every block of code of every page, in their order. */
export const BLOCKS: readonly Block[] = PAGES.flatMap((page) => {
  const tokens = new MarkdownIt({ html: true }).parse(readPage(page), {});
  return tokens.flatMap(({ type, info, content, map }, index): Block[] => {
    if (type !== "fence" && type !== "code_block") return [];
    const before = tokens[index - 1];
    const marker = before?.type === "html_block" ? /^<!-- (.*) -->\s*$/.exec(before.content)?.[1] : undefined;
    return [{ page, place: `${page}:${map![0] + 1}`, language: info, text: content, marker }];
  });
});
