import { formatBlocks } from "./block";
import { filesOf, MAIN, moduleBlocks, ModuleFiles, splitTerraform, withProviderSources } from "./root-module";
import { quoteTemplate, splitTemplate } from "./template";
import { StackConfiguration } from "./stack-configuration";
import { isObject, JsonObject, JsonValue } from "./terraform-json";
import { toBlocks } from "./to-blocks";

/** The account and Region of a stack. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** What a stack says and a module that is called cannot: its caller must. */
export interface ChildModule {
  readonly files: ModuleFiles;
  /** The `import` blocks that belong in the root module, with the addresses of the module named `registry`. */
  readonly imports: string;
}

/**
 * A stack as a module that other configurations call: without provider and backend, and with its account, Region and the
 * names of its resources as variables.
 */
export function toChildModule({ json, types }: StackConfiguration, place: Place): ChildModule {
  const { terraform, provider: _provider, import: imports, variable, output, ...rest } = withProviderSources(json);
  const { versions } = splitTerraform(terraform);
  const names: Record<string, JsonValue> = {};
  const { resource, ...others } = withPlace(rest, place) as JsonObject;
  const inModule: JsonObject = {
    ...others,
    resource: withNames(resource, names),
    variable: { ...placeVariables(), ...names, ...(variable as JsonObject) },
    output: mapObject(output, (one) => {
      if (!isObject(one)) return one;
      return { ...one, value: withPlace(one.value, place) };
    }),
  };
  const files = filesOf({
    "versions.tf": toBlocks({ terraform: withLowerBounds(versions) }, types).terraform,
    ...moduleBlocks(toBlocks(inModule, types), MAIN),
  });
  return { files, imports: formatBlocks(toBlocks({ import: inRoot(imports) }, types).import) };
}

function placeVariables(): JsonObject {
  return {
    account_id: { description: "The id of the account whose registry it is", type: "string", nullable: false },
    region: {
      description: "The Region of the registry, which must be the provider's",
      type: "string",
      nullable: false,
    },
  };
}

/** Values in which the account and the Region are variables; `undefined` stays as it is. */
function withPlace(value: JsonValue | undefined, place: Place): JsonValue | undefined {
  if (typeof value === "string") {
    const parts = splitTemplate(value).map(({ kind, text }) => (kind === "text" ? replacePlace(text, place) : text));
    return parts.join("");
  }
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => withPlace(item, place)!);
  return isObject(value) ? mapObject(value, (inner) => withPlace(inner, place)) : value;
}

/** The account and Region in an ARN, and in the host of a registry: `arn:aws:ecr:us-east-1:123456789012:`. */
const PLACES = [/(\barn:[a-z-]+:[a-z0-9-]+:)([a-z0-9-]*)(:)(\d{12})\b/g, /()\b(\d{12})(\.dkr\.ecr\.)([a-z0-9-]+)\b/g];

/** What belongs to another account keeps its Region, even if it is the same one. */
function replacePlace(text: string, place: Place): string {
  const { accountId, region } = place;
  const kept: string[] = [];
  const keep = (other: string) => `\ue000${kept.push(other) - 1}\ue001`;
  const withoutOthers = PLACES.reduce((all, pattern) => {
    return all.replace(pattern, (match, _start: string, one: string, _middle: string, two: string) => {
      return [one, two].includes(accountId) ? match : keep(match);
    });
  }, text);
  return withoutOthers
    .replace(wholeWord(accountId), "${var.account_id}")
    .replace(wholeWord(region), "${var.region}")
    .replace(/\ue000(\d+)\ue001/g, (_, index: string) => kept[Number(index)]!);
}

function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9$%])${word}(?![A-Za-z0-9])`, "g");
}

/** An inline policy's name counts only within its role. */
const NAMED_WITHIN_ANOTHER = ["aws_iam_role_policy"];

/** Gives each name a variable, and writes the variables to `variables`. */
function withNames(resources: JsonValue | undefined, variables: Record<string, JsonValue>): JsonValue | undefined {
  return mapObject(resources, (byName, type) => {
    if (NAMED_WITHIN_ANOTHER.includes(type)) return byName;
    return mapObject(byName, (resource, address) => {
      if (!isObject(resource) || typeof resource.name !== "string") return resource;
      const short = nameVariable(address);
      const variable = short in variables ? address.replace(/[^A-Za-z0-9]+/g, "_") : short;
      const today = resource.name
        .replaceAll("${var.region}", "<region>")
        .replaceAll("${var.account_id}", "<account id>");
      const description = `The name of the resource ${type}.${address} (default: ${today})`;
      variables[variable] = { description, type: "string", default: null };
      return { ...resource, name: `\${coalesce(var.${variable}, ${quoteTemplate(resource.name)})}` };
    });
  });
}

/** `registry_template-role_81B8186D` → `template_role_name`. */
function nameVariable(address: string): string {
  const words = address.replace(/^registry_/, "").replace(/_[0-9A-F]{8}$/, "");
  return `${words.replaceAll(/[^A-Za-z0-9]+/g, "_").toLowerCase()}_name`;
}

/** A module leaves the choice of a newer provider to its caller. */
function withLowerBounds(versions: JsonObject): JsonObject {
  const required_providers = mapObject(versions.required_providers, (provider) => {
    if (!isObject(provider) || typeof provider.version !== "string" || !/^\d/.test(provider.version)) return provider;
    return { ...provider, version: `>= ${provider.version}` };
  });
  return { ...versions, required_providers };
}

/** Import blocks whose addresses are in the module `registry`. */
function inRoot(imports: JsonValue | undefined): JsonValue {
  const all = Array.isArray(imports) ? (imports as readonly JsonValue[]) : [];
  return all.filter(isObject).map((one) => ({ ...one, to: `module.registry.${one.to as string}` }));
}

function mapObject(
  value: JsonValue | undefined,
  change: (value: JsonValue | undefined, key: string) => JsonValue | undefined,
): JsonValue | undefined {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner, key)]));
}
