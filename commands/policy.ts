import { Argument, Command } from "commander";
import { renderPolicyDocument } from "../modules/domain";
import { commandPolicy, COMMANDS_WITH_POLICY, CommandWithPolicy } from "../operations/command-policies";
import { chooseEnvironment, envOption, regionOption } from "./choose-environments";
import { runCommand } from "./command-line";
import { warnShutOut } from "./warn-shut-out";
import { printJson } from "./print";

const command = new Command("policy")
  .description("Print the policy of whoever runs a command, and no more than it needs.")
  .addArgument(
    new Argument("<command>", "the command").choices(COMMANDS_WITH_POLICY.filter((name) => name !== "audit --fix")),
  )
  .addOption(envOption())
  .addOption(regionOption())
  .option("--fix", "with audit: also what --fix needs")
  .action((name: Exclude<CommandWithPolicy, "audit --fix">, options: { env: string; region?: string; fix?: true }) => {
    const meant = name === "audit" && options.fix ? "audit --fix" : name;
    const environment = chooseEnvironment(options.env, options.region);
    if (meant === "warm") warnShutOut(environment, environment.assumeRole?.roleArn);
    const document = commandPolicy(meant, environment);
    printJson(JSON.parse(renderPolicyDocument(document)));
  });

void runCommand(command, "help/deploying.md");
