import assert from "node:assert/strict";
import { Adoption } from "../../modules";
import { Environment } from "../../stacks";
import { EcrRegistryState } from "../ecr-server/ecr-registry-state";
import { Fault, SECRET_NOT_FOUND, SERVER_FAILED, THROTTLED } from "../ecr-server/faults";
import { RequestInput } from "../ecr-server/request-input";
import { assertEmpty, assertFailed, assertSucceeded, attempt, Bench, coveredStack } from "./bench";
import { LocalAws } from "./local-aws";
import { Moto } from "./moto";
import { withLocalState } from "./stack-copies";
import { variableValues } from "./stack-json";
import { Outcome, writeConfiguration } from "./terraform";

/** Small, so that each case is quick, with one of all that ECR and Secrets Manager are asked for. */
const SMALL: Environment = {
  name: "faults",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [{ upstream: "docker-hub", credential: { type: "new-secret" } }, { upstream: "quay" }],
  pullers: [{ role: "Puller" }],
  repositories: { encryption: { type: "AES256" }, lifecycle: [{ expireUntagged: { afterDays: 7 } }] },
};
const CHANGED: Environment = {
  ...SMALL,
  repositories: { ...(SMALL.repositories as object), lifecycle: [{ keepLast: { count: 77 } }] },
};

/** More calls in a row than anybody makes. */
const ALWAYS = 1000;
/** Every call is made twice at most: what the provider would try again for minutes shows soon. */
const ATTEMPTS = 2;
const FEW_RETRIES = { max_retries: ATTEMPTS };

/** Something that goes wrong at the first apply. */
interface CreationFault {
  readonly title: string;
  /** Makes it go wrong. */
  readonly arrange: (aws: LocalAws) => void;
  /** What Terraform says; nothing where the provider gets over it. */
  readonly error?: RegExp;
  /**
   * Whether the provider may try again.
   *
   * @default false
   */
  readonly retries?: boolean;
  /** Makes it right; by default calls just do not go wrong any more. */
  readonly fix?: (aws: LocalAws) => void;
  /**
   * What the next apply takes over, since it is there and Terraform does not know.
   *
   * @default - nothing
   */
  readonly importExisting?: Adoption;
}

const answers = (action: string, fault: Fault, times = ALWAYS) => {
  return (aws: LocalAws): void => {
    aws.ecr.faults.inject({ action, fault, times });
  };
};

const loses = (action: string, prefix: string, times = ATTEMPTS) => {
  return (aws: LocalAws): void => {
    const where = (input: RequestInput) => [input.prefix, input.ecrRepositoryPrefix].includes(prefix);
    aws.ecr.faults.inject({ action, fault: "lost-answer", times, where });
  };
};

const RULE = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };

const CREATION_FAULTS: readonly CreationFault[] = [
  {
    title: "two throttled calls are made again",
    arrange: answers("CreatePullThroughCacheRule", THROTTLED, 2),
    retries: true,
  },
  {
    title: "a failure of the service is asked again",
    arrange: answers("CreateRepositoryCreationTemplate", SERVER_FAILED, 1),
    retries: true,
  },
  {
    title: "throttling does not end",
    arrange: answers("CreatePullThroughCacheRule", THROTTLED),
    error: /ThrottlingException: Rate exceeded/,
  },
  {
    title: "the service fails at every template",
    arrange: answers("CreateRepositoryCreationTemplate", SERVER_FAILED),
    error: /ServerException: Service failure/,
  },
  {
    title: "the service fails at the registry policy",
    arrange: answers("PutRegistryPolicy", SERVER_FAILED),
    error: /ServerException: Service failure/,
  },
  {
    title: "the secret is not found",
    arrange: answers("CreatePullThroughCacheRule", SECRET_NOT_FOUND),
    error: /SecretNotFoundException/,
  },
  {
    title: "a rule of the prefix exists already",
    arrange: ({ ecr }) => ecr.state.rules.create(RULE),
    error: /PullThroughCacheRuleAlreadyExistsException/,
    importExisting: { caches: ["quay"] },
  },
  {
    title: "a rule of the prefix exists already, and is deleted",
    arrange: ({ ecr }) => ecr.state.rules.create(RULE),
    error: /PullThroughCacheRuleAlreadyExistsException/,
    fix: ({ ecr }) => ecr.state.rules.delete(RULE),
  },
  {
    title: "a template of the prefix exists already",
    arrange: ({ ecr }) => ecr.state.templates.create({ prefix: "quay", appliedFor: ["REPLICATION"] }),
    error: /TemplateAlreadyExistsException/,
    importExisting: { templates: ["quay"] },
  },
  {
    title: "the answer to a new rule is lost",
    arrange: loses("CreatePullThroughCacheRule", "docker-hub"),
    error: /EOF|connection reset/,
    importExisting: { caches: ["docker-hub"] },
  },
  {
    title: "the answer to a new template is lost",
    arrange: loses("CreateRepositoryCreationTemplate", "quay"),
    error: /EOF|connection reset/,
    importExisting: { templates: ["quay"] },
  },
  {
    title: "the answer to a new rule is lost, and the call made again",
    arrange: loses("CreatePullThroughCacheRule", "quay", 1),
    retries: true,
    error: /PullThroughCacheRuleAlreadyExistsException/,
    importExisting: { caches: ["quay"] },
  },
  {
    title: "the answer to the registry policy is lost",
    arrange: answers("PutRegistryPolicy", "lost-answer", ATTEMPTS),
    error: /EOF|connection reset/,
  },
  {
    title: "the answer to the scanning configuration is lost, and the call made again",
    arrange: answers("PutRegistryScanningConfiguration", "lost-answer", 1),
    retries: true,
  },
  {
    title: "the registry is full",
    arrange: ({ ecr }) => {
      for (let index = 0; index < 50; index++) ecr.state.rules.create({ ...RULE, ecrRepositoryPrefix: `old${index}` });
    },
    error: /LimitExceededException/,
    fix: ({ ecr }) => {
      for (const rule of ecr.state.rules.all) {
        if (rule.ecrRepositoryPrefix.startsWith("old")) ecr.state.rules.delete({ ...rule });
      }
    },
  },
];

/** How many cases there are at the first apply. */
export const CREATION_FAULT_COUNT = CREATION_FAULTS.length;

/** One case at the first apply: Terraform gives the error, and the next apply completes. */
export async function checkCreationFault(bench: Bench, moto: Moto, index: number): Promise<void> {
  const { title, arrange, error, retries = false, fix, importExisting } = CREATION_FAULTS[index]!;
  const aws = await LocalAws.start(moto, SMALL);
  await attempt(bench, title, "fault", async () => {
    const settings = retries ? {} : FEW_RETRIES;
    const json = coveredStack(bench, SMALL);
    const folder = bench.terraform.newFolder(withLocalState(json, settings));
    const env = { ...variableValues(json), ...aws.environment() };
    arrange(aws);
    const first = await bench.terraform.apply(folder, env);
    if (error === undefined) assertGotOver(aws, first);
    else assertFailed(first, error);
    aws.ecr.faults.clear();
    fix?.(aws);
    if (importExisting)
      writeConfiguration(folder, withLocalState(coveredStack(bench, { ...SMALL, importExisting }), settings));
    if (error !== undefined) assertSucceeded(await bench.terraform.apply(folder, env), "the next apply");
    assertEmpty(await bench.terraform.plan(folder, env), "plan");
    assertSmall(aws, 7);
    assert.deepEqual(await aws.secretNames(), ["ecr-pullthroughcache/docker-hub"]);
    return error === undefined ? "one apply gets over it" : `${brief(first, error)}; the next apply completes`;
  });
  await aws.close();
}

/** What goes wrong after the first apply, from one to the next: each ends as if nothing had happened. */
export async function checkLaterFaults(bench: Bench, moto: Moto): Promise<void> {
  const aws = await LocalAws.start(moto, SMALL);
  const { ecr } = aws;
  const json = coveredStack(bench, SMALL);
  const folder = bench.terraform.newFolder(withLocalState(json, FEW_RETRIES));
  const env = { ...variableValues(json), ...aws.environment() };
  const { plan, apply, destroy } = {
    plan: () => bench.terraform.plan(folder, env),
    apply: () => bench.terraform.apply(folder, env),
    destroy: () => bench.terraform.destroy(folder, env),
  };
  const check = (title: string, run: () => Promise<string>) => attempt(bench, title, "fault", run);
  assertSucceeded(await apply(), "apply");

  await check("a rule cannot be read at a plan", async () => {
    answers("DescribePullThroughCacheRules", SERVER_FAILED)(aws);
    assertFailed(await plan(), /ServerException: Service failure/);
    ecr.faults.clear();
    assertEmpty(await plan(), "the next plan");
    return "the plan fails, and the next is empty";
  });
  await check("a rule was deleted by somebody else", async () => {
    ecr.state.rules.delete(RULE);
    const outcome = await apply();
    assertSucceeded(outcome, "apply");
    assert.deepEqual(
      outcome.changes.map(({ action }) => action),
      ["create"],
    );
    assertSmall(aws, 7);
    return "apply makes that rule again, and nothing else";
  });
  await check("a template was changed by somebody else", async () => {
    ecr.state.templates.update({ prefix: "quay", imageTagMutability: "MUTABLE", lifecyclePolicy: "" });
    const outcome = await apply();
    assertSucceeded(outcome, "apply");
    assert.deepEqual(
      outcome.changes.map(({ action }) => action),
      ["update"],
    );
    assertSmall(aws, 7);
    return "apply changes that template back, and nothing else";
  });
  await check("the service fails at an update", async () => {
    writeConfiguration(folder, withLocalState(coveredStack(bench, CHANGED), FEW_RETRIES));
    answers("UpdateRepositoryCreationTemplate", SERVER_FAILED)(aws);
    assertFailed(await apply(), /ServerException: Service failure/);
    assertSmall(aws, 7);
    ecr.faults.clear();
    assertSucceeded(await apply(), "the next apply");
    assertSmall(aws, 77);
    return "nothing changes, and the next apply completes";
  });
  await check("the answer to an update is lost", async () => {
    writeConfiguration(folder, withLocalState(json, FEW_RETRIES));
    answers("UpdateRepositoryCreationTemplate", "lost-answer")(aws);
    assertFailed(await apply(), /EOF|connection reset/);
    ecr.faults.clear();
    assertSucceeded(await apply(), "the next apply");
    assertEmpty(await plan(), "plan");
    assertSmall(aws, 7);
    return "apply fails, and the next completes";
  });
  await check("the service fails at destroy, then an answer is lost", async () => {
    answers("DeleteRepositoryCreationTemplate", SERVER_FAILED)(aws);
    assertFailed(await destroy(), /ServerException: Service failure/);
    ecr.faults.clear();
    assert.equal(ecr.state.templates.all.length, 2);
    answers("DeleteRepositoryCreationTemplate", "lost-answer")(aws);
    assertFailed(await destroy(), /EOF|connection reset/);
    ecr.faults.clear();
    assertSucceeded(await destroy(), "the third destroy");
    assert.ok(ecr.state.isEmpty);
    assert.deepEqual(await aws.secretNames(), []);
    return "the third destroy leaves nothing";
  });
  await aws.close();
}

/** The provider tried again: something did go wrong. */
function assertGotOver(aws: LocalAws, outcome: Outcome): void {
  assertSucceeded(outcome, "apply");
  assert.equal(aws.ecr.faults.pending, 0);
  assert.ok(aws.ecr.calls.some(({ failure }) => failure !== undefined));
}

/** The registry holds what the environment says, each thing once. */
function assertSmall({ ecr }: LocalAws, count: number): void {
  assert.deepEqual(contentsOf(ecr.state), {
    rules: ["docker-hub registry-1.docker.io true", "quay quay.io false"],
    templates: [`docker-hub PULL_THROUGH_CACHE ${count}`, `quay PULL_THROUGH_CACHE ${count}`],
    policies: 1,
    scanning: ["docker-hub/*", "quay/*"],
  });
}

function contentsOf({ rules, templates, registryPolicy, scanning }: EcrRegistryState) {
  return {
    rules: rules.all
      .map(({ ecrRepositoryPrefix, upstreamRegistryUrl, credentialArn }) => {
        return `${ecrRepositoryPrefix} ${upstreamRegistryUrl} ${credentialArn !== undefined}`;
      })
      .sort(),
    templates: templates.all
      .map(({ prefix, appliedFor, lifecyclePolicy = "" }) => {
        return `${prefix} ${appliedFor.join()} ${/"countNumber":(\d+)/.exec(lifecyclePolicy)?.[1]}`;
      })
      .sort(),
    policies: registryPolicy === undefined ? 0 : 1,
    scanning: scanning.rules.flatMap(({ repositoryFilters }) => repositoryFilters.map(({ filter }) => filter)),
  };
}

/** The part of an error that says what went wrong. */
function brief({ errors }: Outcome, error: RegExp): string {
  return `"${error.exec(errors.join("\n"))?.[0]}"`;
}
