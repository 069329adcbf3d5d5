/**
 * Takes the sample stacks through the real Terraform and the real AWS provider: `validate`, `test` with a mocked
 * provider, `plan` without credentials, and `apply` to services on 127.0.0.1, to the empty registry after `destroy`. It
 * reads and changes nothing outside a temporary folder.
 *
 * What Terraform gets is a copy of each stack. A mirror may hold an older provider than the stacks ask for: then
 * everything is taken out that the older provider cannot know. For what needs a plan, the state is in the copy's
 * folder instead of the stack's backend.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProvider } from "./aws-provider";
import { Bench, coveredStacks } from "./bench";
import { checkAdopt } from "./check-adopt";
import { checkApply, SERVICE_CHECKS } from "./check-apply";
import { checkCreationFault, checkLaterFaults, CREATION_FAULT_COUNT } from "./check-faults";
import { checkGenerated, generatedBatches } from "./check-generated";
import { checkHcl } from "./check-hcl";
import { checkMockTest } from "./check-mock-test";
import { checkPlan } from "./check-plan";
import { checkValidate } from "./check-validate";
import { checkTexts } from "./check-texts";
import { ChildProcesses } from "./child-processes";
import { inLanes, LANES } from "./lanes";
import { Moto, motoIsMissing } from "./moto";
import { SAMPLES } from "./samples";
import { synthesizeToJson } from "./stack-json";
import { Terraform } from "./terraform";
import { CHECKS, Verdicts } from "./verdicts";

const ENVIRONMENTS = SAMPLES.map(({ environment }) => environment);
const NAMES = ENVIRONMENTS.map(({ name }) => name);

const started = Date.now();
const verdicts = new Verdicts();
const children = new ChildProcesses();
const folder = mkdtempSync(join(tmpdir(), "ecr-terraform-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});

run()
  .catch((error: unknown) => {
    verdicts.report("FAILED", "all", "run", error instanceof Error ? (error.stack ?? error.message) : String(error));
  })
  .finally(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`\n${verdicts.table(NAMES)}\n\nin ${seconds} seconds\n${verdicts.counts()}`);
    process.exit(verdicts.count("FAILED") > 0 ? 1 : 0);
  });

async function run(): Promise<void> {
  const asked = synthesizeToJson(ENVIRONMENTS, join(folder, "cdktf.out"))[0]!.terraform.required_providers.aws.version;
  const source = findProvider(asked);
  const terraform = new Terraform(children, folder, source);
  if ((await terraform.run(folder, ["version"])).status !== 0) {
    skipEverything("there is no terraform on the PATH");
    return;
  }
  const missing = await terraform.install(source.version);
  if (missing !== undefined) {
    // With a mirror there is nothing that may be missing; without one, there may be no network.
    if (source.mirrored) throw new Error(`terraform init (provider ${source.version})\n${missing}`);
    skipEverything(`terraform init did not find provider ${source.version}: ${missing.trim().split("\n")[0]}`);
    return;
  }
  const { version } = source;
  const schemas = version === asked ? undefined : await terraform.schemas();
  sayWhatIsChanged(asked, version);
  const bench: Bench = { folder, terraform, verdicts, version, schemas };
  const stacks = coveredStacks(bench, ENVIRONMENTS);
  const withoutServices = SAMPLES.flatMap((sample, index) => {
    const stack = stacks[index]!;
    return [
      () => checkValidate(bench, sample.environment.name, stack),
      () => checkMockTest(bench, sample.environment, stack.json),
      () => checkPlan(bench, sample, stack.json),
    ];
  });
  const inHcl = () => {
    return checkHcl(
      bench,
      SAMPLES,
      stacks.map(({ json }) => json),
    );
  };
  const generated = generatedBatches().map((batch, index) => () => checkGenerated(bench, index, batch));
  const texts = () => checkTexts(bench);
  const first = [inHcl, ...withoutServices, texts];
  await inLanes(Array<undefined>(LANES).fill(undefined), [...first, ...generated]);
  await withServices(
    bench,
    stacks.map(({ json }) => json),
  );
}

/** Each lane has its own moto, which every check starts empty. */
async function withServices(bench: Bench, stacks: readonly Parameters<typeof checkApply>[3][]): Promise<void> {
  const missing = await motoIsMissing(children, folder);
  if (missing !== undefined) {
    skipAll(SERVICE_CHECKS, missing);
    verdicts.report("SKIPPED", "faults", "fault", missing);
    return;
  }
  const motos = await Promise.all(Array.from({ length: LANES }, () => Moto.start(children, folder)));
  const tasks = SAMPLES.flatMap((sample, index) => [
    (moto: Moto) => checkApply(bench, moto, sample, stacks[index]!),
    (moto: Moto) => checkAdopt(bench, moto, sample, stacks[index]!),
  ]);
  const faults = Array.from({ length: CREATION_FAULT_COUNT }, (_, index) => {
    return (moto: Moto) => checkCreationFault(bench, moto, index);
  });
  await inLanes(motos, [...tasks, (moto: Moto) => checkLaterFaults(bench, moto), ...faults]);
  for (const moto of motos) moto.end();
}

function skipAll(checks: readonly string[], reason: string): void {
  for (const name of NAMES) for (const check of checks) verdicts.report("SKIPPED", name, check, reason);
}

function skipEverything(reason: string): void {
  skipAll(CHECKS, reason);
  verdicts.report("SKIPPED", "faults", "fault", reason);
  verdicts.report("SKIPPED", "texts", "plan", reason);
  verdicts.report("SKIPPED", "generated environments", "validate", reason);
}

function sayWhatIsChanged(asked: string, version: string): void {
  const provider = version === asked ? "as it is" : `provider ${version} instead of ${asked}`;
  console.log(`The stacks as they are but for: ${provider};
  test, plan, apply: the state is in a temporary folder instead of the backend;
  plan: no role to take on, no account to compare with, credentials that are none, and no network;
  apply: credentials and endpoints from the environment, all on 127.0.0.1.
`);
}
