import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "../helpers/run-script";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-export-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => runScript("export", args, { cwd: folder });
const read = (file: string) => readFileSync(join(folder, file), "utf8");

test("writes a root module, and says what to do next", async () => {
  expect(await run("--env", "dev", "-o", "tf/dev")).toEqual({
    status: 0,
    stdout: ["versions", "backend", "main", "variables", "outputs"].map((name) => `tf/dev/${name}.tf\n`).join(""),
    stderr: 'next: terraform -chdir=tf/dev init, then plan: it must say "No changes"\n',
  });
  expect(readdirSync(folder)).toEqual(["tf"]);
  expect(read("tf/dev/backend.tf")).toBe(
    'terraform {\n  backend "local" {\n    path = "../../terraform.dev.tfstate"\n  }\n}\n',
  );
});

test("writes the stack of a further Region", async () => {
  mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
  const qa = "name: qa\n    accountId: '999988887777'\n    region: us-east-1\n    backend: { type: local }";
  const more = "additionalRegions: { eu-west-1: {} }\n    caches: [{ upstream: quay }]";
  writeFileSync(join(folder, "stacks", "environments", "qa.yaml"), `environments:\n  - ${qa}\n    ${more}\n`);
  expect((await run("--env", "qa", "--region", "eu-west-1", "-o", "tf")).status).toBe(0);
  expect(read("tf/main.tf")).toContain('region              = "eu-west-1"');
  expect(read("tf/backend.tf")).toContain('path = "../terraform.qa-eu-west-1.tfstate"');
});

test("writes a module to call, and says how", async () => {
  const { status, stdout, stderr } = await run("--env", "staging", "-o", "modules/registry", "--as-module");
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: ["versions", "main", "variables", "outputs"].map((name) => `modules/registry/${name}.tf\n`).join(""),
  });
  expect(stderr).toBe(`call it, with the variables of modules/registry/variables.tf:

module "registry" {
  source     = "./modules/registry"
  account_id = "444455556666"
  region     = "us-east-1"
}

`);
  expect(read("modules/registry/main.tf")).not.toContain("444455556666");
});

test("says which resources the caller of a module must import", async () => {
  mkdirSync(join(folder, "stacks", "environments"), { recursive: true });
  const qa = "name: qa\n    accountId: '999988887777'\n    region: us-east-1\n    backend: { type: local }";
  const more = "importExisting: { caches: true }\n    caches: [{ upstream: quay }]";
  writeFileSync(join(folder, "stacks", "environments", "qa.yaml"), `environments:\n  - ${qa}\n    ${more}\n`);
  const { stderr } = await run("--env", "qa", "-o", "m", "--as-module");
  expect(stderr).toContain("a module cannot import; add to the configuration that calls it:\n\nimport {\n");
  expect(stderr).toContain("to = module.registry.aws_ecr_pull_through_cache_rule.registry_caches_quay_");
  expect(read("m/main.tf")).not.toContain("import {");
  expect((await run("--env", "qa", "-o", "root")).status).toBe(0);
  expect(read("root/main.tf")).toContain("import {\n  to = aws_ecr_pull_through_cache_rule.registry_caches_quay_");
});

test("does not replace a configuration unless it is asked to, and never mixes two", async () => {
  await run("--env", "dev", "-o", "tf");
  const before = read("tf/main.tf");
  expect(await run("--env", "staging", "-o", "tf")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: tf holds backend.tf, main.tf, outputs.tf, variables.tf, versions.tf, and nothing was written; " +
      "pass --force to replace them\nhelp/leaving.md is about this command\n",
  });
  expect((await run("--env", "staging", "-o", "tf", "--force")).stderr).toContain(
    "error: tf holds variables.tf, and nothing was written; remove them: Terraform would read them, too\n",
  );
  expect(read("tf/main.tf")).toBe(before);
  rmSync(join(folder, "tf", "variables.tf"));
  writeFileSync(join(folder, "tf", "README.md"), "kept");
  expect((await run("--env", "staging", "-o", "tf", "--force")).status).toBe(0);
  expect(read("tf/main.tf")).not.toBe(before);
  expect(read("tf/README.md")).toBe("kept");
});

test.each([
  [["-o", "x"], "error: required option '-e, --env <name>' not specified"],
  [["--env", "dev"], "error: required option '-o, --output <folder>' not specified"],
  [["--env", "dev", "-o", "x", "--frob"], "error: unknown option '--frob'"],
  [["--env", "nix", "-o", "x"], "error: no environment is called nix; there are dev, staging, prod"],
])("refuses %s, and writes nothing", async (args, message) => {
  const { status, stdout, stderr } = await run(...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.split("\n")[0]).toBe(message);
  expect(readdirSync(folder)).toEqual([]);
});

test("says that a folder cannot be written", async () => {
  writeFileSync(join(folder, "file"), "");
  const { status, stderr } = await run("--env", "dev", "-o", "file/tf");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: file\/tf cannot be written: /);
});
