import { Command } from "commander";
import { compareEnvironments } from "../stacks/report";
import { chooseEnvironment } from "./choose-environments";
import { colorsFor, runCommand } from "./command-line";
import { printJson } from "./output";
import { print } from "./print";

const command = new Command("diff-env")
  .description("Tell in words what differs between two environments.")
  .argument("<one>", "an environment, or a stack of it: prod, prod-eu-west-1")
  .argument("<other>", "another")
  .option("-r, --region <region>", "the region of the other (default: its own)")
  .option("--json", "print it as JSON")
  .action((one: string, other: string, options: { region?: string; json?: true }) => {
    const environments = [chooseEnvironment(one), chooseEnvironment(other, options.region)];
    const differences = compareEnvironments(environments);
    if (options.json) {
      printJson({
        command: "diff-env",
        environments: environments.map(({ name }) => name),
        differences: differences.map(({ values, ...one }) => ({
          ...one,
          values: values.map((value) => value ?? null),
        })),
      });
      return;
    }
    const { bold, dim } = colorsFor(process.stdout);
    const width = Math.max(...environments.map(({ name }) => name.length));
    let topic = "";
    for (const difference of differences) {
      if (difference.topic !== topic) print(`${topic === "" ? "" : "\n"}${bold(difference.topic)}`);
      topic = difference.topic;
      print(`  ${difference.name}`);
      difference.values.forEach((value, index) => {
        print(`    ${environments[index]!.name.padEnd(width)}  ${value ?? dim("has none")}`);
      });
    }
    if (differences.length === 0) print(`${environments.map(({ name }) => name).join(" and ")} are the same`);
  });

void runCommand(command, "help/reviewing.md");
