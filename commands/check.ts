import { Command } from "commander";
import { diagnosticToJson, formatDiagnostic, isError, isOpenWarning } from "../modules/domain";
import { checkEnvironments } from "../stacks/check-environments";
import { Strictness } from "../stacks/environment-error";
import { allEnvironments } from "./all-environments";
import { EXIT, runCommand } from "./command-line";
import { printJson } from "./output";
import { colorsFor, print } from "./print";
import { count } from "./table";

const command = new Command("check")
  .description("Check all environments, and write nothing. Exit code 1: there are errors.")
  .option("--strict", "count warnings that nobody has acknowledged as errors")
  .option("--json", "print it as JSON")
  .action(({ strict = false, json }: Strictness & { readonly json?: true }) => {
    const all = checkEnvironments(allEnvironments()).flatMap(({ environment, diagnostics, places }) =>
      diagnostics.map((diagnostic, index) => ({ environment, diagnostic, place: places?.[index] })),
    );
    const errors = all.filter(({ diagnostic }) => isError(diagnostic)).length;
    const warnings = all.filter(({ diagnostic }) => isOpenWarning(diagnostic)).length;
    if (errors > 0 || (strict && warnings > 0)) process.exitCode = EXIT.failed;
    if (json) {
      const found = all.map(({ environment, diagnostic, place }) => ({
        environment,
        ...(place !== undefined && { place }),
        ...diagnosticToJson(diagnostic),
      }));
      printJson({ command: "check", diagnostics: found });
      return;
    }
    const { red, yellow, dim } = colorsFor(process.stdout);
    for (const { environment, diagnostic, place } of all) {
      const { acknowledged } = diagnostic;
      const kind = isError(diagnostic)
        ? red("error")
        : acknowledged === undefined
          ? yellow("warning")
          : dim("acknowledged");
      const where = place === undefined ? environment : `${place} ${environment}`;
      const reason = acknowledged === undefined ? "" : ` (${acknowledged})`;
      print(`${kind} ${where}: ${formatDiagnostic(diagnostic)}${reason}`);
    }
    print(`${count(errors, "error")}, ${count(warnings, "warning")} that nobody has acknowledged`);
  });

void runCommand(command, "help/checks.md");
