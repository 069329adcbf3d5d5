import { Command, Option } from "commander";
import {
  audit,
  Audit,
  AuditedRepository,
  fix,
  FixedRepository,
  FixPlan,
  isFixable,
  planFix,
  Setting,
  SettingDifference,
} from "../operations";
import { ask } from "./ask";
import { colorsFor, EXIT, runCommand, UserMistake } from "./command-line";
import { connect, LiveOptions, neighbours, withLiveOptions } from "./live-registry";
import { several, toCount } from "./options";
import { AuditOutput, printJson } from "./output";
import { withProgress } from "./progress-bar";
import { showFailures } from "./show-failures";
import { count, shortenBoth } from "./table";
import { print, printError } from "./print";

interface Options extends LiveOptions {
  readonly prefix?: readonly string[];
  readonly only?: readonly Setting[];
  readonly limit?: number;
  readonly useLiveTemplates?: true;
  readonly fix?: true;
  readonly yes?: true;
}

/** The settings by the names that `--only` knows. */
const ONLY: Readonly<Record<string, Setting>> = {
  encryption: "encryption",
  "image-tags": "image tags",
  lifecycle: "lifecycle policy",
  policy: "repository policy",
  tags: "tags",
};

const { red, green, dim, yellow } = colorsFor(process.stdout);

const command = withLiveOptions(
  new Command("audit").description(
    "Compare every cached repository with the template in AWS that would create it today. Exit code 2: something is different.",
  ),
)
  .option("--prefix <prefix>", "only repositories under this prefix, or of this name; several times", several)
  .addOption(new Option("--only <settings>", `only these: ${Object.keys(ONLY).join(",")}`).argParser(toSettings))
  .option("--fix", "change what can be changed in place, after showing it and asking")
  .option("--limit <number>", "with --fix: change at most so many repositories", toCount)
  .option("--use-live-templates", "with --fix: also where the template in AWS differs from the description")
  .option("--yes", "do not ask")
  .action(async (options: Options) => {
    const { environment, port } = connect(options);
    const request = { others: neighbours(environment), prefixes: options.prefix, settings: options.only };
    const found = await withProgress("reading", (progress) => audit(port, environment, request, progress));
    if (!options.json) show(environment.name, found);
    if (found.outdated.length > 0 || found.templates.length > 0) process.exitCode = EXIT.off;
    showFailures({ groups: found.unread, untried: found.untried }, "could not be read");
    const plan = planFix(found.outdated, { includeHeld: options.useLiveTemplates, limit: options.limit });
    if (!options.fix) {
      if (options.json) printJson(toJson(environment.name, found));
      else if (plan.repositories.length > 0) printError("--fix changes what can be changed, after asking");
      return;
    }
    showPlan(plan);
    const isMeant = plan.repositories.length > 0 && (options.yes ?? (await confirm(plan, found, options)));
    const fixed = isMeant ? await fix(port, environment, plan, showFixed) : undefined;
    if (options.json) printJson({ ...toJson(environment.name, found), plan: planToJson(plan), fixed });
    if (fixed === undefined) return;
    const done = new Set(fixed.repositories.filter(({ failure }) => failure === undefined).map(({ name }) => name));
    const isDone = ({ repository, differences }: AuditedRepository) => {
      return done.has(repository.name) && differences.every(isFixable);
    };
    const isLeft = found.templates.length > 0 || !found.outdated.every(isDone);
    const isFailed = found.unread.length > 0 || found.untried > 0;
    process.exitCode = isFailed ? EXIT.failed : isLeft ? EXIT.off : EXIT.fine;
    showFailures({ groups: fixed.failures, untried: fixed.untried }, "could not be changed");
    if (fixed.failures.length > 0) printError("run it again for the rest");
  });

void runCommand(command, "help/audit.md");

function toSettings(text: string): Setting[] {
  return text.split(",").map((name) => {
    const setting = ONLY[name.trim()];
    if (setting !== undefined) return setting;
    throw new UserMistake(`--only takes ${Object.keys(ONLY).join(", ")}, got "${name}"`);
  });
}

/** With --json nothing was shown yet, and what is asked about must be seen. */
function confirm({ repositories }: FixPlan, found: Audit, { json }: Options): Promise<boolean> {
  if (json) showDifferences(found, printError);
  return ask(`Change ${count(repositories.length, "repository", "repositories")}?`);
}

function showPlan({ repositories, totals, lostAccess, held, beyondLimit }: FixPlan): void {
  const warn = colorsFor(process.stderr).yellow;
  if (held > 0) {
    const which = count(held, "repository is", "repositories are");
    printError(`${which} left alone, because the template in AWS differs from the description`);
  }
  if (repositories.length === 0) {
    printError("there is nothing to change");
    return;
  }
  const parts = Object.entries(totals).map(([setting, number]) => `${setting} of ${number}`);
  printError(`to change in ${count(repositories.length, "repository", "repositories")}: ${parts.join(", ")}`);
  if (beyondLimit > 0) printError(`${beyondLimit} more because of --limit: run it again for them`);
  for (const { statement, count: number, example } of lostAccess) {
    const [shown] = shortenBoth(statement, "");
    const where = number === 1 ? example : `${number} repositories, e.g. ${example}`;
    printError(`${warn("access that is removed")} from ${where}: ${shown}`);
  }
}

function showFixed({ name, changed, failure }: FixedRepository): void {
  const line = `${name}: ${changed.length > 0 ? `changed ${changed.join(", ")}` : "changed nothing"}`;
  printError(failure === undefined ? line : `${line}; ${colorsFor(process.stderr).red(failure)}`);
}

function show(environment: string, found: Audit): void {
  const { repositories, elsewhere, uncovered, unmatched, templates, outdated, unread, untried } = found;
  for (const prefix of unmatched) printError(`no cached repository is under ${prefix}`);
  for (const { prefix, state, differences, repositories: covered } of templates) {
    const what = { missing: "is not in AWS", different: "is different in AWS", extra: "is in no environment" }[state];
    print(yellow(`template ${prefix} ${what}`));
    for (const difference of differences) print(lineOf(difference));
    const which = count(covered, "repository is", "repositories are");
    print(dim(`  ${which} left alone by --fix: deploy, or correct the description, first`));
  }
  showDifferences(found, print);
  if (elsewhere > 0) print(`${count(elsewhere, "repository belongs", "repositories belong")} to other environments`);
  if (uncovered > 0) {
    print(`${count(uncovered, "repository is", "repositories are")} under no template in AWS, and not compared`);
  }
  const all = count(repositories, "cached repository", "cached repositories");
  if (unread.length > 0 || untried > 0) print(`${environment}: ${all} compared, and not all of them`);
  else if (outdated.length > 0)
    print(`${environment}: ${red(`${outdated.length} of ${all} differ from their template`)}`);
  else print(`${environment}: ${all}, ${green("no differences")}`);
}

function showDifferences({ outdated }: Audit, print: (line: string) => void): void {
  for (const { repository, template, differences } of outdated) {
    print(`${repository.name} ${dim(`(template ${template.prefix})`)}`);
    for (const difference of differences) {
      print(`${lineOf(difference)}${isFixable(difference) ? "" : red(" (only a new repository can change it)")}`);
      if (difference.note !== undefined) print(dim(`    ${difference.note}`));
    }
  }
}

function lineOf({ setting, expected, actual }: SettingDifference): string {
  const [should, is] = shortenBoth(expected, actual);
  return `  ${setting}: should be ${should}, is ${is}`;
}

function planToJson({ repositories, ...plan }: FixPlan): NonNullable<AuditOutput["plan"]> {
  return { repositories: repositories.map(({ repository }) => repository.name), ...plan };
}

function toJson(environment: string, { outdated, ...found }: Audit): Omit<AuditOutput, "schemaVersion"> {
  return {
    command: "audit",
    environment,
    ...found,
    outdated: outdated.map(({ repository, template, isHeld, differences }) => ({
      repository: repository.name,
      template: template.prefix,
      isHeld,
      differences: differences.map((difference) => ({ ...difference, fixable: isFixable(difference) })),
    })),
  };
}
