import { Command } from "commander";
import { EnvironmentError, EnvironmentFileError, Strictness, synthesize } from "../stacks";
import { allEnvironments } from "./all-environments";
import { print, printError } from "./print";

// The CDKTF CLI says where to write, shows the warnings of the constructs itself, and takes what else is told for errors.
const isRunByCli = process.env.CDKTF_OUTDIR !== undefined;

const { strict } = new Command("synth")
  .description("Check all environments, and write a stack and a report for each.")
  .option("--strict", "refuse warnings that nobody has acknowledged, like errors")
  .parse()
  .opts<Strictness>();

try {
  const stacks = synthesize(allEnvironments(), undefined, { strict });
  for (const { name, file, warnings } of stacks) {
    print(`${name}: ${file}`);
    if (!isRunByCli) for (const warning of warnings) printError(`  warning: ${warning}`);
  }
  if (stacks.some(({ warnings }) => warnings.length > 0)) printError("help/checks.md explains the warnings.");
  const stack = stacks.length === 1 ? stacks[0]!.name : "<stack>";
  if (stacks.length > 0) print(`Read report.md beside each, then: npx cdktf deploy ${stack}`);
} catch (error) {
  // What the user wrote is wrong, not the program: a stack trace would hide the list.
  if (!(error instanceof EnvironmentError || error instanceof EnvironmentFileError)) throw error;
  printError(error.message);
  process.exitCode = 1;
}
