import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Argument, Command, Option } from "commander";
import {
  cachesWithoutClients,
  checkAdmissionOptions,
  CLIENT_KINDS,
  ClientCache,
  clientCaches,
  ClientKind,
  ClientOptions,
  Diagnostic,
  DigestPolicy,
  formatDiagnostic,
  GeneratedFile,
  imageMapping,
  UnservedCache,
} from "../modules/domain";
import { chooseEnvironment, regionOption } from "./choose-environments";
import { runCommand, UserMistake } from "./command-line";
import { readImages } from "./read-images";
import { alignColumns } from "./table";
import { print, printError } from "./print";

const MAPPING = "mapping";
const KINDS: Readonly<Record<string, ClientKind>> = CLIENT_KINDS;

interface Options {
  readonly env?: string;
  readonly region?: string;
  readonly output?: string;
  readonly list?: true;
  readonly namespace?: string[];
  readonly excludeNamespace?: string[];
  readonly namespaceLabel?: string[];
  readonly digests: DigestPolicy;
  readonly kubernetesRegistry?: true;
}

const command = new Command("clients")
  .description("Print the files that make clusters, nodes and builders pull through the caches of an environment.")
  .addArgument(new Argument("[kind]", "the kind of client").choices([...Object.keys(KINDS), MAPPING]))
  .argument("[images]", `with ${MAPPING}: a file with the images, a line each; # begins a comment`)
  .option("-e, --env <name>", "the environment")
  .addOption(regionOption())
  .option("-o, --output <folder>", "write the files to this folder instead of printing them")
  .option("-l, --list", "list the kinds of clients and what they require")
  .option("--namespace <names...>", "policies: rewrite pods of these namespaces only")
  .option("--exclude-namespace <names...>", "policies: leave pods of these namespaces alone (default: kube-system)")
  .option("--namespace-label <key=value...>", "policies: rewrite pods of namespaces with these labels only")
  .addOption(
    new Option("--digests <where>", "policies, mapping: where images pinned by digest come from")
      .choices(["upstream", "cache"])
      .default("upstream"),
  )
  .option("--kubernetes-registry", "nodes: include registry.k8s.io; only for nodes delivered with the pause image")
  .action((kind: string | undefined, images: string | undefined, options: Options) => {
    if (options.list) {
      print(listOfKinds());
      return;
    }
    if (kind === undefined) throw new UserMistake("the kind of client is missing; --list shows the kinds");
    if (options.env === undefined) throw new UserMistake("the environment is missing; pass --env");
    const environment = chooseEnvironment(options.env, options.region);
    const caches = clientCaches(environment);
    tellLeftOut(cachesWithoutClients(environment));
    if (caches.length === 0) throw new UserMistake(`${options.env} has no cache that clients can use`);
    const choices = toClientOptions(options);
    show(kind === MAPPING ? mapImages(caches, images, options.digests) : generate(kind, caches, choices), options);
  });

void runCommand(command, "help/clusters.md");

function generate(kind: string, caches: readonly ClientCache[], options: ClientOptions): readonly GeneratedFile[] {
  const { generate: filesFor, unserved } = KINDS[kind]!;
  tellLeftOut(unserved(caches, options));
  return filesFor(caches, options);
}

/** On standard error, so that files can be piped. */
function tellLeftOut(caches: readonly UnservedCache[]): void {
  for (const { name, reason } of caches) printError(`${name} is left out: ${reason}`);
}

function mapImages(
  caches: readonly ClientCache[],
  file: string | undefined,
  digests: DigestPolicy,
): readonly GeneratedFile[] {
  if (file === undefined) throw new UserMistake(`${MAPPING} needs a file with the images, a line each`);
  const mapping = imageMapping(caches, readImages(file), digests);
  if ("diagnostics" in mapping) refuse(mapping.diagnostics);
  return [mapping];
}

/** Prints a file as it is, so that it can be piped; several files each under its path. */
function show(files: readonly GeneratedFile[], { output }: Options): void {
  for (const { path, content } of files) {
    if (output === undefined) {
      process.stdout.write(files.length === 1 ? content : `# ${path}\n${content}\n`);
    } else {
      const target = join(output, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
      print(target);
    }
  }
}

function toClientOptions(options: Options): ClientOptions {
  const { namespace, excludeNamespace, namespaceLabel, digests, kubernetesRegistry } = options;
  const chosen: ClientOptions = {
    namespaces: namespace,
    excludeNamespaces: excludeNamespace,
    namespaceLabels: namespaceLabel && Object.fromEntries(namespaceLabel.map(toLabel)),
    digests,
    kubernetesRegistry,
  };
  const diagnostics = checkAdmissionOptions(chosen);
  if (diagnostics.length > 0) refuse(diagnostics);
  return chosen;
}

function toLabel(text: string): [key: string, value: string] {
  const [key, value, ...rest] = text.split("=");
  if (value === undefined || rest.length > 0) {
    throw new UserMistake(`--namespace-label must be a key and a value, got ${text}; write e.g. team=payments`);
  }
  return [key!, value];
}

function refuse(diagnostics: readonly Diagnostic[]): never {
  throw new UserMistake(diagnostics.map(formatDiagnostic).join("\n"));
}

function listOfKinds(): string {
  const rows = Object.entries(KINDS).map(([name, kind]) => [name, kind.title, kind.requires, kind.ifCacheFails]);
  const mapping = [MAPPING, "your own tools", "a file with image names", "-"];
  return alignColumns([["kind", "for", "requires", "if the cache fails"], ...rows, mapping]);
}
