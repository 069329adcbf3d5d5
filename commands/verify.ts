import { Command } from "commander";
import { verify } from "../operations";
import { colorsFor, EXIT, runCommand } from "./command-line";
import { connect, LiveOptions, neighbours, withLiveOptions } from "./live-registry";
import { alignColumns, count, shortenBoth } from "./table";
import { print, printError, printJson } from "./print";

const command = withLiveOptions(
  new Command("verify").description(
    "Compare an environment's registry in AWS with its description, and have ECR try each rule. Exit code 2: something is off.",
  ),
).action(async (options: LiveOptions) => {
  const { environment, port } = connect(options);
  const verification = await verify(port, environment, neighbours(environment));
  const { rules, templates, skipped, differences } = verification;
  if (options.json) printJson(verification);
  else {
    const rows = differences.map(({ subject, state, what, expected, actual = "none" }) => {
      if (expected === undefined) return [state, subject, what, ""];
      const [should, is] = shortenBoth(expected, actual);
      return [state, subject, what, `should be ${should}, is ${is}`];
    });
    if (rows.length > 0) print(alignColumns(rows));
    const { green, red } = colorsFor(process.stdout);
    const verdict = differences.length === 0 ? green("all as it should be") : red(`${differences.length} off`);
    print(`${environment.name}: ${count(rules, "rule")}, ${count(templates, "template")}, ${verdict}`);
    if (differences.length > 0) printError("help/verify.md tells what to do about each");
    for (const subject of skipped) print(`not compared: ${subject}, which something else owns`);
  }
  if (differences.length > 0) process.exitCode = EXIT.off;
});

void runCommand(command, "help/verify.md");
