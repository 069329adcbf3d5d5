import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registryWarnings, isOpenWarning } from "../../modules";
import { EnvironmentError, regionalEnvironments, SynthesizedStack, synthesize } from "../../stacks";
import { samples } from "../../stacks/samples";
import { hubAndSpokesSample } from "../../stacks/hub-and-spokes-sample";
import { generateSchema, SCHEMAS, VALIDATORS } from "../../stacks/generate-environment-schema";
import { copyProject, ROOT } from "../helpers/run-script";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-synth-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const GOLDEN = join(__dirname, "golden");

type Json = Record<string, Record<string, unknown>>;

/** CDK Terrain writes the same but for its own version and its provider's, which are tested elsewhere. */
function asEngineWrites(golden: Json, written: Json): Json {
  if (process.env.ENGINE !== "cdktn") return golden;
  const metadata = { ...(golden["//"]!.metadata as object), version: "0.24.0" };
  const { required_providers } = written.terraform!;
  return { ...golden, "//": { ...golden["//"], metadata }, terraform: { ...golden.terraform, required_providers } };
}

describe("the sample environments", () => {
  test.each(samples.map(({ name }) => name))("%s is written exactly as its golden file says", (name) => {
    const outdir = join(folder, "out");
    const { file } = synthesize(samples, outdir).find((stack) => stack.name === name)!;
    // A wanted difference is a plan for every user: `npm run synth`, read it, then copy it over the golden file.
    const written = JSON.parse(readFileSync(file, "utf8")) as Json;
    const golden = JSON.parse(readFileSync(join(GOLDEN, `${name}.tf.json`), "utf8")) as Json;
    expect(written).toEqual(asEngineWrites(golden, written));
  });

  test("are reported exactly as the golden files say", () => {
    const outdir = join(folder, "out");
    const reports = synthesize(samples, outdir).map(({ name, report }) => [name, readFileSync(report, "utf8")]);
    const golden = samples.map(({ name }) => [name, readFileSync(join(GOLDEN, `${name}.report.md`), "utf8")]);
    expect(reports).toEqual(golden);
    expect(readFileSync(join(outdir, "report.md"), "utf8")).toBe(readFileSync(join(GOLDEN, "report.md"), "utf8"));
  });

  test("have no finding that is not accepted with a reason", () => {
    const all = [...samples, ...hubAndSpokesSample].flatMap(regionalEnvironments);
    expect(all.flatMap(registryWarnings).filter(isOpenWarning)).toEqual([]);
  });

  test("are written to the same bytes wherever and however often", () => {
    const [one, two] = ["one", "two"].map((name) => synthesize(samples, join(folder, name)));
    const written = one!.flatMap(({ file, report }, index) => [
      [file, two![index]!.file],
      [report, two![index]!.report],
    ]);
    for (const [file, other] of written) {
      const text = readFileSync(file!, "utf8");
      expect(readFileSync(other!, "utf8")).toBe(text);
      expect(text).not.toContain(folder);
      expect(text).not.toContain(process.cwd());
    }
  });
});

describe("synthesize", () => {
  const bad = { ...samples[0]!, accountId: "1", region: "mars" };

  test("says which stacks it wrote, and where", () => {
    expect(synthesize(samples, join(folder, "out"))).toEqual(
      ["dev", "staging", "prod"].map((name) => ({
        name,
        file: join(folder, "out", "stacks", name, "cdk.tf.json"),
        report: join(folder, "out", "stacks", name, "report.md"),
        warnings: [],
      })),
    );
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["manifest.json", "report.md", "stacks"]);
  });

  test.each([
    ["out", "../../../terraform.dev.tfstate"],
    ["build/tf", "../../../../terraform.dev.tfstate"],
    [".", "../../terraform.dev.tfstate"],
  ])("makes the folder %s, and leaves the state in the folder where it is run", (outdir, path) => {
    const home = process.cwd();
    process.chdir(folder);
    try {
      const [{ file }] = synthesize([samples[0]!], outdir) as [SynthesizedStack];
      const { terraform } = JSON.parse(readFileSync(file, "utf8")) as Json;
      expect(terraform!.backend).toEqual({ local: { path } });
    } finally {
      process.chdir(home);
    }
  });

  test("warns of what AWS does not document, and where", () => {
    const [stack] = synthesize(
      [{ ...samples[0]!, caches: [{ upstream: "quay", prefix: "ROOT" }] }],
      join(folder, "out"),
    );
    expect(stack!.warnings).toEqual([
      expect.stringMatching(/^\[dev\/registry\/caches\/ROOT\] .* \[root-prefix\]$/),
      expect.stringMatching(/^\[dev\/registry\/policy\] .* \[creation-everywhere\]$/),
    ]);
    expect(readFileSync(join(folder, "out", "manifest.json"), "utf8")).not.toContain(process.cwd());
  });

  test("refuses open warnings where it is strict, and takes those that are acknowledged", () => {
    const open = { ...samples[0]!, caches: [{ upstream: "quay" as const, prefix: "ROOT" }] };
    const outdir = join(folder, "out");
    expect(() => synthesize([samples[2]!, open], outdir, { strict: true })).toThrow(
      /^Nothing was written: 2 problems to fix\.\n\ndev:\n {2}- .* \[creation-everywhere\]\n {2}- .* \[root-prefix\]\n\nhelp\/checks/,
    );
    expect(existsSync(outdir)).toBe(false);
    expect(synthesize([samples[2]!], outdir, { strict: true })).toHaveLength(1);
  });

  test("writes nothing at all if one of the environments is wrong", () => {
    const outdir = join(folder, "out");
    expect(() => synthesize([...samples.slice(1), bad], outdir)).toThrow(EnvironmentError);
    expect(existsSync(outdir)).toBe(false);
  });

  test("refuses what the engine's provider cannot do, in every environment, and writes nothing", () => {
    const onPush = { appliedFor: ["CREATE_ON_PUSH" as const] };
    const ahead = { ...samples[0]!, templates: ["app", "team"].map((prefix) => ({ prefix, ...onPush })) };
    const outdir = join(folder, "out");
    const write = () => synthesize([ahead, { ...ahead, name: "b", region: "eu-west-1" }], outdir);
    if (process.env.ENGINE === "cdktn") {
      expect(write()).toHaveLength(2);
      return;
    }
    expect(write).toThrow(EnvironmentError);
    const each = "[^]*  - templates\\[0\\].appliedFor must not[^]*  - templates\\[1\\].appliedFor must not";
    expect(write).toThrow(new RegExp(`4 problems[^]*\ndev:${each}[^]*\nb:${each}`));
    expect(existsSync(outdir)).toBe(false);
  });

  test("lists every problem of every environment", () => {
    const message = () => synthesize([bad, { ...bad, name: "b" }], join(folder, "out"));
    expect(message).toThrow(
      [
        "Nothing was written: 4 problems to fix.",
        "",
        "dev:",
        '  - accountId must be 12 digits, got "1"; write the account id, e.g. "111122223333"',
        '  - region must be the name of an AWS region, got "mars"; write e.g. "us-east-1"',
        "",
        "b:",
        '  - accountId must be 12 digits, got "1"; write the account id, e.g. "111122223333"',
        '  - region must be the name of an AWS region, got "mars"; write e.g. "us-east-1"',
      ].join("\n"),
    );
  });
});

describe("main.ts", () => {
  const run = (environmentsFile: string) => {
    copyProject(folder, environmentsFile);
    return spawnSync(process.execPath, ["--import", "tsx", "main.ts"], { cwd: folder, encoding: "utf8" });
  };

  test("exits with 1, without a stack trace, and leaves what was written before as it was", () => {
    mkdirSync(join(folder, "cdktf.out"));
    writeFileSync(join(folder, "cdktf.out", "kept"), "");
    const { status, stdout, stderr } = run(
      `export const allEnvironments = () => [{ name: "qa", accountId: "1", region: "us-east-1", backend: { type: "local" }, caches: [] }];`,
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "Nothing was written: 1 problem to fix.\n\nqa:\n" +
        '  - accountId must be 12 digits, got "1"; write the account id, e.g. "111122223333"\n\n' +
        "help/environments.md tells what an environment can say.\n",
    });
    expect(readdirSync(join(folder, "cdktf.out"))).toEqual(["kept"]);
  });

  test("prints one line for each stack", () => {
    const { status, stdout } = run(
      `export const allEnvironments = () => [{ name: "qa", accountId: "111122223333", region: "us-east-1", backend: { type: "local" }, caches: [{ upstream: "quay" }] }];`,
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "qa: cdktf.out/stacks/qa/cdk.tf.json\nRead report.md beside each, then: npx cdktf deploy qa\n",
    });
  });
});

describe("without environments", () => {
  const emptied = "export const allEnvironments = () => [];";
  const message = "No environments are described: run `npm run new`, or list them in stacks/environments.ts.\n";

  test.each([[[]], [["--check"]]])("a synthesis with the options %j says so", (args) => {
    copyProject(folder, emptied);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=DEP0044", "--import", "tsx", "main.ts", ...args],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: message });
  });
});

test("without the samples and with a file of one's own the project is whole", () => {
  const list = readFileSync(join(ROOT, "stacks", "environments.ts"), "utf8");
  const emptied = list.replace("...samples, ", "").replace(/^import .*samples.*\n/m, "");
  expect(emptied).not.toContain("samples,");
  copyProject(folder, emptied);
  mkdirSync(join(folder, "stacks", "environments"));
  const own = { name: "qa", accountId: "111122223333", region: "us-east-1", backend: { type: "local" } };
  const file = { environments: [{ ...own, caches: [{ upstream: "quay" }] }] };
  writeFileSync(join(folder, "stacks", "environments", "qa.json"), JSON.stringify(file));
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(node("--import", "tsx", "main.ts").stdout).toContain("qa: cdktf.out/stacks/qa/cdk.tf.json\n");
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["main.ts", "stacks"] }),
  );
  expect(node(join(ROOT, "node_modules", "typescript", "bin", "tsc"), "--project", folder).stdout).toBe("");
});

test("the check of an environment's form is compiled from its schema; `npm run schema` writes it anew", () => {
  for (const { file, generate } of VALIDATORS) expect(readFileSync(file, "utf8")).toBe(generate());
});

test.each(SCHEMAS)("the schema of $type is what the type says; `npm run schema` writes it anew", (schema) => {
  expect(readFileSync(schema.file, "utf8")).toBe(generateSchema(schema));
});
