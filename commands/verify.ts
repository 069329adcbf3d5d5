import { Command } from "commander";
import { verify } from "../operations";
import { colorsFor, EXIT, runCommand } from "./command-line";
import { connect, LiveOptions, neighbours, withLiveOptions } from "./live-registry";
import { toDays } from "./options";
import { printJson } from "./output";
import { alignColumns, count, shortenBoth } from "./table";
import { print, printError } from "./print";

const command = withLiveOptions(
  new Command("verify").description(
    "Compare an environment's registry in AWS with its description, and have ECR try each rule. Exit code 2: something is different.",
  ),
)
  .option(
    "--token-days <days>",
    "how long tokens last where they expire, as those of Chainguard do (default: 30)",
    toDays,
  )
  .action(async (options: LiveOptions & { readonly tokenDays?: number }) => {
    const { environment, port } = connect(options);
    const verification = await verify(port, environment, neighbours(environment), options.tokenDays);
    const { rules, templates, skipped, differences, credentials } = verification;
    if (options.json) printJson({ command: "verify", environment: environment.name, ...verification });
    else {
      const rows = differences.map(({ subject, state, what, expected, actual = "none" }) => {
        if (expected === undefined) return [state, subject, what, ""];
        const [should, is] = shortenBoth(expected, actual);
        return [state, subject, what, `should be ${should}, is ${is}`];
      });
      if (rows.length > 0) print(alignColumns(rows));
      for (const { subject, note } of differences) if (note !== undefined) print(`${subject}: ${note}`);
      const { green, red } = colorsFor(process.stdout);
      const verdict =
        differences.length === 0 ? green("all as described") : red(count(differences.length, "difference"));
      for (const { secret, ageDays, failure } of credentials) {
        const name = secret.replace(/^.*:secret:/, "");
        const age = ageDays === undefined ? `unknown age (${failure!})` : `${count(ageDays, "day")} old`;
        print(`credential ${name}: ${age}`);
      }
      print(`${environment.name}: ${count(rules, "rule")}, ${count(templates, "template")}, ${verdict}`);
      if (differences.length > 0) printError("help/verify.md tells what to do about each difference");
      for (const subject of skipped) print(`not compared: ${subject}, which another tool owns`);
    }
    if (differences.length > 0) process.exitCode = EXIT.off;
  });

void runCommand(command, "help/verify.md");
