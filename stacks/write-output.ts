import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { printable, printableJson } from "../modules/domain/basics/printable";

/** A file or a folder that was not written, because that would have changed something in another place. */
export class OutputError extends Error {
  /** Says which, and why. */
  constructor(path: string, why: string) {
    super(printable(`Nothing was written: ${path} ${why}`));
    this.name = "OutputError";
  }
}

/** Files are prepared in a folder of this name, next to where they belong: a rename works within one file system only. */
const PREPARED = ".preparing-";
/** A folder that is older than this was left behind by a process that was killed. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Writes files into a folder, each as a whole: whoever reads a file sees it as it was before, or as it is now. If the
 * work fails, nothing is written. Of one folder, what describes a stack is replaced before the stack itself.
 *
 * @param work writes files into the folder that it is given
 * @throws OutputError if a file or a folder that would be replaced is a symbolic link
 */
export function writeOutput<T>(outdir: string, work: (prepared: string) => T): T {
  refuseLink(outdir);
  const created = mkdirSync(outdir, { recursive: true });
  const prepared = mkdtempSync(join(outdir, PREPARED));
  let isWritten = false;
  try {
    const result = work(prepared);
    replaceAll(prepared, outdir);
    isWritten = true;
    return result;
  } finally {
    rmSync(isWritten || created === undefined ? prepared : created, { recursive: true, force: true });
    removeAbandoned(outdir);
  }
}

/**
 * Writes one file as a whole.
 *
 * @throws OutputError if the file or its folder is a symbolic link
 */
export function writeWhole(file: string, text: string): void {
  const folder = dirname(file);
  writeOutput(folder, (prepared) => {
    writeFileSync(join(prepared, basename(file)), text);
  });
}

function replaceAll(prepared: string, outdir: string): void {
  const files = filesIn(prepared).map((file) => relative(prepared, file));
  for (const file of files)
    partsOf(file).forEach((part) => {
      refuseLink(join(outdir, part));
    });
  for (const file of files.sort((one, other) => orderOf(one) - orderOf(other))) {
    const from = join(prepared, file);
    const to = join(outdir, file);
    if (file.endsWith(".json")) escapeUnseen(from);
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

/** Reports first, then the stacks, and last the list of stacks: what is read first is never newer than what it names. */
function orderOf(file: string): number {
  if (file.endsWith(".md")) return 0;
  return basename(file) === "manifest.json" ? 2 : 1;
}

/** Terraform reads the same; whoever reviews the file sees what is in it. */
function escapeUnseen(file: string): void {
  const text = readFileSync(file, "utf8");
  const escaped = printableJson(text);
  if (escaped !== text) writeFileSync(file, escaped);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** `stacks`, `stacks/dev` and `stacks/dev/report.md` for the last. */
function partsOf(file: string): string[] {
  const folder = dirname(file);
  return folder === "." ? [file] : [...partsOf(folder), file];
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new OutputError(path, "is a symbolic link; remove it, or write to another folder");
}

function removeAbandoned(outdir: string): void {
  if (!existsSync(outdir)) return;
  for (const name of readdirSync(outdir).filter((entry) => entry.startsWith(PREPARED))) {
    const path = join(outdir, name);
    const state = statSync(path, { throwIfNoEntry: false });
    if (state !== undefined && Date.now() - state.mtimeMs > ABANDONED_AFTER_MS) rmSync(path, { recursive: true });
  }
}
