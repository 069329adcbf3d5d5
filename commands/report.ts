import { join } from "node:path";
import { Command, Option } from "commander";
import { viewRegistry } from "../modules/domain";
import { RegionalEnvironment, regionalEnvironments } from "../stacks/environment-regions";
import { reportEnvironment, reportOverview } from "../stacks/report";
import { registryFlow } from "../stacks/report/registry-flow";
import { writeWhole } from "../stacks/write-output";
import { checkedEnvironments, chooseEnvironment, regionOption } from "./choose-environments";
import { runCommand, UserMistake } from "./command-line";
import { renderPage } from "./report-page";
import { print, printError } from "./print";

interface Options {
  readonly env?: string;
  readonly region?: string;
  readonly format: "markdown" | "html";
  readonly output?: string;
}

const command = new Command("report")
  .description(
    "Report what the environments' stacks do. Markdown is printed; pages are written, and open without a network.",
  )
  .option("-e, --env <name>", "one environment (default: the overview; with html all of them, too)")
  .addOption(regionOption())
  .addOption(new Option("-f, --format <format>", "the format").choices(["markdown", "html"]).default("markdown"))
  .option("-o, --output <folder>", 'where pages are written (default: "cdktf.out")')
  .action(async ({ env, region, format, output }: Options) => {
    if (env === undefined && region !== undefined) throw new UserMistake("--region needs --env");
    if (format === "markdown") {
      if (output !== undefined) throw new UserMistake("--output needs --format html: Markdown is printed");
      const report =
        env === undefined ? reportOverview(allStacks()) : reportEnvironment(chooseEnvironment(env, region));
      print(report.trimEnd());
      return;
    }
    const folder = output ?? "cdktf.out";
    const stacks = env === undefined ? allStacks() : [chooseEnvironment(env, region)];
    if (env === undefined) await writePage(join(folder, "report.html"), "Registries", reportOverview(stacks));
    for (const stack of stacks) {
      const file = join(folder, "stacks", stack.name, "report.html");
      await writePage(file, stack.name, reportEnvironment(stack), stack);
    }
    printError("open them in a browser; they need no network");
  });

void runCommand(command, "help/reviewing.md");

function allStacks(): RegionalEnvironment[] {
  return checkedEnvironments().flatMap(regionalEnvironments);
}

async function writePage(file: string, title: string, markdown: string, stack?: RegionalEnvironment): Promise<void> {
  const page = await renderPage(title, markdown, stack && registryFlow(viewRegistry(stack)));
  try {
    writeWhole(file, page);
  } catch (error) {
    throw new UserMistake(`${file} cannot be written: ${(error as Error).message}`);
  }
  print(file);
}
