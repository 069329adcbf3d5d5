import { readFileSync } from "node:fs";
import { Command } from "commander";
import { CleanedItem, cleanUp, CleanupPlan, planCleanup, readKeepList } from "../operations";
import { RegionalEnvironment } from "../stacks/environment-regions";
import { EXIT, runCommand, UserMistake } from "./command-line";
import { isProduction } from "./is-production";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { several, toDays } from "./options";
import { CleanupOutput, printJson } from "./output";
import { withProgress } from "./progress-bar";
import { showFailures } from "./show-failures";
import { alignColumns, count, inMegabytes } from "./table";
import { print, printError } from "./print";

interface Options extends LiveOptions {
  readonly prefix: readonly string[];
  readonly olderThan?: number;
  readonly keep?: string;
  readonly yes?: true;
  readonly confirm?: string;
}

const command = withLiveOptions(
  new Command("cleanup").description(
    "Delete cached repositories, or images in them that nobody pulls. Without --yes it only shows what it would delete.",
  ),
)
  .requiredOption(
    "--prefix <prefix>",
    "where: a cache's prefix, or a prefix or a repository under it; several times",
    several,
  )
  .option("--older-than <days>", "only images that have not been used for so many days", toDays)
  .option(
    "--keep <file>",
    "images to keep, a line each, or the JSON of `kubectl get pods -A -o json`; - reads the input",
  )
  .option("--yes", "delete it")
  .option("--confirm <name>", "the environment's name once more, which production needs in addition to --yes")
  .action(async (options: Options) => {
    const { environment, port } = connect(options);
    const { name } = environment;
    if (options.yes && isProduction(options.env) && options.confirm !== options.env) {
      throw new UserMistake(`${name} is production: nothing was deleted; pass --confirm ${options.env} as well`);
    }
    const keep = readKeep(options.keep, environment);
    const request = { prefixes: options.prefix, olderThanDays: options.olderThan, keep };
    const plan = await withProgress("reading", (progress) => planCleanup(port, environment, request, progress));
    if (!options.json) show(plan);
    showFailures({ groups: plan.unread, untried: plan.untried }, "could not be read");
    const isMeant = options.yes && plan.items.length > 0;
    const cleaned = isMeant ? await cleanUp(port, environment, plan, keep, showCleaned) : undefined;
    if (options.json) printJson(toJson(name, plan, cleaned));
    if (cleaned === undefined) {
      if (plan.items.length > 0) printError("nothing was deleted: pass --yes to delete it");
      return;
    }
    showFailures({ groups: cleaned.failures, untried: cleaned.untried }, "could not be cleaned up");
    if (cleaned.failures.length > 0) printError("run it again for the rest");
    else printError("the next pull brings an image back, if its upstream still has it");
    if (cleaned.failures.length > 0 || cleaned.untried > 0) process.exitCode = EXIT.failed;
  });

void runCommand(command, "help/cleanup.md");

function readKeep(file: string | undefined, environment: RegionalEnvironment) {
  if (file === undefined) return undefined;
  try {
    return readKeepList(readFileSync(file === "-" ? 0 : file, "utf8"), environment);
  } catch (error) {
    if ((error as Error).name === "KeepListError") throw error;
    throw new UserMistake(`cannot read the keep list ${file}: ${(error as Error).message}`);
  }
}

function showCleaned({ repository, deleted, wholeRepository, kept, failure }: CleanedItem): void {
  const what = wholeRepository ? `deleted ${repository}` : `deleted ${count(deleted, "image")} from ${repository}`;
  printError(`${what}${kept === undefined ? "" : `; kept ${kept}`}${failure === undefined ? "" : `; ${failure}`}`);
}

function show({ items, unmatched, notCreatedByPull, unread, untried }: CleanupPlan): void {
  for (const prefix of unmatched) printError(`no cached repository is under ${prefix}`);
  const rows = items.map(({ repository, images, archived, toDelete, bytes, lastPulledAt, wholeRepository }) => [
    repository,
    wholeRepository ? "all" : "part",
    `${toDelete.length} of ${images} images${archived > 0 ? ` (${archived} archived)` : ""}`,
    inMegabytes(bytes),
    lastPulledAt === undefined ? "no pull recorded" : `last pull ${lastPulledAt.toISOString().slice(0, 10)}`,
  ]);
  if (rows.length > 0) print(alignColumns(rows));
  for (const name of notCreatedByPull) {
    print(`${name}  kept: has none of the template's tags, so a pull probably did not create it`);
  }
  const images = items.reduce((sum, { toDelete }) => sum + toDelete.length, 0);
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const where = count(items.length, "repository", "repositories");
  const isPartial = unread.length > 0 || untried > 0;
  print(
    `${where}, ${count(images, "image")}, ${inMegabytes(bytes)}${isPartial ? ", of those that could be read" : ""}`,
  );
}

function toJson(
  environment: string,
  plan: CleanupPlan,
  cleaned: CleanupOutput["cleaned"],
): Omit<CleanupOutput, "schemaVersion"> {
  const { age, items, ...rest } = plan;
  return {
    command: "cleanup",
    environment,
    olderThanDays: age.olderThanDays,
    now: age.now.toISOString(),
    items: items.map(({ toDelete, lastPulledAt, ...item }) => ({
      ...item,
      toDelete: [...toDelete].sort((one, other) => (one.digest < other.digest ? -1 : 1)),
      lastPulledAt: lastPulledAt?.toISOString(),
    })),
    ...rest,
    cleaned,
  };
}
