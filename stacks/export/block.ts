import { formatAssignments, indent } from "./expression";

/** An argument of a block, with the lines of its value. */
export interface Argument {
  readonly name: string;
  readonly value: readonly string[];
}

/** A block in the native syntax. */
export interface Block {
  /** Its type and labels: `resource "aws_kms_key" "main"`. */
  readonly header: string;
  /** A sentence above it. */
  readonly comment?: string;
  readonly arguments: readonly Argument[];
  readonly blocks: readonly Block[];
  /** What it waits for: it stands at the end. */
  readonly dependsOn?: Argument;
}

/** Blocks as `terraform fmt` writes them, with an empty line between two. */
export function formatBlocks(blocks: readonly Block[]): string {
  return blocks.map((block) => `${formatBlock(block).join("\n")}\n`).join("\n");
}

function formatBlock({ header, comment, arguments: all, blocks, dependsOn }: Block): string[] {
  const comments = comment === undefined ? [] : comment.split("\n").map((line) => `# ${line}`.trimEnd());
  const paragraphs = [
    ...formatArguments(all),
    ...blocks.map(formatBlock),
    ...formatArguments(dependsOn ? [dependsOn] : []),
  ];
  if (paragraphs.length === 0) return [...comments, `${header} {}`];
  const body = paragraphs.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
  return [...comments, `${header} {`, ...indent(body), "}"];
}

/** The arguments on one line first, then each of those on several. */
function formatArguments(all: readonly Argument[]): string[][] {
  const short = all.filter(({ value }) => value.length === 1);
  const long = all.filter(({ value }) => value.length > 1);
  const paragraphs = [...(short.length > 0 ? [short] : []), ...long.map((argument) => [argument])];
  return paragraphs.map((paragraph) => formatAssignments(paragraph.map(({ name, value }) => [name, value] as const)));
}
