import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import { formatDiagnostic, isError, secretVariableNames } from "../modules/domain";
import { checkEnvironments } from "../stacks/check-environments";
import { Environment } from "../stacks/environment";
import { allEnvironments, ENVIRONMENTS_FOLDER } from "./all-environments";
import { describeBackend } from "../stacks/report/environment-facts";
import { atTerminal } from "./ask";
import { runCommand, UserMistake } from "./command-line";
import { askForMissing, NewOptions, toEnvironment, UPSTREAMS } from "./new-answers";
import { print } from "./print";

const several = (value: string, before: readonly string[]) => [...before, value];

const command = new Command("new")
  .description("Write a file for a new environment. What is not said is asked for, where there is a terminal.")
  .option("-e, --env <name>", "the environment's name")
  .option("-a, --account <id>", "the 12-digit id of its account")
  .option("-r, --region <region>", "its region")
  .option("-c, --cache <upstream>", `an upstream to cache, several times: ${UPSTREAMS.join(", ")}`, several, [])
  .option(
    "-p, --puller <role>",
    "a role that may pull, several times; it must exist before the deployment",
    several,
    [],
  )
  .addOption(
    new Option("-b, --backend <type>", "where the state is (default: local)").choices(["local", "s3", "cloud"]),
  )
  .option("--bucket <name>", "the bucket for the state, with --backend s3")
  .option("--organization <name>", "the organization in HCP Terraform, with --backend cloud")
  .action(async (options: NewOptions) => {
    const all = process.stdin.isTTY ? await atTerminal((ask) => askForMissing(options, ask)) : options;
    const environment = toEnvironment(all);
    const environments = allEnvironments();
    const known = environments.map(({ name }) => name);
    if (known.includes(environment.name)) throw new UserMistake(`there is an environment ${environment.name} already`);
    const problems = checkEnvironments([...environments, environment])
      .flatMap((found) => found.diagnostics)
      .filter(isError);
    if (problems.length > 0)
      throw new UserMistake(["no file was written:", ...problems.map(formatDiagnostic)].join("\n  "));
    const file = join(ENVIRONMENTS_FOLDER, `${environment.name}.yaml`);
    write(file, environment);
    tellWhatIsNext(file, environment);
  });

void runCommand(command, "help/environments.md");

function write(file: string, environment: Environment): void {
  const header = "# yaml-language-server: $schema=../environments.schema.json\n";
  mkdirSync(ENVIRONMENTS_FOLDER, { recursive: true });
  try {
    writeFileSync(file, header + stringify({ environments: [environment] }), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new UserMistake(`${file} exists, and is left as it is`);
    throw error;
  }
}

function tellWhatIsNext(file: string, environment: Environment): void {
  const { name, backend, caches } = environment;
  const variables = caches.flatMap((cache) => {
    if (!("credential" in cache)) return [];
    const { username, accessToken } = secretVariableNames(cache.upstream);
    return [`  export TF_VAR_${username}=… TF_VAR_${accessToken}=…`];
  });
  const lines = [
    `wrote ${file}`,
    `the state will be in ${describeBackend(environment)}${backend.type === "local" ? ", on this machine only" : ""}`,
    "next:",
    `  npm run synth                     # then read cdktf.out/stacks/${name}/report.md`,
    ...variables,
    `  npx cdktf deploy ${name}`,
  ];
  print(lines.join("\n"));
}
