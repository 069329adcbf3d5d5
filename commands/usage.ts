import { Command } from "commander";
import { CacheUsage, usage } from "../operations";
import { runCommand, UserMistake } from "./command-line";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { toDays, toPrice } from "./options";
import { printJson } from "./output";
import { withProgress } from "./progress-bar";
import { showFailures } from "./show-failures";
import { alignColumns, inMegabytes } from "./table";
import { print, printError } from "./print";

interface Options extends LiveOptions {
  readonly days: number;
  readonly price?: number;
  readonly archivePrice?: number;
  readonly csv?: true;
}

const command = withLiveOptions(
  new Command("usage").description("Show what each cache holds, what of it nobody uses, and what it costs."),
)
  .option("--days <days>", "images that have not been used for so many days count as unused", toDays, 30)
  .option("--price <amount>", "the price of a gigabyte in standard storage for a month, in your currency", toPrice)
  .option("--archive-price <amount>", "the price of a gigabyte in archive storage for a month", toPrice)
  .option("--csv", "print it as CSV")
  .action(async (options: Options) => {
    const { json, csv, days, price, archivePrice } = options;
    if (json && csv) throw new UserMistake("pass --json or --csv, not both");
    if (archivePrice !== undefined && price === undefined) throw new UserMistake("--archive-price needs --price");
    const { environment, port } = connect(options);
    const used = await withProgress("reading", (progress) =>
      usage(port, environment, { days, price, archivePrice }, progress),
    );
    const { unread, untried } = used;
    if (json) printJson({ command: "usage", environment: environment.name, days, ...used });
    // Without anything read, zeros would say something that nobody knows.
    else if (untried > 0) printError("nothing is shown, because not all repositories could be read");
    else if (csv) print(toCsv(used.caches));
    else print(toTable(used.caches, days));
    showFailures({ groups: unread, untried }, "could not be read");
  });

void runCommand(command, "help/usage.md");

const COLUMNS = [
  "cache",
  "upstream",
  "repositories",
  "images",
  "bytes",
  "unusedImages",
  "unusedBytes",
  "archivedImages",
  "archivedBytes",
  "monthlyCost",
] as const;

/** Neither a prefix nor a host has a comma or a quotation mark in it. */
function toCsv(caches: readonly CacheUsage[]): string {
  const columns = COLUMNS.filter((column) => column !== "monthlyCost" || caches.some((one) => column in one));
  return [columns, ...caches.map((one) => columns.map((column) => one[column] ?? ""))]
    .map((row) => row.join(","))
    .join("\n");
}

function toTable(caches: readonly CacheUsage[], days: number): string {
  const hasCost = caches.some(({ monthlyCost }) => monthlyCost !== undefined);
  const head = ["cache", "repositories", "images", "size", `unused for ${days} days`, "archived"];
  const rows = [...caches, totalOf(caches)].map((one) => [
    one.cache,
    String(one.repositories),
    String(one.images),
    inMegabytes(one.bytes),
    share(one.unusedBytes, one.bytes),
    `${one.archivedImages} images`,
    ...(hasCost ? [(one.monthlyCost ?? 0).toFixed(2)] : []),
  ]);
  return alignColumns([[...head, ...(hasCost ? ["cost a month"] : [])], ...rows]);
}

function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.round((part / whole) * 100)} %`;
}

function totalOf(caches: readonly CacheUsage[]): CacheUsage {
  const sum = (of: (one: CacheUsage) => number) => caches.reduce((total, one) => total + of(one), 0);
  return {
    cache: "total",
    upstream: "",
    repositories: sum((one) => one.repositories),
    images: sum((one) => one.images),
    bytes: sum((one) => one.bytes),
    unusedImages: sum((one) => one.unusedImages),
    unusedBytes: sum((one) => one.unusedBytes),
    archivedImages: sum((one) => one.archivedImages),
    archivedBytes: sum((one) => one.archivedBytes),
    monthlyCost: sum((one) => one.monthlyCost ?? 0),
  };
}
