import { Command, Option } from "commander";
import { runCommand, UserMistake } from "./command-line";
import {
  BuiltStack,
  EnvironmentError,
  EnvironmentFileError,
  OUTDIR,
  Strictness,
  synthesize,
  UnknownStackError,
  withStacks,
} from "../stacks";
import { removeOldStacks } from "../stacks/remove-old-files";
import { allEnvironments } from "./all-environments";
import { print, printError } from "./print";

interface Options extends Strictness {
  readonly env?: string;
  readonly out?: string;
  readonly check?: true;
}

// The CDKTF CLI says where to write, shows the warnings of the constructs itself, and takes what else is told for errors.
const isRunByCli = process.env.CDKTF_OUTDIR !== undefined;

const command = new Command("synth")
  .description("Check all environments, and write a stack and a report for each.")
  .addOption(new Option("-e, --env <names>", "write these only, separated by commas").env("SYNTH_ENV"))
  .option("-o, --out <folder>", 'where to write (default: "cdktf.out")')
  .addOption(new Option("--check", "write nothing; the exit code is 1 if there are problems").conflicts("out"))
  .option("--strict", "refuse warnings that nobody has acknowledged, like errors")
  .action((options: Options) => {
    try {
      run(options);
    } catch (error) {
      if (error instanceof UnknownStackError) throw new UserMistake(error.message);
      // What the user wrote is wrong, not the program: a stack trace would hide the list.
      if (!(error instanceof EnvironmentError || error instanceof EnvironmentFileError)) throw error;
      printError(error.message);
      process.exitCode = 1;
    }
  });

void runCommand(command, "help/environments.md");

function run({ env, out, check, strict }: Options): void {
  const environments = allEnvironments();
  if (environments.length === 0) {
    printError("No environments are described: run `npm run new`, or list them in stacks/environments.ts.");
  }
  if (check) {
    const namesOf = (built: readonly BuiltStack[]) =>
      built.map(({ stack, warnings }) => ({ name: stack.node.id, warnings }));
    const stacks = withStacks(environments, namesOf, { strict });
    for (const { name, warnings } of stacks) tell(`${name}: no problems`, warnings);
    explainWarnings(stacks);
    return;
  }
  // A variable that is set to nothing counts as not set.
  const only = env ? env.split(",").map((name) => name.trim()) : undefined;
  const stacks = synthesize(environments, out, { strict, only });
  removeOldStacks(out ?? process.env.CDKTF_OUTDIR ?? OUTDIR, environments);
  for (const { name, file, warnings } of stacks) tell(`${name}: ${file}`, warnings);
  explainWarnings(stacks);
  const stack = stacks.length === 1 ? stacks[0]!.name : "<stack>";
  if (stacks.length > 0) print(`Read report.md beside each, then: npx cdktf deploy ${stack}`);
}

function tell(line: string, warnings: readonly string[]): void {
  print(line);
  if (!isRunByCli) for (const warning of warnings) printError(`  warning: ${warning}`);
}

function explainWarnings(stacks: readonly { readonly warnings: readonly string[] }[]): void {
  if (stacks.some(({ warnings }) => warnings.length > 0)) printError("help/checks.md explains the warnings.");
}
