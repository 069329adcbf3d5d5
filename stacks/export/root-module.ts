import { relative, resolve } from "node:path";
import { Block, formatBlocks } from "./block";
import { StackConfiguration } from "./stack-configuration";
import { isObject, JsonObject, JsonValue } from "./terraform-json";
import { BlockKind, BlocksByKind, toBlocks } from "./to-blocks";

/** The files of a module: their names and what is in them. */
export type ModuleFiles = Readonly<Record<string, string>>;

/** Where the folders are that a local state's path is relative to. */
export interface ModuleFolders {
  /** Where the stack would be synthesised: its path is relative to this folder. */
  readonly stack: string;
  /** Where the module will be. */
  readonly module: string;
}

const VERSION_ARGUMENTS = ["required_version", "required_providers"];

/** A stack as a root module, with the addresses and the backend of the stack: its state continues. */
export function toRootModule({ json, types }: StackConfiguration, folders: ModuleFolders): ModuleFiles {
  const { terraform, ...rest } = withProviderSources(json);
  const { versions, backend } = splitTerraform(terraform);
  const blocks = toBlocks(rest, types);
  return filesOf({
    "versions.tf": toBlocks({ terraform: versions }, types).terraform,
    "backend.tf": toBlocks({ terraform: withLocalPath(backend, folders) }, types).terraform,
    ...moduleBlocks(blocks, ["provider", ...MAIN]),
  });
}

/** What `main.tf` holds, in this order. */
export const MAIN = [
  "locals",
  "data",
  "ephemeral",
  "resource",
  "module",
  "import",
  "moved",
  "removed",
  "check",
] as const;

/** The blocks of the files that every module has. */
export function moduleBlocks(
  blocks: BlocksByKind,
  main: readonly BlockKind[],
): Readonly<Record<string, readonly Block[]>> {
  return {
    "main.tf": main.flatMap((kind) => blocks[kind]),
    "variables.tf": blocks.variable,
    "outputs.tf": blocks.output,
  };
}

/** Files of blocks. A file without any is left out. */
export function filesOf(files: Readonly<Record<string, readonly Block[]>>): ModuleFiles {
  const written = Object.entries(files).filter(([, blocks]) => blocks.length > 0);
  return Object.fromEntries(written.map(([name, blocks]) => [name, formatBlocks(blocks)]));
}

/** The `terraform` block in two: what is required, and where the state is. */
export function splitTerraform(terraform: JsonValue | undefined): { versions: JsonObject; backend: JsonObject } {
  const entries = Object.entries(isObject(terraform) ? terraform : {});
  const isVersion = ([name]: readonly [string, unknown]) => VERSION_ARGUMENTS.includes(name);
  const versions = Object.fromEntries(entries.filter(isVersion).sort(([one], [other]) => other.localeCompare(one)));
  return { versions, backend: Object.fromEntries(entries.filter((entry) => !isVersion(entry))) };
}

/** The configuration with the sources of its providers in full, as people write them: `hashicorp/aws`. */
export function withProviderSources(json: JsonObject): JsonObject {
  const { terraform } = json;
  if (!isObject(terraform) || !isObject(terraform.required_providers)) return json;
  const providers = Object.entries(terraform.required_providers).map(([name, provider]) => {
    if (!isObject(provider) || typeof provider.source !== "string") return [name, provider];
    const { source } = provider;
    const { source: _source, ...rest } = provider;
    return [name, { source: source.includes("/") ? source : `hashicorp/${source}`, ...rest }];
  });
  return { ...json, terraform: { ...terraform, required_providers: Object.fromEntries(providers) as JsonObject } };
}

function withLocalPath(terraform: JsonObject, { stack, module }: ModuleFolders): JsonObject | undefined {
  const { backend, ...rest } = terraform;
  if (Object.keys(terraform).length === 0) return undefined;
  const local = isObject(backend) ? backend.local : undefined;
  if (!isObject(local) || typeof local.path !== "string") return terraform;
  const path = relative(module, resolve(stack, local.path)).replaceAll("\\", "/");
  return { ...rest, backend: { local: { ...local, path } } };
}
