import { normalize } from "node:path/posix";
import {
  checkCollisions,
  checkRegistry,
  checkUpstreams,
  formatProblem,
  MOST_CACHES,
  OtherPlan,
  Path,
  planRegistry,
  Problem,
  problemsAt,
} from "../modules/domain";
import { checkAssumeRole, checkBackend } from "./check-backend";
import { Environment } from "./environment";
import { checkForm } from "./environment-form";
import { checkExtent } from "./check-extent";
import { inherit, RegionalEnvironment, regionalEnvironments } from "./environment-regions";
import { pathOfStack, placesOf } from "./environment-source";

/** Everything that is wrong with one environment. */
export interface EnvironmentProblems {
  /** The environment's name, or its place in the list where it has none. */
  readonly environment: string;
  /** The environment's place in the list. */
  readonly index: number;
  /** What is wrong, in the order in which it was found. */
  readonly problems: readonly Problem[];
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
/** Stands for an account or a region that cannot be used, so that nothing else is measured against it. */
const UNKNOWN = "${var.unknown}";

/**
 * What is wrong with all environments; one that is fine is left out. Those that are right by themselves are also
 * checked beside each other.
 */
export function checkEnvironments(environments: readonly Environment[]): EnvironmentProblems[] {
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
  const checkHub = upstreamEnvironments(environments.filter((_, index) => own[index]!.length === 0));
  return environments.flatMap((environment, index) => {
    const found = own[index]!;
    const problems =
      found.length > 0 ? found : [...checkStack(environment), ...checkOwner(environment), ...checkHub(environment)];
    if (problems.length === 0) return [];
    const name = names[index];
    const title = typeof name === "string" ? name : `environments[${index}]`;
    return [{ environment: title, index, problems, ...placesOf(environment, problems) }];
  });
}

function sameName(name: string): Problem {
  const what = "must not be the name of another environment";
  return { path: ["name"], what, value: name, fix: "give each its own: it names the stack and its state" };
}

/** A check of one environment after the other: what is wrong with one in an account and region of one before. */
function sameRegistries(): (environment: Environment) => Problem[] {
  const stacks = new Map<string, OtherPlan[]>();
  return (environment) =>
    regionalEnvironments(environment).flatMap((registry) => {
      const { accountId, region, name } = registry;
      const key = `${accountId}/${region}`;
      const others = stacks.get(key) ?? [];
      const plan = planRegistry(registry);
      // One registry has no room for the rules of more environments: comparing with all of them would take for ever.
      if (others.length < MOST_CACHES) stacks.set(key, [...others, { name, plan }]);
      return problemsAt(pathOfStack(environment, registry), checkCollisions(plan, others));
    });
}

/** A check of one environment: what is wrong with its caches of registries that other environments describe. */
function upstreamEnvironments(environments: readonly Environment[]): (environment: Environment) => Problem[] {
  const all = environments.flatMap(regionalEnvironments).map((registry) => ({ name: registry.name, registry }));
  const check = checkUpstreams(all);
  return (environment) =>
    regionalEnvironments(environment).flatMap((registry) => {
      return problemsAt(pathOfStack(environment, registry), check(registry));
    });
}

/** A check of one environment after the other: what makes a stack of the name, or with the state, of one before. */
function distinctStacks(): (environment: Environment) => Problem[] {
  const names = new Set<string>();
  const states = new Map<string, string>();
  return (environment) =>
    regionalEnvironments(environment).flatMap((stack): Problem[] => {
      const { name, backend } = stack;
      const path = pathOfStack(environment, stack);
      if (names.has(name)) {
        const what = "must not become a stack of the same name as another environment";
        return [{ path, what, value: name, fix: "rename one of the environments" }];
      }
      names.add(name);
      const state = placeOfState(stack);
      const same = state === undefined ? undefined : states.get(state);
      if (state !== undefined && same === undefined) states.set(state, name);
      if (same === undefined) return [];
      const what = `must not keep its state where the stack ${same} keeps its own`;
      const fix = "give each its own, or leave the place out to have it named after the stack";
      return [{ path: [...path, "backend"], what, value: backend, fix }];
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

/** What is wrong with one environment: with its form, and with what it says. */
export function checkEnvironment(environment: Environment): Problem[] {
  const extent = checkExtent(environment);
  if (extent.length > 0) return extent;
  const form = checkForm(environment);
  const unusable = form.filter((problem) => problem.unusable).map(({ path }) => wholePart(path));
  if (unusable.some((path) => path.length === 0)) return form;
  const usable = unusable.reduce<Environment>((whole, path) => without(whole, path) as Environment, environment);
  const { accountId = UNKNOWN, region = UNKNOWN, caches = [] } = usable as Partial<Environment>;
  // Where images would be can be told only of a whole description.
  const workloads = form.length === 0 ? usable.workloads : undefined;
  // What is whole is checked as the very object that becomes a stack: a construct need not check it again.
  const whole = form.length === 0 ? regionalEnvironments(environment)[0] : undefined;
  const content = checkRegions({ ...usable, accountId, region, caches, workloads }, whole);
  // Where both found something at one place, the check of the content knows better what was meant.
  const rest = form.filter((problem) => !content.some(({ path }) => startsWith(path, problem.path)));
  return [...content, ...rest];
}

/** What is wrong in the environment's own region, and what is wrong only in a further one. */
function checkRegions({ additionalRegions = {}, ...home }: Environment, whole?: RegionalEnvironment): Problem[] {
  const problems = checkContent(whole ?? home);
  const known = new Set(problems.map(formatProblem));
  const others = Object.entries(additionalRegions).flatMap(([region, differences]) => {
    const path: Path = ["additionalRegions", region];
    if (region === home.region) {
      return [{ path, what: "must not be the environment's own region", value: region, fix: "remove it" }];
    }
    if (typeof differences !== "object" || differences === null) return [];
    const found = checkContent({ ...inherit(home, differences), region });
    return found
      .filter((problem) => !known.has(formatProblem(problem)))
      .map((problem) => inRegion(problem, region, differences, path));
  });
  return [...problems, ...others];
}

/** A problem with what a region says is where it says it; one with what it inherits names the region. */
function inRegion(problem: Problem, region: string, differences: object, path: Path): Problem {
  const [head] = problem.path;
  if (head === "region") return { ...problem, path };
  if (typeof head === "string" && head in differences) return { ...problem, path: [...path, ...problem.path] };
  return { ...problem, what: `${problem.what} (in ${region})` };
}

function checkContent(environment: RegionalEnvironment): Problem[] {
  const { name, backend, assumeRole, accountId, region } = environment;
  return [
    ...(name === undefined ? [] : checkName(name)),
    ...checkRegistry(environment),
    ...(backend === undefined ? [] : checkBackend(backend, region)),
    ...(assumeRole === undefined ? [] : checkAssumeRole(assumeRole, accountId)),
  ];
}

function checkName(name: string): Problem[] {
  // Every object of JavaScript has a property of such a name, so no stack can be kept under it.
  if (name in {}) return [{ path: ["name"], what: `must not be ${name}`, fix: 'write e.g. "prod"' }];
  if (NAME.test(name) && name.length <= LONGEST_NAME) return [];
  const what = `must be 1 to ${LONGEST_NAME} lower-case letters and digits, joined by single '-'`;
  return [{ path: ["name"], what, value: name, fix: 'write e.g. "prod"' }];
}

/** Of a list in which something cannot be used nothing is looked at, but for the lists of caches and templates. */
function wholePart(path: Path): Path {
  const [head] = path;
  const inList = typeof path.at(-1) === "number";
  return inList && !(path.length === 2 && (head === "caches" || head === "templates")) ? path.slice(0, -1) : path;
}

/** A copy in which nothing stands at the path; in a list it leaves a gap, so that positions stay what they are. */
function without(value: unknown, [head, ...rest]: Path): unknown {
  if (typeof value !== "object" || value === null || head === undefined) return value;
  const copy = (Array.isArray(value) ? value.slice() : { ...value }) as Record<string | number, unknown>;
  if (rest.length > 0) copy[head] = without(copy[head], rest);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it is a copy, and a gap is what is wanted
  else delete copy[head];
  return copy;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
