import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import {
  formatProblem,
  isUpstreamRegistryName,
  PullThroughCache,
  secretVariableNames,
  UPSTREAM_REGISTRY_NAMES,
} from "../modules/domain";
import { checkEnvironments } from "../stacks/check-environments";
import { Backend, Environment } from "../stacks/environment";
import { allEnvironments, ENVIRONMENTS_FOLDER } from "../stacks/environments";
import { atTerminal } from "./ask";
import { runCommand, UserMistake } from "./command-line";
import { Answers, askForMissing, complete, NewOptions, SIMPLE_UPSTREAMS } from "./new-answers";

const several = (value: string, before: readonly string[]) => [...before, value];

const command = new Command("new")
  .description("Write a file for a new environment. What is not said is asked for, where there is a terminal.")
  .option("-e, --env <name>", "the environment's name")
  .option("-a, --account <id>", "the 12-digit id of its account")
  .option("-r, --region <region>", "its region")
  .option("-c, --cache <upstream>", `an upstream to cache, several times: ${SIMPLE_UPSTREAMS.join(", ")}`, several, [])
  .option(
    "-p, --puller <role>",
    "a role that may pull, several times; it must exist before the deployment",
    several,
    [],
  )
  .addOption(
    new Option("-b, --backend <type>", "where the state is").choices(["local", "s3", "cloud"]).default("local"),
  )
  .option("--bucket <name>", "the bucket for the state, with --backend s3")
  .option("--organization <name>", "the organization in HCP Terraform, with --backend cloud")
  .action(async (options: NewOptions) => {
    const all = process.stdin.isTTY ? await atTerminal((ask) => askForMissing(options, ask)) : options;
    const environment = toEnvironment(complete(all));
    const environments = allEnvironments();
    const known = environments.map(({ name }) => name);
    if (known.includes(environment.name)) throw new UserMistake(`there is an environment ${environment.name} already`);
    const problems = checkEnvironments([...environments, environment]).flatMap((found) => found.problems);
    if (problems.length > 0)
      throw new UserMistake(["no file was written:", ...problems.map(formatProblem)].join("\n  "));
    const file = join(ENVIRONMENTS_FOLDER, `${environment.name}.yaml`);
    write(file, environment);
    tellWhatIsNext(file, environment);
  });

void runCommand(command, "help/environments.md");

function toEnvironment(options: Answers): Environment {
  return {
    name: options.env,
    accountId: options.account,
    region: options.region,
    backend: toBackend(options),
    caches: options.cache.map(toCache),
    ...(options.puller.length > 0 && { pullers: options.puller.map((role) => ({ role })) }),
  };
}

function toBackend({ backend, bucket, organization, region }: Answers): Backend {
  switch (backend) {
    case "local":
      return { type: "local" };
    case "s3":
      if (bucket === undefined) throw new UserMistake("--backend s3 needs --bucket");
      return { type: "s3", bucket, region };
    case "cloud":
      if (organization === undefined) throw new UserMistake("--backend cloud needs --organization");
      return { type: "cloud", organization };
  }
}

function toCache(upstream: string): PullThroughCache {
  if (!isUpstreamRegistryName(upstream)) {
    throw new UserMistake(`no upstream is called ${upstream}; there are ${UPSTREAM_REGISTRY_NAMES.join(", ")}`);
  }
  if (upstream === "ecr" || upstream === "azure-container-registry") {
    throw new UserMistake(
      `${upstream} needs to know which registry: write that into the file, as help/upstreams.md says`,
    );
  }
  if (upstream === "quay" || upstream === "k8s" || upstream === "ecr-public") return { upstream };
  return { upstream, credential: { type: "managed-secret" } };
}

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

function tellWhatIsNext(file: string, { name, caches }: Environment): void {
  const variables = caches.flatMap((cache) => {
    if (!("credential" in cache)) return [];
    const { username, accessToken } = secretVariableNames(cache.upstream);
    return [`  export TF_VAR_${username}=… TF_VAR_${accessToken}=…`];
  });
  const lines = [
    `wrote ${file}`,
    "next:",
    `  npm run synth                     # then read cdktf.out/stacks/${name}/report.md`,
    ...variables,
    `  npx cdktf deploy ${name}`,
  ];
  console.log(lines.join("\n"));
}
