import { normalize } from "node:path/posix";
import {
  checkCollisions,
  checkRegion,
  checkDescription,
  checkRegistry,
  checkUpstreams,
  formatDiagnostic,
  MOST_CACHES,
  isError,
  OtherPlan,
  registryErrors,
  partialRegistry,
  Path,
  partitionOf,
  planRegistry,
  Diagnostic,
  diagnostic,
  diagnosticsAt,
} from "../modules/domain";
import { checkAssumeRole, checkBackend } from "./check-backend";
import { Environment } from "./environment";
import { checkEnvironmentForm } from "./environment-form";
import { inRegion, RegionalEnvironment, regionalEnvironments } from "./environment-regions";
import { checkExtent } from "./check-extent";
import { pathOfStack, placesOf } from "./environment-source";

/** What was found in one environment. */
export interface EnvironmentDiagnostics {
  /** The environment's name, or its place in the list where it has none. */
  readonly environment: string;
  /** The environment's place in the list. */
  readonly index: number;
  /** The errors, or, where there are none, the warnings with the acknowledged among them. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Where each of them is: `environments.yaml:3:5`.
   *
   * @default - the environment was read from no file
   */
  readonly places?: readonly string[];
}

/** It becomes a folder, a part of a file's name and a part of a workspace's name. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 50;
/**
 * Checks all environments; one in which nothing is found is left out. Those that are right by themselves are also
 * checked against each other.
 */
export function checkEnvironments(environments: readonly Environment[]): EnvironmentDiagnostics[] {
  const names = environments.map((environment): unknown => (environment as Partial<Environment> | null)?.name);
  const taken = new Set<unknown>();
  const own = environments.map((environment, index) => {
    const name = names[index];
    const problems = checkEnvironment(environment);
    const isTaken = typeof name === "string" && taken.has(name);
    taken.add(name);
    return isTaken ? [...problems, sameName(name)] : problems;
  });
  const checkStack = distinctStacks();
  const checkOwner = sameRegistries();
  const checkHub = upstreamEnvironments(environments.filter((_, index) => !own[index]!.some(isError)));
  return environments.flatMap((environment, index) => {
    const found = own[index]!;
    const clashes = found.some(isError)
      ? []
      : [...checkStack(environment), ...checkOwner(environment), ...checkHub(environment)];
    const diagnostics = clashes.length > 0 ? clashes : found;
    if (diagnostics.length === 0) return [];
    const name = names[index];
    const title = typeof name === "string" ? name : `environments[${index}]`;
    return [{ environment: title, index, diagnostics, ...placesOf(environment, diagnostics) }];
  });
}

function sameName(name: string): Diagnostic {
  const message = "must not be the name of another environment";
  return diagnostic({
    path: ["name"],
    message,
    value: name,
    fix: "give each its own: it names the stack and its state",
  });
}

/** A check of one environment after the other: what is wrong with one in an account and region of one before. */
function sameRegistries(): (environment: Environment) => Diagnostic[] {
  const stacks = new Map<string, OtherPlan[]>();
  return (environment) =>
    regionalEnvironments(environment).flatMap((registry) => {
      const { accountId, region, name } = registry;
      const key = `${accountId}/${region}`;
      const others = stacks.get(key) ?? [];
      const plan = planRegistry(registry);
      // One registry has no room for the rules of more environments: comparing with all of them would take for ever.
      if (others.length < MOST_CACHES) stacks.set(key, [...others, { name, plan }]);
      return diagnosticsAt(pathOfStack(environment, registry), checkCollisions(plan, others));
    });
}

/** A check of one environment: what is wrong with its caches of registries that other environments describe. */
function upstreamEnvironments(environments: readonly Environment[]): (environment: Environment) => Diagnostic[] {
  const all = environments.flatMap(regionalEnvironments).map((registry) => ({ name: registry.name, registry }));
  const check = checkUpstreams(all);
  return (environment) =>
    regionalEnvironments(environment).flatMap((registry) => {
      return diagnosticsAt(pathOfStack(environment, registry), check(registry));
    });
}

/** A check of one environment after the other: what makes a stack of the name, or with the state, of one before. */
function distinctStacks(): (environment: Environment) => Diagnostic[] {
  const names = new Set<string>();
  const states = new Map<string, string>();
  return (environment) =>
    regionalEnvironments(environment).flatMap((stack): Diagnostic[] => {
      const { name, backend } = stack;
      const path = pathOfStack(environment, stack);
      if (names.has(name)) {
        const message = "must not become a stack of the same name as another environment";
        return [diagnostic({ path, message, value: name, fix: "rename one of the environments" })];
      }
      names.add(name);
      const state = placeOfState(stack);
      const same = state === undefined ? undefined : states.get(state);
      if (state !== undefined && same === undefined) states.set(state, name);
      if (same === undefined) return [];
      const message = `must not keep its state where the stack ${same} keeps its own`;
      const fix = "give each its own, or leave the place out to have it named after the stack";
      return [diagnostic({ path: [...path, "backend"], message, value: backend, fix })];
    });
}

/** Where a stack's state is; `undefined` where that is chosen at each run. */
function placeOfState({ name, backend }: RegionalEnvironment): string | undefined {
  switch (backend.type) {
    case "local":
      return JSON.stringify(["local", normalize(backend.path ?? `terraform.${name}.tfstate`)]);
    case "s3":
      return JSON.stringify(["s3", backend.bucket, backend.key ?? `ecr-pull-through-cache/${name}.tfstate`]);
    case "cloud": {
      const { hostname = "app.terraform.io", organization, workspace, workspaceTags } = backend;
      if (workspaceTags) return undefined;
      return JSON.stringify(["cloud", hostname, organization, workspace ?? `ecr-pull-through-cache-${name}`]);
    }
  }
}

/** Checks the form and the content of one environment: all errors, or, where there are none, all warnings. */
export function checkEnvironment(environment: Environment): readonly Diagnostic[] {
  const extent = checkExtent(environment);
  if (extent.length > 0) return extent;
  return checkDescription(environment, checkEnvironmentForm(environment), (usable, isWhole) => {
    return isWhole ? checkRegions(usable, checkRegistry) : checkRegions(partialRegistry(usable), registryErrors);
  });
}

type RegistryCheck = (environment: RegionalEnvironment) => readonly Diagnostic[];

/** Checks the environment in its own region, and in each further one for what is not so in its own. */
function checkRegions(environment: Environment, check: RegistryCheck): Diagnostic[] {
  const [home, ...others] = regionalEnvironments(environment);
  const own = checkContent(home!, check);
  const known = new Set(own.map(formatDiagnostic));
  const further = others.flatMap((stack) => {
    const { region } = stack;
    const path: Path = ["additionalRegions", region];
    if (region === home!.region) {
      return [
        diagnostic({ path, message: "must not be the environment's own region", value: region, fix: "remove it" }),
      ];
    }
    if (checkRegion(region, []).length === 0 && partitionOf(region) !== partitionOf(home!.region)) {
      const message = `must be in the partition ${partitionOf(home!.region)} of ${home!.region}: an account exists in one partition only`;
      const fix = "describe it as an environment of its own, with its own account";
      return [diagnostic({ path, message, value: region, fix })];
    }
    return checkContent(stack, check)
      .filter((one) => !known.has(formatDiagnostic(one)))
      .map((one) => inRegion(one, environment, region));
  });
  const all = [...own, ...further];
  return all.some(isError) ? all.filter(isError) : all;
}

function checkContent(environment: RegionalEnvironment, check: RegistryCheck): Diagnostic[] {
  const { name, backend, assumeRole, accountId, region } = environment;
  return [
    ...(name === undefined ? [] : checkName(name)),
    ...check(environment),
    ...(backend === undefined ? [] : checkBackend(backend, region)),
    ...(assumeRole === undefined ? [] : checkAssumeRole(assumeRole, accountId)),
  ];
}

function checkName(name: string): Diagnostic[] {
  // Every object of JavaScript has a property of such a name, so no stack can be kept under it.
  if (name in {}) return [diagnostic({ path: ["name"], message: `must not be ${name}`, fix: 'write e.g. "prod"' })];
  if (NAME.test(name) && name.length <= LONGEST_NAME) return [];
  const message = `must be 1 to ${LONGEST_NAME} lower-case letters and digits, joined by single '-'`;
  return [diagnostic({ path: ["name"], message, value: name, fix: 'write e.g. "prod"' })];
}
