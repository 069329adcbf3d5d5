import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join, normalize, resolve } from "node:path";
import { Command, Option } from "commander";
import { OUTDIR, withStacks } from "../stacks";
import { allEnvironments } from "./all-environments";
import { OutputError, writeOutput } from "../stacks/write-output";
import { ModuleFiles, readStack, toChildModule, toRootModule } from "../stacks/export";
import { chooseEnvironment, envOption, regionOption } from "./choose-environments";
import { runCommand, UserMistake } from "./command-line";
import { print, printError } from "./print";

interface Options {
  readonly env: string;
  readonly region?: string;
  readonly output: string;
  readonly asModule?: true;
  readonly force?: true;
}

const command = new Command("export")
  .description("Write an environment's stack as plain Terraform, in HCL: the same addresses, and the same state.")
  .addOption(envOption())
  .addOption(regionOption())
  .addOption(new Option("-o, --output <folder>", "where to write the module").makeOptionMandatory())
  .option("--as-module", "a module to call: no provider, no backend; account, Region and names are variables")
  .option("--force", "replace files of the same names")
  .action(({ env, region, output, asModule, force }: Options) => {
    const environment = chooseEnvironment(env, region);
    const { name } = environment;
    const { files, imports } = withStacks(allEnvironments(), (stacks) => {
      const { stack } = stacks.find((built) => built.environment.name === name)!;
      stack.prepareStack();
      const configuration = readStack(stack);
      if (asModule) return toChildModule(configuration, environment);
      const folders = { stack: resolve(OUTDIR, "stacks", name), module: resolve(output) };
      return { files: toRootModule(configuration, folders), imports: "" };
    });
    write(output, files, force === true);
    for (const file of Object.keys(files)) print(join(output, file));
    if (asModule) tellCaller(environment, output, imports);
    else printError(`next: terraform -chdir=${output} init, then plan: it must say "No changes"`);
  });

void runCommand(command, "help/leaving.md");

/** Writes files, and leaves other files of the folder as they are. */
function write(folder: string, files: ModuleFiles, replace: boolean): void {
  const existing = existsSync(folder) ? readdirSync(folder).filter((file) => /\.tf(?:\.json)?$/.test(file)) : [];
  const others = replace ? existing.filter((file) => !(file in files)) : existing;
  if (others.length > 0) {
    const fix = replace ? "remove them: Terraform would read them, too" : "pass --force to replace them";
    throw new UserMistake(`${folder} holds ${others.join(", ")}, and nothing was written; ${fix}`);
  }
  try {
    writeOutput(folder, (prepared) => {
      for (const [file, text] of Object.entries(files)) writeFileSync(join(prepared, file), text);
    });
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new UserMistake(`${folder} cannot be written: ${(error as Error).message}`);
  }
}

/** What the caller's configuration says. */
function tellCaller(
  { accountId, region }: { accountId: string; region: string },
  folder: string,
  imports: string,
): void {
  const source = isAbsolute(folder) ? folder : `./${normalize(folder)}`;
  const call = `module "registry" {
  source     = ${JSON.stringify(source)}
  account_id = "${accountId}"
  region     = "${region}"
}
`;
  printError(`call it, with the variables of ${join(folder, "variables.tf")}:\n\n${call}`);
  if (imports !== "") printError(`a module cannot import; add to the configuration that calls it:\n\n${imports}`);
}
