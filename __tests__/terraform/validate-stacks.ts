/**
 * Takes the sample stacks through the real Terraform and the real AWS provider: `terraform validate`, without
 * credentials. It reads and changes nothing outside a temporary folder.
 *
 * The provider comes from a filesystem mirror if TF_PROVIDER_MIRROR names one, else from `terraform init` over the
 * network. A mirror may hold an older provider than the stacks ask for. Then a copy of each stack is checked from which
 * everything is removed that the older provider cannot know; what was removed is named, and checked against the
 * schema of provider 6.19.0 instead.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { synthesize } from "../../stacks";
import { environments } from "../../stacks/environments";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";
import { removeNewerParts } from "./newer-parts";
import { problemsWith, ResourceSchemas, schemaOf619 } from "./resource-schema";

const SAMPLES = [...environments, ...hubAndSpokesSample];
const PROVIDER = "registry.terraform.io/hashicorp/aws";

interface StackFile {
  terraform: { required_providers: { aws: { source: string; version: string } } };
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string; readonly detail?: string }[];
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const folder = mkdtempSync(join(tmpdir(), "ecr-terraform-"));
try {
  run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function run(): void {
  const names = SAMPLES.map(({ name }) => name);
  if (terraform(folder, "version").status !== 0) {
    for (const name of names) report("skipped", name, "there is no terraform on the PATH");
    return;
  }
  const mirror = process.env.TF_PROVIDER_MIRROR;
  writeFileSync(join(folder, "terraform.tfrc"), cliConfiguration(mirror));
  synthesize(SAMPLES, join(folder, "cdktf.out"));
  const stacks = names.map((name) => readStack(name));
  const asked = stacks[0]!.terraform.required_providers.aws.version;
  const version = mirror ? mirroredVersion(mirror) : asked;
  const schemas = version === asked ? undefined : providerSchemas(version);
  names.forEach((name, index) => {
    const stack = stacks[index]!;
    stack.terraform.required_providers.aws.version = version;
    const resource = schemas ? coveredResources(name, stack, schemas, version) : stack.resource;
    writeFileSync(stackFile(name), JSON.stringify({ ...stack, resource }));
    validate(name, version === asked ? version : `${version} instead of ${asked}`);
  });
}

function stackFile(name: string): string {
  return join(folder, "cdktf.out", "stacks", name, "cdk.tf.json");
}

function readStack(name: string): StackFile {
  return JSON.parse(readFileSync(stackFile(name), "utf8")) as StackFile;
}

/** The stack's resources, without what an older provider cannot know; that is checked by the newer schema instead. */
function coveredResources(name: string, stack: StackFile, schemas: ResourceSchemas, version: string) {
  const { resource, removed } = removeNewerParts(stack.resource, schemas);
  for (const part of removed) {
    const problems = problemsWith(schemaOf619(part.type), part.name, part.value);
    const instead = part.replacedBy === undefined ? "left out" : `replaced by ${part.replacedBy}`;
    const verdict = problems.length === 0 ? "the schema of 6.19.0 has it" : problems.join(", ");
    const text = `NOT COVERED ${part.address} ${part.name}: provider ${version} lacks it, ${instead}; ${verdict}`;
    report(problems.length === 0 ? "passed" : "failed", name, text);
  }
  return resource;
}

function validate(name: string, version: string): void {
  const stackFolder = dirname(stackFile(name));
  const init = terraform(stackFolder, "init", "-backend=false", "-input=false", "-no-color");
  if (init.status !== 0) {
    // With a mirror there is nothing that may be missing; without one, there may be no network.
    const verdict = process.env.TF_PROVIDER_MIRROR ? "failed" : "skipped";
    report(verdict, name, `terraform init (provider ${version})\n${init.stderr}`);
    return;
  }
  const { valid, diagnostics } = JSON.parse(terraform(stackFolder, "validate", "-json").stdout) as Validation;
  const lines = diagnostics.map(({ severity, summary, detail }) => `\n    ${severity}: ${summary} ${detail ?? ""}`);
  report(valid ? "passed" : "failed", name, `terraform validate (provider ${version})${lines.join("")}`);
}

/** What a provider's version knows, asked in a folder of its own since a stack's backend would have to be reached. */
function providerSchemas(version: string): ResourceSchemas {
  const schemaFolder = join(folder, "schema");
  mkdirSync(schemaFolder);
  const required_providers = { aws: { source: "hashicorp/aws", version } };
  writeFileSync(join(schemaFolder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
  const init = terraform(schemaFolder, "init", "-input=false", "-no-color");
  if (init.status !== 0) throw new Error(init.stderr);
  const { provider_schemas } = JSON.parse(terraform(schemaFolder, "providers", "schema", "-json").stdout) as {
    provider_schemas: Record<string, { resource_schemas: ResourceSchemas }>;
  };
  return provider_schemas[PROVIDER]!.resource_schemas;
}

function terraform(cwd: string, ...args: string[]) {
  return spawnSync("terraform", args, { cwd, env: childEnvironment(), encoding: "utf8", maxBuffer: 2 ** 30 });
}

/** The machine's environment, without any of its Terraform settings. */
function childEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith("TF_"));
  return {
    ...Object.fromEntries(own),
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: join(folder, "terraform.tfrc"),
    TF_IN_AUTOMATION: "1",
  };
}

function cliConfiguration(mirror: string | undefined): string {
  if (!mirror) return "";
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${PROVIDER}"]
  }
  direct {
    exclude = ["${PROVIDER}"]
  }
}
`;
}

/** The newest version in a mirror, unpacked or as archives. */
function mirroredVersion(mirror: string): string {
  const versions = readdirSync(join(mirror, PROVIDER)).flatMap((entry) => /\d+\.\d+\.\d+/.exec(entry)?.[0] ?? []);
  const newest = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`no version of ${PROVIDER} in ${mirror}`);
  return newest;
}

function report(verdict: keyof typeof counts, stack: string, text: string): void {
  counts[verdict] += 1;
  const word = verdict === "passed" ? "ok" : verdict.toUpperCase();
  console.log(`${word} ${stack}: ${text}`);
}
