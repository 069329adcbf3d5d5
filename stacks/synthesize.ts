import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AnnotationMetadataEntryType, App, TerraformBackend } from "cdktf";
import { IConstruct } from "constructs";
import { ValidationError } from "../modules";
import { diagnosticsAt } from "../modules/domain";
import { checkEnvironments, EnvironmentDiagnostics } from "./check-environments";
import { chooseStacks } from "./choose-stacks";
import { Environment } from "./environment";
import { EnvironmentError, Strictness, throwEnvironmentErrors } from "./environment-error";
import { RegionalEnvironment, regionalEnvironments } from "./environment-regions";
import { pathOfStack, placesOf } from "./environment-source";
import { EnvironmentStack, OUTDIR_CONTEXT } from "./environment-stack";
import { removeOtherSyntax } from "./remove-old-files";
import { reportEnvironment } from "./report/environment-report";
import { reportOverview } from "./report/overview-report";
import { withoutCreationStacks } from "./without-creation-stacks";
import { writeOutput } from "./write-output";

/** Where stacks are written by default. */
export const OUTDIR = "cdktf.out";

/** One stack that was written. */
export interface SynthesizedStack {
  /** The stack's name: the environment's, with the region at its end for an additional one. */
  readonly name: string;
  /** The file, relative to the working directory. */
  readonly file: string;
  /** What a reviewer reads of it: a Markdown file beside the stack, relative to the working directory. */
  readonly report: string;
  /** What is allowed but probably not meant, each with the path of its construct. */
  readonly warnings: readonly string[];
}

/** What is written, and how strictly it is judged. */
export interface SynthesisOptions extends Strictness {
  /**
   * The names of the environments or stacks to write. All are checked, and the files of the others are left as they are.
   *
   * @default - all
   */
  readonly only?: readonly string[];
}

/** One stack that is built, and not written. */
export interface BuiltStack {
  /** The stack itself. */
  readonly stack: EnvironmentStack;
  /** What it was built from. */
  readonly environment: RegionalEnvironment;
  /** What is allowed but probably not meant, each with the path of its construct. */
  readonly warnings: readonly string[];
}

/**
 * Writes one stack for each environment and region, each with a report beside it, and a report of all. Everything is
 * checked before anything is written.
 *
 * @param outdir where to write, relative to the working directory. Local states lie in the working directory whatever
 * folder of it this is, and beside a folder outside of it
 * @default - `CDKTF_OUTDIR`, which the CDKTF CLI sets, else `cdktf.out`
 * @throws EnvironmentError with all errors of all environments, and where it is strict all open warnings
 * @throws UnknownStackError if `only` has a name that no environment and no stack has
 * @throws OutputError if a file or a folder that would be replaced is a symbolic link
 */
export function synthesize(
  environments: readonly Environment[],
  outdir?: string,
  { only, ...strictness }: SynthesisOptions = {},
): SynthesizedStack[] {
  if (only === undefined) {
    throwEnvironmentErrors(checkEnvironments(environments), strictness);
    return withoutCreationStacks(() => write(environments, outdir));
  }
  return withStacks(environments, () => write(chooseStacks(environments, only), outdir), strictness);
}

/**
 * Builds the stacks of environments, with every check that a synthesis makes, and writes nothing.
 *
 * @param use what is done with them
 * @throws EnvironmentError with all errors of all environments, and where it is strict all open warnings
 */
export function withStacks<T>(
  environments: readonly Environment[],
  use: (stacks: readonly BuiltStack[]) => T,
  strictness?: Strictness,
): T {
  throwEnvironmentErrors(checkEnvironments(environments), strictness);
  // An app makes its folder as soon as there is one.
  const scratch = mkdtempSync(join(tmpdir(), "ecr-stacks-"));
  try {
    return withoutCreationStacks(() => use(build(environments, scratch, OUTDIR).stacks));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param outdir the folder that the output of `folder` is for */
function build(
  environments: readonly Environment[],
  folder: string,
  outdir: string,
): { app: App; stacks: readonly BuiltStack[] } {
  // Stack traces would carry this machine's paths into the manifest. The app's own validation comes too late: it looks
  // at a stack just before it writes it, when others are written already.
  const context = { [OUTDIR_CONTEXT]: outdir };
  const app = new App({ outdir: folder, stackTraces: false, skipValidation: true, context });
  const regional = environments.flatMap(regionalEnvironments);
  const stacks = addStacks(app, environments);
  const constructs = stacks.map(({ node }) => node.findAll());
  validate([app, ...constructs.flat()]);
  const built = stacks.map((stack, index) => {
    return { stack, environment: regional[index]!, warnings: warningsOf(constructs[index]!) };
  });
  return { app, stacks: built };
}

function write(environments: readonly Environment[], outdir = process.env.CDKTF_OUTDIR ?? OUTDIR): SynthesizedStack[] {
  const stacks = writeOutput(outdir, (prepared) => writeInto(prepared, environments, outdir));
  return stacks.map(({ name, path, warnings }) => {
    const file = `${outdir}/${path}`;
    removeOtherSyntax(file);
    return { name, file, report: `${dirname(file)}/report.md`, warnings };
  });
}

function writeInto(folder: string, environments: readonly Environment[], outdir: string) {
  const { app, stacks } = build(environments, folder, outdir);
  app.synth();
  writeFileSync(`${folder}/report.md`, reportOverview(stacks.map(({ environment }) => environment)));
  return stacks.map(({ stack, environment, warnings }) => {
    const path = app.manifest.forStack(stack).synthesizedStackPath;
    writeFileSync(`${folder}/${dirname(path)}/report.md`, reportEnvironment(environment));
    return { name: stack.node.id, path, warnings };
  });
}

/** What only the engine can tell, its provider's version, is refused by the constructs: once more all at once. */
function addStacks(app: App, environments: readonly Environment[]): EnvironmentStack[] {
  const refused: EnvironmentDiagnostics[] = [];
  const stacks = environments.flatMap((environment, index) =>
    regionalEnvironments(environment).flatMap((regional) => {
      try {
        return [new EnvironmentStack(app, regional)];
      } catch (error) {
        if (!ValidationError.is(error)) throw error;
        const diagnostics = diagnosticsAt(pathOfStack(environment, regional), error.diagnostics);
        refused.push({ environment: regional.name, index, diagnostics, ...placesOf(environment, diagnostics) });
        return [];
      }
    }),
  );
  if (refused.length > 0) throw new EnvironmentError(refused);
  return stacks;
}

function warningsOf(constructs: readonly IConstruct[]): string[] {
  return constructs.flatMap(({ node }) => {
    const warnings = node.metadata.filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string));
    return warnings.map(({ data }) => `[${node.path}] ${String(data)}`);
  });
}

/** Runs the validations of all constructs but backends: a cloud backend's runs `terraform version`, which needs Terraform. */
function validate(constructs: readonly IConstruct[]): void {
  const own = constructs.filter((construct) => !TerraformBackend.isBackend(construct));
  const errors = own.flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`));
  if (errors.length > 0) throw new Error(["Nothing was written.", ...errors].join("\n"));
}
