import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PullThroughCache } from "../modules/domain";
import { CheckedImage, checkImages, FileImages, ImageStatus, suggestCaches } from "./images/check-images";
import { readImages, SourceFile } from "./images/read-images";
import { applyEdits, rewriteImages } from "./images/rewrite-images";
import { Edit } from "./images/source-text";
import { RegionalEnvironment } from "../stacks/environment-regions";
import { chooseEnvironment, envOption, regionOption } from "./choose-environments";
import { colorsFor, EXIT, runCommand, UserMistake } from "./command-line";
import { printJson } from "./output";
import { count } from "./table";
import { print, printError } from "./print";

interface Options {
  readonly env?: string;
  readonly region?: string;
  readonly suggest?: true;
  readonly write?: true;
  readonly json?: true;
}

const command = new Command("images")
  .description("Find the images that files name, and tell which cache serves each and what to write instead.")
  .argument(
    "[paths...]",
    "files and folders: Kubernetes, Kustomize, Compose, Dockerfiles, CI, lists (default: standard input)",
  )
  .addOption(envOption().makeOptionMandatory(false))
  .addOption(regionOption())
  .option("--suggest", "print the caches that the images need and the environment does not have")
  .option("--write", "rewrite the files so that they name the caches, after showing the difference")
  .option("--json", "print it as JSON")
  .action((paths: string[], options: Options) => {
    const environment = options.env === undefined ? undefined : chooseEnvironment(options.env, options.region);
    if (options.write) {
      write(paths, environment);
      return;
    }
    const files = readFiles(paths);
    const images = checkImages(files, environment);
    const caches = options.suggest ? suggestCaches(images) : undefined;
    const unread = files.flatMap(({ file, errors }) => errors.map((reason) => ({ file: file.path, reason })));
    if (options.json) {
      const about = environment === undefined ? {} : { environment: environment.name };
      printJson({ command: "images", ...about, images, unread, ...(caches && { caches }) });
    } else {
      print(caches === undefined ? renderImages(images, environment) : renderCaches(caches, images));
      for (const { file, reason } of unread) warn(`${file} was skipped: ${reason}`);
    }
    // In a folder there can be files of all kinds; one that is named must be read.
    if (unread.some(({ file }) => file === STANDARD_INPUT || paths.includes(file))) process.exitCode = EXIT.failed;
    if (images.some(({ status }) => status === "not-served")) process.exitCode = EXIT.off;
  });

function write(paths: readonly string[], environment: RegionalEnvironment | undefined): void {
  if (environment === undefined)
    throw new UserMistake("--write needs --env: the names to write are those of its registry");
  if (paths.length === 0) throw new UserMistake("--write needs files or folders: standard input cannot be rewritten");
  const files = readFiles(paths);
  let changed = 0;
  for (const { file, errors } of files) {
    for (const reason of errors) warn(`${file.path} was skipped in part: ${reason}`);
    const { text, edits, left } = rewriteImages(file, environment);
    for (const { name } of left) warn(`${file.path} keeps ${name}: its name is put together from variables`);
    if (text === file.text) continue;
    print(renderDifference(file, edits));
    writeFileSync(file.path, text);
    changed++;
  }
  print(changed === 0 ? "Nothing to rewrite." : `${count(changed, "file")} rewritten.`);
  const notServed = checkImages(files, environment).filter(({ status }) => status === "not-served");
  for (const { image, reason = "", fix = "" } of notServed) warn(`${image} ${reason}; ${fix}`);
  if (notServed.length > 0) process.exitCode = EXIT.off;
}

/** What a folder is searched for. */
const NAMES = /\.(?:ya?ml|json)$|(?:^|\.)(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$/i;
const SKIPPED_FOLDERS = /^(?:node_modules|cdktf\.out|\.(?!github$|gitlab$).+)$/;
const STANDARD_INPUT = "standard input";

function readFiles(paths: readonly string[]): FileImages[] {
  const given = paths.length === 0 ? [{ path: STANDARD_INPUT, text: readText(0) }] : paths.flatMap(filesAt);
  return given.map((file) => ({ file, ...readImages(file) }));
}

function filesAt(path: string): SourceFile[] {
  if (path === "-") return [{ path: STANDARD_INPUT, text: readText(0) }];
  if (!statOf(path).isDirectory()) return [{ path, text: readText(path) }];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.test(entry.name) ? [] : filesAt(inner);
    if (!entry.isFile() || !NAMES.test(entry.name)) return [];
    const text = readText(inner);
    // In a folder many files have nothing to do with images, and need not be readable.
    return /image|FROM|docker:|newName/i.test(text) ? [{ path: inner, text }] : [];
  });
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw new UserMistake(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function readText(path: string | 0): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserMistake(`cannot read ${path === 0 ? STANDARD_INPUT : path}: ${(error as Error).message}`);
  }
}

const TITLES: Readonly<Record<ImageStatus, string>> = {
  served: "Served by a cache under another name",
  cached: "Named by a cache already",
  own: "In the registry, not cached",
  cacheable: "ECR can cache",
  "not-served": "Not served",
  unreadable: "Skipped, because the name cannot be told",
};

function renderImages(images: readonly CheckedImage[], environment: RegionalEnvironment | undefined): string {
  if (images.length === 0) return "No image was found.";
  const { bold, dim } = colorsFor(process.stdout);
  const parts = (Object.keys(TITLES) as ImageStatus[]).flatMap((status) => {
    const some = images.filter((image) => image.status === status);
    if (some.length === 0) return [];
    return [`${bold(TITLES[status])} (${some.length})`, ...some.flatMap((image) => renderImage(image, dim)), ""];
  });
  const where = environment === undefined ? "" : `, checked against ${environment.name}`;
  return [...parts, `${count(images.length, "image")}${where}`].join("\n");
}

function renderImage({ image, cache, uri, status, reason, fix, places }: CheckedImage, dim: (text: string) => string) {
  const details = [
    ...(status === "served" ? [`cache ${cache!}: write ${uri!}`] : []),
    ...(status === "cacheable" ? [`upstream ${cache!}`] : []),
    ...(reason === undefined ? [] : [fix === undefined ? reason : `${reason}; ${fix}`]),
  ];
  const where = places.map(({ file, line }) => `${file}:${line}`).join(", ");
  return [`  ${image}`, ...details.map((detail) => `    ${detail}`), `    ${dim(where)}`];
}

/** A list for an environment's YAML, and in comments the images that it does not serve. */
function renderCaches(caches: readonly PullThroughCache[], images: readonly CheckedImage[]): string {
  const others = images.filter(
    ({ status, image }) => status === "not-served" && suggestCaches([{ image, status, places: [] }]).length === 0,
  );
  return [
    ...(caches.length === 0 ? ["# no further cache is needed"] : ["caches:"]),
    ...caches.map((cache) => `  - ${flow(cache)}`),
    ...others.map(({ image, reason = "" }) => `# not served: ${image} ${reason}`),
  ].join("\n");
}

function flow(value: unknown): string {
  if (typeof value === "string") return /^[a-z][\w.-]*$/.test(value) ? value : JSON.stringify(value);
  const entries = Object.entries(value as object).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{ ${entries.join(", ")} }`;
}

/** The lines that differ, as they were and as they are. */
function renderDifference({ path, text }: SourceFile, edits: readonly Edit[]): string {
  const { red, green } = colorsFor(process.stdout);
  const lines = [`--- ${path}`];
  for (let index = 0; index < edits.length;) {
    const start = text.lastIndexOf("\n", edits[index]!.start - 1) + 1;
    const end = (text + "\n").indexOf("\n", edits[index]!.start);
    const first = index;
    while (index < edits.length && edits[index]!.start <= end) index++;
    const moved = edits
      .slice(first, index)
      .map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const before = text.slice(start, end);
    const after = applyEdits(before, moved).split("\n");
    const number = text.slice(0, start).split("\n").length;
    // A line that only got another after it stays.
    if (after[0] === before) after.shift();
    else lines.push(red(`${number}: - ${before}`));
    lines.push(...after.map((line) => green(`${number}: + ${line}`)));
  }
  return lines.join("\n");
}

function warn(message: string): void {
  printError(`${colorsFor(process.stderr).yellow("warning:")} ${message}`);
}

void runCommand(command, "help/images.md");
