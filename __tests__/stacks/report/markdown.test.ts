import MarkdownIt from "markdown-it";
import { code, text } from "../../../stacks/report/markdown";

/** A reader of Markdown that makes links of what looks like one, as GitHub does. */
const markdown = new MarkdownIt({ html: true, linkify: true });

describe("text", () => {
  test.each([
    ["ask @platform-team about it", "ask `@platform-team` about it"],
    ["see https://example.com/x_y_z and www.example.com", "see `https://example.com/x_y_z` and `www.example.com`"],
    ["it costs $5 or $x$", "it costs `$5` or `$x$`"],
    ["fixes #12 and org/repo#3, !7 and ~bug", "fixes `#12` and `org/repo#3,` `!7` and `~bug`"],
    ["&lt;b&gt;", "`&lt;b&gt;`"],
    ["a `tick` @x`y", "a \\`tick\\` `` @x`y ``"],
    ["one\r\n  two", "one two"],
    ["::error file=x::y", "\\\\u{3a}:error file=x::y"],
    ["\u202egnp.exe\u0007", "\\\\u{202e}gnp.exe\\\\u{7}"],
  ])("writes %j as %j", (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test.each([
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "<https://example.com>",
    "mail a@example.com",
    "https://example.com",
    "**bold** _it_ ~~gone~~",
  ])("makes %j no element", (value) => {
    expect(markdown.renderInline(text(value))).not.toMatch(/<(?!\/?code>)/);
  });
});

test("code shows what cannot be seen", () => {
  expect(code("a\u200bb\nc")).toBe("`a\\u{200b}b c`");
});
