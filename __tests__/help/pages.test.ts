import MarkdownIt from "markdown-it";
import { BLOCKS, PAGES, readPage } from "./pages";

/** Pages to look something up in, or to read; all others are there to get something done. */
const NO_TASKS = ["checks", "guide", "how-it-works", "reviewing", "speed"];

const pages = PAGES.filter((page) => page.startsWith("help/"));
const named = (names: readonly string[]) => names.map((name) => `help/${name}.md`);
const tasks = pages.filter((page) => !named(NO_TASKS).includes(page));

/** The cells of the first table under a heading, row by row. */
function tableUnder(page: string, heading: string): string[][] {
  const [, section] = readPage(page).split(`\n## ${heading}\n`);
  const rows: string[][] = [];
  for (const { type, content } of new MarkdownIt().parse(section?.split("\n## ")[0] ?? "", {})) {
    if (type === "table_close") break;
    if (type === "tr_open") rows.push([]);
    if (type === "inline") rows.at(-1)?.push(content);
  }
  return rows;
}

test("the pages that are no tasks are there", () => {
  expect(named(NO_TASKS).filter((page) => !pages.includes(page))).toEqual([]);
});

describe.each(tasks)("%s", (page) => {
  test("says what to do, in commands that the tests run", () => {
    expect(BLOCKS.filter((block) => block.page === page && block.language === "sh")).not.toEqual([]);
  });

  test("says what one will see", () => {
    const shows = BLOCKS.some(({ page: of, marker, text }) => {
      return of === page && (marker?.startsWith("shows: ") || text.startsWith("$ "));
    });
    expect(shows || /you will see/i.test(readPage(page))).toBe(true);
  });

  test("says what can go wrong: the message, its cause, and what mends it", () => {
    const [head, ...rows] = tableUnder(page, "What can go wrong");
    expect(head).toEqual(["message", "cause", "fix"]);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(""))).toEqual([]);
  });
});
