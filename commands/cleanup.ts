import { Command } from "commander";
import { cleanUp, CleanupPlan, planCleanup } from "../operations";
import { colorsFor, EXIT, runCommand, UserMistake } from "./command-line";
import { isProduction } from "./is-production";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { withProgress } from "./progress-bar";
import { showUnread } from "./show-unread";
import { alignColumns, count } from "./table";
import { print, printError, printJson } from "./print";

interface Options extends LiveOptions {
  readonly prefix: readonly string[];
  readonly olderThan?: number;
  readonly yes?: true;
  readonly confirm?: string;
}

const several = (value: string, before: readonly string[] = []) => [...before, value];

const command = withLiveOptions(
  new Command("cleanup").description(
    "Delete cached repositories, or images in them that nobody pulls. Without --yes it only shows what would go.",
  ),
)
  .requiredOption(
    "--prefix <prefix>",
    "where: a cache's prefix, or a prefix or repository under it; several times",
    several,
  )
  .option("--older-than <days>", "only images that were not pulled for so many days", toDays)
  .option("--yes", "delete it")
  .option("--confirm <name>", "the environment's name once more, which production needs beside --yes")
  .action(async (options: Options) => {
    const { environment, port } = connect(options);
    const { name } = environment;
    if (options.yes && isProduction(options.env) && options.confirm !== options.env) {
      throw new UserMistake(`${name} is production: nothing was deleted; say --confirm ${options.env} as well`);
    }
    const request = { prefixes: options.prefix, olderThanDays: options.olderThan, now: new Date() };
    const plan = await withProgress("reading", (progress) => planCleanup(port, environment, request, progress));
    const { items } = plan;
    if (options.json) printJson(plan);
    else show(plan);
    showUnread(plan.unread);
    if (items.length === 0) return;
    if (!options.yes) {
      printError("nothing was deleted: --yes does it");
      return;
    }
    const cleaned = await cleanUp(port, environment, items, ({ repository, kept, failure }) => {
      if (failure === undefined) printError(`deleted from ${repository}${kept === undefined ? "" : `; kept ${kept}`}`);
      else printError(`${repository}: ${failure}`);
    });
    const failed = cleaned.filter(({ failure }) => failure !== undefined).length;
    if (failed === 0) {
      printError("deleted what is listed above; the next pull brings an image back, if its upstream has it");
      return;
    }
    printError(colorsFor(process.stderr).red(`${failed} failed: run it again for what is left`));
    process.exitCode = EXIT.failed;
  });

void runCommand(command, "help/cleanup.md");

function toDays(text: string): number {
  const days = Number(/^(\d+)d?$/.exec(text)?.[1]);
  if (days >= 1) return days;
  throw new UserMistake(`--older-than takes whole days from 1, e.g. 90, not ${text}`);
}

function show({ items, unmatched }: CleanupPlan): void {
  for (const prefix of unmatched) printError(`nothing is under ${prefix}`);
  const rows = items.map(({ repository, images, archived, digests, bytes, lastPulledAt, wholeRepository }) => [
    repository,
    wholeRepository ? "all" : "part",
    `${digests.length} of ${images} images${archived > 0 ? ` (${archived} archived)` : ""}`,
    inMegabytes(bytes),
    lastPulledAt === undefined ? "no pull recorded" : `last pull ${lastPulledAt.toISOString().slice(0, 10)}`,
  ]);
  if (rows.length > 0) print(alignColumns(rows));
  const images = items.reduce((sum, { digests }) => sum + digests.length, 0);
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const where = count(items.length, "repository", "repositories");
  print(`${where}, ${count(images, "image")}, ${inMegabytes(bytes)}`);
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
