import { printable } from "../../modules/domain/basics/printable";

/**
 * What GitHub and GitLab make a link, a mention or a formula of, after they have read the Markdown, so that no escape
 * prevents it: `@team`, `https://…`, `#12`, `$x$`. They leave code alone.
 */
const REPLACED_LATER = /[@$]|:\/\/|^www\.|[#!%&~^]\w/;

/** Text that Markdown shows as it is. */
export function text(value: string): string {
  return oneLine(value)
    .split(" ")
    .map((word) => (REPLACED_LATER.test(word) ? code(word) : word.replace(/[\\`*_[\]<>|#~]/g, "\\$&")))
    .join(" ");
}

/** A value in the type of code. */
export function code(value: string): string {
  const line = oneLine(value).replaceAll("|", "\\|");
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** A table, of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A list, of items that are Markdown already. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Blocks with an empty line between them; an empty one leaves nothing behind. */
export function document(...blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function oneLine(value: string): string {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return printable(lines.join(" "));
}
