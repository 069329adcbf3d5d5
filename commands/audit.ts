import { Command } from "commander";
import { audit, Audit, AuditedRepository, fix, FixedRepository, isFixable } from "../operations";
import { ask } from "./ask";
import { colorsFor, EXIT, runCommand } from "./command-line";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { withProgress } from "./progress-bar";
import { showUnread } from "./show-unread";
import { count, shortenBoth } from "./table";
import { print, printError, printJson } from "./print";

interface Options extends LiveOptions {
  readonly fix?: true;
  readonly yes?: true;
}

const { red, green, dim } = colorsFor(process.stdout);

const command = withLiveOptions(
  new Command("audit").description(
    "Compare every cached repository with the template that would create it today. Exit code 2: something is off.",
  ),
)
  .option("--fix", "change what can be changed in place, after showing it and asking")
  .option("--yes", "do not ask")
  .action(async (options: Options) => {
    const { environment, port } = connect(options);
    const found = await withProgress("reading", (progress) => audit(port, environment, progress));
    if (!options.json) show(environment.name, found);
    if (found.outdated.length > 0) process.exitCode = EXIT.off;
    showUnread(found.unread);
    const fixable = found.outdated.filter(({ differences }) => differences.some(isFixable));
    if (!options.fix && fixable.length > 0 && !options.json)
      printError("--fix changes what can be changed, after asking");
    const isMeant = options.fix && fixable.length > 0 && (options.yes ?? (await confirm(fixable, found, options)));
    const fixed = isMeant ? await fix(port, environment, fixable, showFixed) : undefined;
    if (options.json) printJson({ ...toJson(found), fixed });
    if (fixed === undefined) return;
    const failed = fixed.filter(({ failure }) => failure !== undefined).length;
    const left = found.outdated.some(({ differences }) => !differences.every(isFixable));
    process.exitCode = failed > 0 || found.unread.length > 0 ? EXIT.failed : left ? EXIT.off : EXIT.fine;
    if (failed > 0) printError(`${count(failed, "repository", "repositories")} failed: run it again for what is left`);
  });

void runCommand(command, "help/audit.md");

/** With --json nothing was shown yet, and what is asked about must be seen. */
function confirm(fixable: readonly AuditedRepository[], found: Audit, { json }: Options): Promise<boolean> {
  if (json) showDifferences(found, printError);
  return ask(`Change ${count(fixable.length, "repository", "repositories")}?`);
}

function showFixed({ name, changed, failure }: FixedRepository): void {
  const line = `${name}: ${changed.length > 0 ? `changed ${changed.join(", ")}` : "changed nothing"}`;
  printError(failure === undefined ? line : `${line}; ${red(failure)}`);
}

function show(environment: string, found: Audit): void {
  const { repositories, outdated } = found;
  showDifferences(found, print);
  const verdict = outdated.length === 0 ? green("all as it would be created today") : red(`${outdated.length} off`);
  print(`${environment}: ${count(repositories, "cached repository", "cached repositories")}, ${verdict}`);
}

function showDifferences({ outdated }: Audit, print: (line: string) => void): void {
  for (const { repository, template, differences } of outdated) {
    print(`${repository.name} ${dim(`(template ${template.prefix})`)}`);
    for (const difference of differences) {
      const [expected, actual] = shortenBoth(difference.expected, difference.actual);
      const how = isFixable(difference) ? "" : red(" (only a new repository can change it)");
      print(`  ${difference.setting}: should be ${expected}, is ${actual}${how}`);
    }
  }
}

function toJson({ repositories, outdated, unread }: Audit) {
  return {
    repositories,
    unread,
    outdated: outdated.map(({ repository, template, differences }: AuditedRepository) => ({
      repository: repository.name,
      template: template.prefix,
      differences: differences.map((difference) => ({ ...difference, fixable: isFixable(difference) })),
    })),
  };
}
