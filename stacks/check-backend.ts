import {
  checkAccountId,
  checkPartitions,
  checkRegion,
  eachText,
  isUnresolved,
  Path,
  PlacedText,
  Diagnostic,
  diagnostic,
} from "../modules/domain";
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
/** @see https://developer.hashicorp.com/terraform/cloud-docs/workspaces/tags */
const isWorkspaceTag = (tag: string) => /^[a-z0-9](?:[a-z0-9:_-]{0,253}[a-z0-9])?$/i.test(tag);
const WORKSPACE_TAG_RULE = "must be letters, digits, ':', '-' and '_', with a letter or digit at each end";
/** @see https://developer.hashicorp.com/terraform/cloud-docs/projects/manage */
const isProjectName = (name: string) => /^[\w -]{3,40}$/.test(name) && name === name.trim();
const HOSTNAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?$/i;

/**
 * Checks where the state is. Terraform reads a backend before it evaluates anything, so every value must be written out.
 *
 * @param region the environment's, whose partition the state is in unless the backend names a region
 * @see https://developer.hashicorp.com/terraform/language/backend#define-a-backend-block
 */
export function checkBackend(backend: Backend, region: string): Diagnostic[] {
  const texts = eachText(backend, ["backend"]);
  return [
    ...texts.filter(({ text }) => isUnresolved(text)).map(writtenOut),
    ...(backend.type === "cloud" ? [] : checkPartitions(texts, backend.type === "s3" ? backend.region : region)),
    ...checkPlace(backend),
  ];
}

function writtenOut({ path, text }: PlacedText): Diagnostic {
  const message = "must be written out, since Terraform evaluates no expression in a backend";
  const fix = "write the value, or leave it out and pass it to terraform init";
  return diagnostic({ path, message, value: text, fix });
}

function checkPlace(backend: Backend): Diagnostic[] {
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
  const isKey = (name: string) => name !== "" && name.split("/").every((part) => part !== "");
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
      "must name an object, without a slash at its start or end or two in a row",
      'write e.g. "ecr-pull-through-cache/prod.tfstate", or leave it out',
    ),
    ...(kmsKeyArn === undefined ? [] : checkStateKey(kmsKeyArn, region)),
    ...(assumeRole ? checkRole(assumeRole, ["backend", "assumeRole"]) : []),
  ];
}

/**
 * The form of a key's ARN that Terraform accepts: narrower than that of AWS.
 *
 * @see https://github.com/hashicorp/terraform/blob/main/internal/backend/remote-state/s3/validate.go
 */
const STATE_KEY_ARN =
  /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/;

function checkStateKey(arn: string, bucketRegion: string): Diagnostic[] {
  const path: Path = ["backend", "kmsKeyArn"];
  if (isUnresolved(arn)) return [];
  const region = typeof arn === "string" ? STATE_KEY_ARN.exec(arn)?.[1] : undefined;
  if (region === undefined) {
    const fix = 'write e.g. "arn:aws:kms:us-east-1:111122223333:key/a1b2c3d4-5678-4abc-8def-1234567890ab"';
    return [
      diagnostic({ path, message: "must be the full ARN of a KMS key, not an alias or a key id", value: arn, fix }),
    ];
  }
  if (region === bucketRegion || checkRegion(bucketRegion, []).length > 0) return [];
  const message = `must be a key in the bucket's region ${bucketRegion}, but is in ${region}`;
  return [diagnostic({ path, message, value: arn, fix: `name a key in ${bucketRegion}` })];
}

function checkCloudBackend(backend: CloudBackend): Diagnostic[] {
  const { organization, workspace, project, hostname } = backend;
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
      project,
      isProjectName,
      ["backend", "project"],
      "must be 3 to 40 letters, digits, spaces, '-' and '_', without a space at either end",
      "write the project's name, or leave it out",
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
  const fix = 'write e.g. ["ecr"]';
  if (workspaceTags.length === 0)
    return [diagnostic({ path, message: "must name at least one tag", value: workspaceTags, fix })];
  return workspaceTags.flatMap((tag, index) => {
    return checkText(tag, isWorkspaceTag, [...path, index], WORKSPACE_TAG_RULE, fix);
  });
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
