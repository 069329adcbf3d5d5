import { checkAccountId, checkRegistry, isUnresolved, Path, Problem } from "../modules";
import { AssumeRole, Backend, Environment } from "./environment";
import { checkForm } from "./environment-form";

/** Everything that is wrong with one environment. */
export interface EnvironmentProblems {
  /** The environment's name, or its place in the list where it has none. */
  readonly environment: string;
  readonly problems: readonly Problem[];
}

/** It becomes a folder, a part of a file's name and a part of a workspace's name. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 50;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Stands for an account or a region that cannot be used, so that nothing else is measured against it. */
const UNKNOWN = "${unknown}";

/** What is wrong with all environments; one that is fine is left out. */
export function checkEnvironments(environments: readonly Environment[]): EnvironmentProblems[] {
  const names = environments.map((environment): unknown => (environment as Partial<Environment> | null)?.name);
  return environments.flatMap((environment, index) => {
    const name = names[index];
    const problems = checkEnvironment(environment);
    if (typeof name === "string" && names.indexOf(name) < index) {
      const what = "must not be the name of another environment";
      problems.push({ path: ["name"], what, value: name, mend: "give each its own: it names the stack and its state" });
    }
    if (problems.length === 0) return [];
    return [{ environment: typeof name === "string" ? name : `environments[${index}]`, problems }];
  });
}

/** What is wrong with one environment: with its form, and with what it says. */
export function checkEnvironment(environment: Environment): Problem[] {
  const form = checkForm(environment);
  const unusable = form.filter((problem) => problem.unusable).map(({ path }) => wholePart(path));
  if (unusable.some((path) => path.length === 0)) return form;
  const usable = unusable.reduce<Environment>((whole, path) => without(whole, path) as Environment, environment);
  const { accountId = UNKNOWN, region = UNKNOWN, caches = [] } = usable as Partial<Environment>;
  const content = checkContent({ ...usable, accountId, region, caches });
  // Where both found something at one place, the check of the content knows better what was meant.
  const rest = form.filter((problem) => !content.some(({ path }) => startsWith(path, problem.path)));
  return [...content, ...rest];
}

function checkContent(environment: Environment): Problem[] {
  const { name, backend, assumeRole, accountId } = environment;
  return [
    ...(name === undefined ? [] : checkName(name)),
    ...checkRegistry(environment),
    ...(backend === undefined ? [] : checkBackend(backend)),
    ...(assumeRole === undefined ? [] : checkAssumeRole(assumeRole, accountId)),
  ];
}

function checkName(name: string): Problem[] {
  if (NAME.test(name) && name.length <= LONGEST_NAME) return [];
  const what = `must be 1 to ${LONGEST_NAME} lower-case letters and digits, joined by single '-'`;
  return [{ path: ["name"], what, value: name, mend: 'write e.g. "prod"' }];
}

function checkBackend(backend: Backend): Problem[] {
  if (backend.type === "local") return backend.path === undefined ? [] : checkStatePath(backend.path);
  if (backend.type !== "s3" || backend.bucket === undefined || BUCKET.test(backend.bucket)) return [];
  const what = "must be the name of an S3 bucket";
  return [{ path: ["backend", "bucket"], what, value: backend.bucket, mend: 'write e.g. "example-terraform-state"' }];
}

/** A path that starts at one machine's root would name that machine in the JSON. */
function checkStatePath(path: string): Problem[] {
  if (path !== "" && !/^(?:[/\\~]|[A-Za-z]:)/.test(path)) return [];
  const mend = 'write it relative to the folder of cdktf.json, e.g. "state/prod.tfstate"';
  return [{ path: ["backend", "path"], what: "must be a relative path", value: path, mend }];
}

function checkAssumeRole({ roleArn }: AssumeRole, accountId: string): Problem[] {
  if (roleArn === undefined || isUnresolved(roleArn)) return [];
  const path: Path = ["assumeRole", "roleArn"];
  const roleAccount = ROLE_ARN.exec(roleArn)?.[1];
  if (roleAccount === undefined) {
    const mend = 'write e.g. "arn:aws:iam::111122223333:role/TerraformDeploy"';
    return [{ path, what: "must be the ARN of an IAM role", value: roleArn, mend }];
  }
  if (roleAccount === accountId || isUnresolved(accountId) || checkAccountId(accountId, []).length > 0) return [];
  const what = `must be a role of the environment's account ${accountId}, but is of ${roleAccount}`;
  return [{ path, what, value: roleArn, mend: `name a role in account ${accountId}` }];
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
