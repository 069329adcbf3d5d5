import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { Environment, formatStack, synthesize, withStacks } from "../../../stacks";
import { readStack, StackConfiguration, toChildModule, toRootModule } from "../../../stacks/export";
import { bodiesOf, entriesOf, isObject, JsonObject, JsonValue } from "../../../stacks/export/terraform-json";
import { hubAndSpokesSample } from "../../../stacks/hub-and-spokes-sample";
import { samples } from "../../../stacks/samples";

const ALL = [...samples, ...hubAndSpokesSample];
const FOLDERS = { stack: "/project/cdktf.out/stacks/x", module: "/project/terraform" };
const GOLDEN = join(__dirname, "..", "golden");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-export-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  delete process.env.SYNTH_HCL_OUTPUT;
});

function read(environment: Environment): StackConfiguration & { hcl: string } {
  return withStacks([environment], ([built]) => ({ ...readStack(built!.stack), hcl: formatStack(built!.stack) }));
}

/** A configuration as the HCL parser returns it. */
async function asParsed(json: JsonObject): Promise<object> {
  const kinds = entriesOf(json).map(async ([kind, value]) => {
    const labels = ["terraform", "locals", "import"].includes(kind) ? 0 : kind === "resource" ? 2 : 1;
    return [kind, await inLists(value, labels)];
  });
  return Object.fromEntries(await Promise.all(kinds)) as object;
}

async function inLists(value: JsonValue, labels: number): Promise<unknown> {
  if (labels === 0) return bodiesOf(value).map(normalise);
  const inner = entriesOf(value as JsonObject).map(async ([label, one]) => [label, await inLists(one, labels - 1)]);
  return Object.fromEntries(await Promise.all(inner));
}

/** The differences between what JSON and HCL look like for the same thing. */
function normalise(body: JsonObject): object {
  const entries = entriesOf(body).map(([name, value]) => {
    if (name === "depends_on") return [name, (value as string[]).map((one) => `\${${one}}`)];
    if (name === "type" && value === "string") return [name, "${string}"];
    if (name === "backend") return [name, mapValues(value as JsonObject, (one) => [one])];
    if (["required_providers", "cloud", "workspaces"].includes(name)) return [name, [normalise(value as JsonObject)]];
    if (typeof value === "string" && name.endsWith("policy")) return [name, JSON.parse(value)];
    return [name, value];
  });
  return Object.fromEntries(entries) as object;
}

function mapValues(object: JsonObject, change: (value: JsonValue) => unknown): object {
  return Object.fromEntries(entriesOf(object).map(([key, value]) => [key, change(value)]));
}

/** What the parser found, with documents instead of calls of `jsonencode`, and calls without the spaces of `fmt`. */
async function decoded(value: unknown): Promise<unknown> {
  if (typeof value === "string") {
    const call = /^\$\{jsonencode\((\{\n[^]*\})\)\}$/.exec(value);
    if (call === null) return value;
    const { locals } = await parse("policy.tf", `locals {\n  one = ${call[1]!}\n}\n`);
    return locals[0].one;
  }
  if (Array.isArray(value)) return Promise.all(value.map(decoded));
  if (!isObject(value as JsonValue)) return value;
  const entries = Object.entries(value as object).map(async ([key, inner]) => [key, await decoded(inner)]);
  return Object.fromEntries(await Promise.all(entries));
}

function withoutSpaces(configuration: object): string {
  const texts = JSON.stringify(configuration, (_, value: unknown) => {
    if (typeof value === "string" && value.startsWith("${jsonencode(")) return value.replace(/[\s"]/g, "");
    if (!isObject(value as JsonValue)) return value;
    return Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return texts;
}

test.each(ALL.map((environment) => [environment.name, environment] as const))(
  "%s says in HCL what it says in JSON, and nothing of CDKTF",
  async (_, environment) => {
    const { json, hcl } = read(environment);
    const parsed = (await decoded(await parse("cdk.tf", hcl))) as object;
    const wanted = await asParsed(json);
    expect(JSON.parse(withoutSpaces(parsed))).toEqual(JSON.parse(withoutSpaces(wanted)));
    expect(hcl).not.toMatch(/TOKEN|TfToken|metadata|uniqueId|"\$\{[^}]*\}"/);
  },
);

test("with SYNTH_HCL_OUTPUT the stacks are written in HCL, and the files of the other syntax go", () => {
  const outdir = join(folder, "out");
  const filesOf = (name: string) => readdirSync(join(outdir, "stacks", name)).sort();
  synthesize(samples, outdir);
  expect(filesOf("prod")).toEqual(["cdk.tf.json", "report.md"]);
  process.env.SYNTH_HCL_OUTPUT = "true";
  const written = synthesize(samples, outdir);
  expect(written.map(({ file }) => file)).toEqual(
    ["dev", "staging", "prod"].map((name) => join(outdir, "stacks", name, "cdk.tf")),
  );
  expect(filesOf("prod")).toEqual(["cdk.tf", "metadata.json", "report.md"]);
  const hcl = readFileSync(written[2]!.file, "utf8");
  expect(hcl).toBe(read(samples[2]!).hcl);
  expect(hcl).toContain('terraform {\n  required_version = ">= 1.11.0"\n');
  delete process.env.SYNTH_HCL_OUTPUT;
  synthesize(samples, outdir);
  expect(filesOf("prod")).toEqual(["cdk.tf.json", "report.md"]);
});

/** CDK Terrain's provider is newer. */
function asEngineWrites(golden: string): string {
  return process.env.ENGINE === "cdktn" ? golden.replace('"6.25.0"', '"6.66.0"') : golden;
}

describe("the root module of prod", () => {
  const files = () => toRootModule(read(samples[2]!), FOLDERS);

  test.each(["versions.tf", "backend.tf", "main.tf", "variables.tf", "outputs.tf"])(
    "has the file %s exactly as its golden file says",
    (name) => {
      const file = join(GOLDEN, "prod-export", name);
      expect(files()[name]).toBe(asEngineWrites(readFileSync(file, "utf8")));
    },
  );

  test("has no other files", () => {
    expect(Object.keys(files()).sort()).toEqual(readdirSync(join(GOLDEN, "prod-export")).sort());
  });
});

test("a root module without variables has no file of variables", () => {
  expect(Object.keys(toRootModule(read(samples[1]!), FOLDERS))).toEqual([
    "versions.tf",
    "backend.tf",
    "main.tf",
    "outputs.tf",
  ]);
});

test.each([
  ["/project/terraform", "../terraform.dev.tfstate"],
  ["/project/a/b", "../../terraform.dev.tfstate"],
  ["/elsewhere/module", "../../project/terraform.dev.tfstate"],
])("a local state is found from the folder %s", (module, path) => {
  const { json, types } = read(samples[0]!);
  const terraform = {
    ...(json.terraform as JsonObject),
    backend: { local: { path: "../../../terraform.dev.tfstate" } },
  };
  const files = toRootModule({ json: { ...json, terraform }, types }, { ...FOLDERS, module });
  expect(files["backend.tf"]).toBe(`terraform {\n  backend "local" {\n    path = "${path}"\n  }\n}\n`);
});

describe("a module that is called", () => {
  const { region, accountId } = samples[2]!;

  test("has neither provider nor backend, and its account, Region and names are variables", async () => {
    const { files, imports } = toChildModule(read(samples[2]!), { region, accountId });
    expect(Object.keys(files)).toEqual(["versions.tf", "main.tf", "variables.tf", "outputs.tf"]);
    expect(Object.keys((await parse("variables.tf", files["variables.tf"]!)).variable)).toEqual([
      "account_id",
      "docker_hub_access_token",
      "docker_hub_username",
      "key_alias_name",
      "region",
      "secrets_docker_hub_name",
      "template_role_name",
    ]);
    const main = files["main.tf"]!;
    const all = Object.values(files).join("");
    expect(all).not.toMatch(/^provider |backend|cloud \{/m);
    expect(all).not.toContain(accountId);
    expect(main).not.toContain(region);
    expect(main).toContain('"arn:aws:ecr:${var.region}:${var.account_id}:repository/prod/*"');
    expect(main).toContain('name        = coalesce(var.template_role_name, "EcrRepositoryCreation-${var.region}")');
    expect(main).toContain('name          = coalesce(var.key_alias_name, "alias/ecr-pull-through-cache")');
    expect(files["outputs.tf"]).toContain('value       = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com"');
    const { required_providers } = (await parse("versions.tf", files["versions.tf"]!)).terraform[0];
    expect(required_providers[0].aws.version).toMatch(/^>= 6\.\d+\.\d+$/);
    expect(imports).toBe("");
  });

  test("keeps what belongs to other accounts, even in the same Region", () => {
    const json: JsonObject = {
      terraform: { required_version: ">= 1.11.0" },
      resource: {
        aws_x: {
          y: {
            other: "arn:aws:iam::999999999999:role/a-us-east-1",
            key: "arn:aws:kms:us-east-1:999999999999:key/k",
            upstream: "999999999999.dkr.ecr.us-east-1.amazonaws.com",
            host: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            own: "arn:aws:kms:us-east-1:123456789012:key/k",
            service: "ecr.us-east-1.amazonaws.com",
            longer: "us-east-10 x123456789012 1234567890123",
            reference: "${aws_y.us-east-1.arn}-us-east-1",
          },
        },
      },
      import: [{ to: "aws_x.y", id: "123456789012" }],
    };
    const { files, imports } = toChildModule({ json, types: {} }, { region, accountId });
    expect(files["main.tf"]).toBe(`resource "aws_x" "y" {
  other     = "arn:aws:iam::999999999999:role/a-\${var.region}"
  key       = "arn:aws:kms:us-east-1:999999999999:key/k"
  upstream  = "999999999999.dkr.ecr.us-east-1.amazonaws.com"
  host      = "\${var.account_id}.dkr.ecr.\${var.region}.amazonaws.com"
  own       = "arn:aws:kms:\${var.region}:\${var.account_id}:key/k"
  service   = "ecr.\${var.region}.amazonaws.com"
  longer    = "us-east-10 x123456789012 1234567890123"
  reference = "\${aws_y.us-east-1.arn}-\${var.region}"
}
`);
    expect(imports).toBe('import {\n  to = module.registry.aws_x.y\n  id = "123456789012"\n}\n');
  });
});

test("no stack is left in the folder for temporary files", () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("ecr-stacks-"));
  let made = 0;
  withStacks(samples, (stacks) => (made = stacks.length));
  expect(made).toBe(3);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("ecr-stacks-") && !before.includes(name))).toEqual([]);
  expect(existsSync("cdktf.out/stacks/never")).toBe(false);
});
