import { Command } from "commander";
import { audit, Audit, AuditedRepository, fix, isFixable } from "../operations";
import { ask } from "./ask";
import { colorsFor, EXIT, runCommand } from "./command-line";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { withProgress } from "./progress-bar";
import { showUnread } from "./show-unread";
import { count, shortenBoth } from "./table";

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
    if (options.json) console.log(JSON.stringify(toJson(found), null, 2));
    else show(environment.name, found);
    if (found.outdated.length > 0) process.exitCode = EXIT.off;
    showUnread(found.unread);
    const fixable = found.outdated.filter(({ differences }) => differences.some(isFixable));
    if (!options.fix) {
      if (fixable.length > 0 && !options.json) console.error("--fix changes what can be changed, after asking");
      return;
    }
    if (fixable.length === 0) return;
    if (!options.yes && !(await ask(`Change ${count(fixable.length, "repository", "repositories")}?`))) return;
    const fixed = await fix(port, environment, fixable, ({ name, changed, failure }) => {
      const line = `${name}: ${changed.length > 0 ? `changed ${changed.join(", ")}` : "changed nothing"}`;
      console.error(failure === undefined ? line : `${line}; ${red(failure)}`);
    });
    const failed = fixed.filter(({ failure }) => failure !== undefined).length;
    const left = found.outdated.some(({ differences }) => !differences.every(isFixable));
    process.exitCode = failed > 0 || found.unread.length > 0 ? EXIT.failed : left ? EXIT.off : EXIT.fine;
    if (failed > 0)
      console.error(`${count(failed, "repository", "repositories")} failed: run it again for what is left`);
  });

void runCommand(command, "help/audit.md");

function show(environment: string, { repositories, outdated }: Audit): void {
  for (const { repository, template, differences } of outdated) {
    console.log(`${repository.name} ${dim(`(template ${template.prefix})`)}`);
    for (const difference of differences) {
      const [expected, actual] = shortenBoth(difference.expected, difference.actual);
      const how = isFixable(difference) ? "" : red(" (only a new repository can change it)");
      console.log(`  ${difference.setting}: should be ${expected}, is ${actual}${how}`);
    }
  }
  const verdict = outdated.length === 0 ? green("all as it would be created today") : red(`${outdated.length} off`);
  console.log(`${environment}: ${count(repositories, "cached repository", "cached repositories")}, ${verdict}`);
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
