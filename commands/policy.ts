import { Argument, Command } from "commander";
import { renderPolicyDocument } from "../modules/domain";
import { commandPolicy, COMMANDS_WITH_POLICY, CommandWithPolicy } from "../operations/command-policies";
import { chooseEnvironment, envOption, regionOption } from "./choose-environments";
import { runCommand } from "./command-line";
import { warnShutOut } from "./warn-shut-out";
import { printJson } from "./print";

interface Options {
  readonly env: string;
  readonly region?: string;
  readonly fix?: true;
  readonly plan?: true;
}

const command = new Command("policy")
  .description("Print the policy of whoever runs a command, and no more than it needs.")
  .addArgument(
    new Argument("<command>", "the command").choices(COMMANDS_WITH_POLICY.filter((name) => !name.includes(" --"))),
  )
  .addOption(envOption())
  .addOption(regionOption())
  .option("--fix", "with audit: also what --fix needs")
  .option("--plan", "with cleanup: without what deleting needs")
  .action((name: CommandWithPolicy, options: Options) => {
    const variant = name === "audit" && options.fix ? " --fix" : name === "cleanup" && options.plan ? " --plan" : "";
    const meant = `${name}${variant}` as CommandWithPolicy;
    const environment = chooseEnvironment(options.env, options.region);
    if (meant === "warm") warnShutOut(environment, environment.assumeRole?.roleArn);
    const document = commandPolicy(meant, environment);
    printJson(JSON.parse(renderPolicyDocument(document)));
  });

void runCommand(command, "help/deploying.md");
