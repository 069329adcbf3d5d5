import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ChildProcesses, Ended } from "./child-processes";
import { PROVIDER, ProviderSource } from "./aws-provider";
import { ResourceSchemas } from "./resource-schema";

/** What Terraform would do to a resource, or did. */
export interface Change {
  readonly address: string;
  /** `create`, `update`, `replace`, `delete` or `import`. */
  readonly action: string;
  /** The id by which it is imported, whatever else is done to it. */
  readonly importedFrom?: string;
}

/** What a plan or an apply came to. */
export interface Outcome extends Ended {
  /** What is planned, without what stays as it is. */
  readonly changes: readonly Change[];
  /** Every error, with its details. */
  readonly errors: readonly string[];
}

interface Message {
  readonly type: string;
  readonly change?: {
    readonly resource: { readonly addr: string };
    readonly action: string;
    readonly importing?: { readonly id: string };
  };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

/** Terraform with one version of the provider, in a folder of its own: nothing of the user's is read or changed. */
export class Terraform {
  private readonly settings: NodeJS.ProcessEnv;

  constructor(
    private readonly children: ChildProcesses,
    private readonly folder: string,
    source: ProviderSource,
  ) {
    const configuration = join(folder, "terraform.tfrc");
    writeFileSync(configuration, source.cliConfiguration);
    this.settings = { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: configuration, TF_IN_AUTOMATION: "1" };
  }

  /** A folder that holds a configuration, in which the provider is installed already if `installFor` was called. */
  public newFolder(configuration: object): string {
    return this.newFolderOf({ "cdk.tf.json": JSON.stringify(configuration) });
  }

  /** The same with files of a configuration, by their names. */
  public newFolderOf(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(this.folder, "stack-"));
    writeFiles(folder, files);
    const installed = join(this.folder, "provider");
    for (const name of [".terraform", ".terraform.lock.hcl"]) {
      cpSync(join(installed, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
    }
    return folder;
  }

  /** Installs the provider once, for all folders; what went wrong, if something did. */
  public async install(version: string): Promise<string | undefined> {
    const folder = join(this.folder, "provider");
    mkdirSync(folder);
    const required_providers = { aws: { source: "hashicorp/aws", version } };
    writeConfiguration(folder, { terraform: { required_providers } });
    const { status, stderr } = await this.run(folder, ["init", "-input=false", "-no-color"]);
    return status === 0 ? undefined : stderr;
  }

  /** What the installed provider knows. */
  public async schemas(): Promise<ResourceSchemas> {
    const { stdout } = await this.run(join(this.folder, "provider"), ["providers", "schema", "-json"]);
    const { provider_schemas } = JSON.parse(stdout) as {
      provider_schemas: Record<string, { resource_schemas: ResourceSchemas }>;
    };
    return provider_schemas[PROVIDER]!.resource_schemas;
  }

  /** Plans, and keeps the plan in the file `tfplan`. */
  public async plan(folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
    return outcome(await this.run(folder, ["plan", "-json", "-input=false", "-detailed-exitcode", "-out=tfplan"], env));
  }

  public async apply(folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
    return outcome(await this.run(folder, ["apply", "-json", "-input=false", "-auto-approve"], env));
  }

  public async destroy(folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
    return outcome(await this.run(folder, ["destroy", "-json", "-input=false", "-auto-approve"], env));
  }

  public run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.children.run("terraform", args, { cwd, env: { ...machineEnvironment(), ...this.settings, ...env } });
  }
}

/** Puts another configuration in the place of a folder's. */
export function writeConfiguration(folder: string, configuration: object): void {
  writeFiles(folder, { "cdk.tf.json": JSON.stringify(configuration) });
}

/** Puts files in the place of a folder's configuration. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const old of readdirSync(folder)) if (/\.tf(?:\.json)?$/.test(old)) rmSync(join(folder, old));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** The machine's environment without any settings for Terraform or AWS, and without the metadata service. */
export function machineEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !/^(?:TF_|AWS_)/.test(key));
  return { ...Object.fromEntries(own), AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null" };
}

function outcome(ended: Ended): Outcome {
  const messages = ended.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Message);
  const changes = messages.flatMap(({ type, change }): Change[] => {
    if (type !== "planned_change" || change === undefined) return [];
    const { resource, action, importing } = change;
    return [{ address: resource.addr, action, ...(importing && { importedFrom: importing.id }) }];
  });
  const errors = messages.flatMap(({ diagnostic }) => {
    if (diagnostic?.severity !== "error") return [];
    return [`${diagnostic.summary} ${diagnostic.detail ?? ""}`.trim()];
  });
  return { ...ended, changes, errors };
}
