import { checkAccountId, checkRegion, isUnresolved, Path, Diagnostic, diagnostic } from "../modules/domain";
import { checkKeyArn } from "../modules/domain/policy/kms-action";
import { AssumeRole, Backend, CloudBackend, LocalBackend, S3Backend } from "./environment";

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;
/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const NO_BUCKET =
  /\.\.|^\d+\.\d+\.\d+\.\d+$|^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
/** @see https://developer.hashicorp.com/terraform/cloud-docs/workspaces/create */
const CLOUD_NAME = /^[\w-]+$/;
const LONGEST_WORKSPACE = 90;
const HOSTNAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?$/i;

/** What is wrong with where the state is. */
export function checkBackend(backend: Backend): Diagnostic[] {
  switch (backend.type) {
    case "local":
      return checkLocalBackend(backend);
    case "s3":
      return checkS3Backend(backend);
    case "cloud":
      return checkCloudBackend(backend);
    default:
      return [];
  }
}

/** What is wrong with the role with which the provider acts. */
export function checkAssumeRole(role: AssumeRole, accountId: string): Diagnostic[] {
  const path: Path = ["assumeRole"];
  const problems = checkRole(role, path);
  const roleAccount = ROLE_ARN.exec(role.roleArn)?.[1];
  if (roleAccount === undefined || roleAccount === accountId) return problems;
  if (isUnresolved(accountId) || checkAccountId(accountId, []).length > 0) return problems;
  const message = `must be a role of the environment's account ${accountId}, but is of ${roleAccount}`;
  const fix = `name a role in account ${accountId}`;
  return [diagnostic({ path: [...path, "roleArn"], message, value: role.roleArn, fix }), ...problems];
}

/** A path that starts at one machine's root would name that machine in the JSON. */
function checkLocalBackend({ path }: LocalBackend): Diagnostic[] {
  const isRight = (text: string) => text !== "" && !/^(?:[/\\~]|[A-Za-z]:)/.test(text);
  const fix = 'write it relative to the folder of cdktf.json, e.g. "state/prod.tfstate"';
  return checkText(path, isRight, ["backend", "path"], "must be a relative path", fix);
}

function checkS3Backend({ bucket, region, key, kmsKeyArn, assumeRole }: S3Backend): Diagnostic[] {
  const isBucket = (name: string) => BUCKET.test(name) && !NO_BUCKET.test(name);
  const isKey = (name: string) => name !== "" && !name.startsWith("/") && !name.endsWith("/");
  return [
    ...checkText(
      bucket,
      isBucket,
      ["backend", "bucket"],
      "must be the name of an S3 bucket",
      'write e.g. "example-terraform-state"',
    ),
    ...(region === undefined ? [] : checkRegion(region, ["backend", "region"])),
    ...checkText(
      key,
      isKey,
      ["backend", "key"],
      "must name an object, without a slash at its start or end",
      'write e.g. "ecr-pull-through-cache/prod.tfstate", or leave it out',
    ),
    ...(kmsKeyArn === undefined ? [] : checkKeyArn(kmsKeyArn, ["backend", "kmsKeyArn"])),
    ...(assumeRole ? checkRole(assumeRole, ["backend", "assumeRole"]) : []),
  ];
}

function checkCloudBackend(backend: CloudBackend): Diagnostic[] {
  const { organization, workspace, hostname } = backend;
  const isWorkspace = (name: string) => CLOUD_NAME.test(name) && name.length <= LONGEST_WORKSPACE;
  return [
    ...checkText(
      organization,
      (name) => CLOUD_NAME.test(name),
      ["backend", "organization"],
      "must be letters, digits, '-' and '_'",
      "write the organization's name as it stands in its address",
    ),
    ...checkText(
      workspace,
      isWorkspace,
      ["backend", "workspace"],
      `must be 1 to ${LONGEST_WORKSPACE} letters, digits, '-' and '_'`,
      'write e.g. "ecr-pull-through-cache-prod", or leave it out',
    ),
    ...checkText(
      hostname,
      (name) => HOSTNAME.test(name),
      ["backend", "hostname"],
      "must be a host without a scheme or a path",
      'write e.g. "tfe.example.com"',
    ),
    ...checkWorkspaceTags(backend),
  ];
}

function checkWorkspaceTags({ workspace, workspaceTags }: CloudBackend): Diagnostic[] {
  const path: Path = ["backend", "workspaceTags"];
  if (workspaceTags === undefined) return [];
  if (workspace !== undefined) {
    const message = "must not be given together with a workspace";
    return [diagnostic({ path, message, value: workspaceTags, fix: "remove one of the two" })];
  }
  if (workspaceTags.length > 0) return [];
  return [diagnostic({ path, message: "must name at least one tag", value: workspaceTags, fix: 'write e.g. ["ecr"]' })];
}

function checkRole({ roleArn, sessionName, externalId }: AssumeRole, path: Path): Diagnostic[] {
  return [
    ...checkText(
      roleArn,
      (arn) => ROLE_ARN.test(arn),
      [...path, "roleArn"],
      "must be the ARN of an IAM role",
      'write e.g. "arn:aws:iam::111122223333:role/TerraformDeploy"',
    ),
    ...checkText(
      sessionName,
      (name) => SESSION_NAME.test(name),
      [...path, "sessionName"],
      "must be 2 to 64 letters, digits and _ + = , . @ -",
      'write e.g. "ecr-pull-through-cache", or leave it out',
    ),
    ...checkText(
      externalId,
      (id) => EXTERNAL_ID.test(id),
      [...path, "externalId"],
      "must be 2 to 1224 letters, digits and _ + = , . @ : / -",
      "write what the role's trust policy asks for",
    ),
  ];
}

/** Nothing is said about what is absent, which the form tells, or known only to Terraform. */
function checkText(
  value: string | undefined,
  isRight: (value: string) => boolean,
  path: Path,
  message: string,
  fix: string,
): Diagnostic[] {
  if (value === undefined || isUnresolved(value) || isRight(value)) return [];
  return [diagnostic({ path, message, value, fix })];
}
