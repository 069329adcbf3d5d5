import { diagnostic, Diagnostic, isUnresolved, Path, withoutEnd } from "../basics";
import { accountArn, checkAccountId, identityArn, RegistryScope } from "../naming";
import { identifyCaller } from "./caller-conditions";
import { ConditionOperator, Conditions } from "./conditions";
import { stableSet } from "./stable-set";

/** An IAM role. */
export interface RolePrincipal {
  /** The role's name, with its path if it has one: `deployer`, `ci/deployer`. */
  readonly role: string;
  /**
   * The id of the account that the role is in.
   *
   * @default - the registry's own account
   */
  readonly account?: string;
}

/** An IAM user. */
export interface UserPrincipal {
  /** The user's name, with its path if it has one. */
  readonly user: string;
  /**
   * The id of the account that the user is in.
   *
   * @default - the registry's own account
   */
  readonly account?: string;
}

/** Every identity of an account that the account's own IAM policies let do it as well. */
export interface AccountPrincipal {
  /** The account's 12-digit id. Quote it: a leading zero counts. */
  readonly account: string;
}

/**
 * Every identity of an organization: of other accounts those that their own IAM policies let do it as well, of the
 * registry's own account all.
 */
export interface OrganizationPrincipal {
  /** The organization's id, e.g. `o-a1b2c3d4e5`. */
  readonly organization: string;
}

/**
 * The users of a permission set of IAM Identity Center in one account. The role that IAM Identity Center creates for it
 * has a name whose end changes with each new assignment, so it is recognised by the rest of its ARN. A permission set
 * whose name goes on after the given one and a `_` is recognised as well.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export interface PermissionSetPrincipal {
  /** The permission set's name, e.g. `Developer`. */
  readonly permissionSet: string;
  /**
   * The id of the account in which the permission set is assigned.
   *
   * @default - the registry's own account
   */
  readonly account?: string;
}

/** The IAM roles of an account whose names match a pattern, also those that are created later. */
export interface RolesLikePrincipal {
  /** The name, with its path if it has one: `*` stands for any characters, `?` for one, e.g. `ci-*`. */
  readonly roleLike: string;
  /**
   * The id of the account that the roles are in.
   *
   * @default - the registry's own account
   */
  readonly account?: string;
}

/**
 * Every identity of the accounts in an organizational unit and the units in it: of other accounts those that their own
 * IAM policies let do it as well, of the registry's own account all.
 */
export interface OrganizationalUnitPrincipal {
  /** The path from the organization to the unit, e.g. `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111`. */
  readonly organizationalUnit: string;
}

/**
 * An AWS service that acts in its own name. It acts for whoever told it to, so it is allowed only in a statement with
 * conditions, such as one on `aws:SourceAccount`, or where that is given up on purpose.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export interface ServicePrincipal {
  /** The service's name in policies, e.g. `codebuild.amazonaws.com`. */
  readonly service: string;
  /**
   * Allows the service without conditions, for a service that AWS documents so, such as AWS HealthOmics
   * (`omics.amazonaws.com`). Anybody who can make the service pull can then make it pull from here.
   *
   * @default - it needs a statement with conditions
   * @see https://docs.aws.amazon.com/omics/latest/dev/permissions-ecr.html
   */
  readonly withoutConditions?: true;
}

/** An IAM role or user by its ARN. */
export interface ArnPrincipal {
  /** The full ARN, or what Terraform makes one of: `role.arn`. */
  readonly arn: string;
}

/** Every caller whatsoever. It is allowed only in a statement with conditions. */
export interface EveryonePrincipal {
  /** Has no other value. */
  readonly everyone: true;
}

/** Who may do something. */
export type Principal =
  | RolePrincipal
  | UserPrincipal
  | AccountPrincipal
  | OrganizationPrincipal
  | OrganizationalUnitPrincipal
  | PermissionSetPrincipal
  | RolesLikePrincipal
  | ServicePrincipal
  | ArnPrincipal
  | EveryonePrincipal;

/** The `Principal` element of a statement. */
export type PrincipalElement =
  | "*"
  | {
      /** Accounts, roles and users, by ARN. */
      readonly AWS?: string | readonly string[];
      /** Services, by name. */
      readonly Service?: string | readonly string[];
    };

/** The principals of one statement, with the condition by which those are recognised that IAM cannot name. */
export interface PrincipalGroup {
  /** What tells the Sid of one group from that of the others. */
  readonly sidSuffix: "" | "Organizations" | "OrganizationalUnits" | "RolesLike";
  /** The principals as the statement names them. */
  readonly element: PrincipalElement;
  /** The condition by which they are recognised, if the element does not name them. */
  readonly conditions: Conditions | undefined;
}

/** Principals by what IAM knows them by. */
export interface NamedPrincipals {
  /** The ARNs of roles and users. */
  readonly identities: readonly string[];
  /** Patterns of the ARNs of roles. */
  readonly rolePatterns: readonly string[];
  /** The ids of accounts. */
  readonly accounts: readonly string[];
  /** The ids of organizations. */
  readonly organizations: readonly string[];
  /** Patterns of the paths of what is in organizational units. */
  readonly organizationalUnits: readonly string[];
  /** The names of services. */
  readonly services: readonly string[];
  /** Whether everyone is named. */
  readonly everyone: boolean;
}

/** How principals are recognised that IAM cannot name. */
export interface Recognition {
  /** The fields by which a description names them. */
  readonly kinds: readonly string[];
  /** What they are called, in the plural. */
  readonly called: string;
  /** The operator of the condition. */
  readonly operator: ConditionOperator;
  /** The key of the condition. */
  readonly key: string;
}

/** The ways to name somebody, each with the fields that it has. `account` is last, since others have it too. */
const FIELDS = {
  role: ["role", "account"],
  user: ["user", "account"],
  organization: ["organization"],
  organizationalUnit: ["organizationalUnit"],
  permissionSet: ["permissionSet", "account"],
  roleLike: ["roleLike", "account"],
  service: ["service", "withoutConditions"],
  arn: ["arn"],
  everyone: ["everyone"],
  account: ["account"],
} as const;

type Kind = keyof typeof FIELDS;

const KINDS = Object.keys(FIELDS) as Kind[];

/** An IAM name behind an IAM path. Names have at most 64 characters. */
const NAME = "(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}";
const IDENTITY_NAME = new RegExp(`^${NAME}$`);
const IDENTITY_ARN = new RegExp(`^arn:aws(?:-cn|-us-gov|-eusc)?:iam::\\d{12}:(?:role|user)/${NAME}$`);
const ROLE_PATTERN = /^(?:[\w+=,.@*?-]+\/)*[\w+=,.@*?-]{1,64}$/;
/** @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html */
const PERMISSION_SET = /^[\w+=,.@-]{1,32}$/;
/** The path of the roles that IAM Identity Center creates. A Region may follow it. */
const PERMISSION_SET_PATH = "aws-reserved/sso.amazonaws.com";
const PERMISSION_SET_ROLE = "AWSReservedSSO_";
/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths */
const ORGANIZATIONAL_UNIT = /^o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(?:\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})+$/;
const ROOT_ARN = /^arn:[a-z-]+:iam::(\d{12}):root$/;
const SESSION_ARN = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)\//;
/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.(?:com|com\.cn|eu)$/;

/** What a statement says about its principals. */
interface Narrowing {
  readonly effect?: "Allow" | "Deny";
  readonly conditions?: Conditions;
}

/**
 * What is wrong with a list of principals. A statement that allows something to everyone or to a service must identify
 * the caller by its conditions: otherwise a wildcard opens the repository to the world, and anybody can use the service.
 */
export function checkPrincipals(principals: readonly Principal[], path: Path, statement: Narrowing = {}): Diagnostic[] {
  if (!Array.isArray(principals)) {
    const fix = 'write e.g. [{ role: "deployer" }]';
    return [diagnostic({ path, message: "must be a list of principals", value: principals, fix })];
  }
  const given: readonly unknown[] = principals;
  return given.flatMap((value, index) => {
    const at = [...path, index];
    const problems = checkPrincipal(value, at, statement);
    if (problems.length > 0) return problems;
    if (given.findIndex((other) => fingerprint(other) === fingerprint(value)) !== index) {
      return [diagnostic({ path: at, message: "must not repeat another of the list", value, fix: "remove it" })];
    }
    if (kindOf(value) !== "everyone" || given.length === 1) return [];
    return [
      diagnostic({
        path: at,
        message: "must stand alone: it includes all others",
        value,
        fix: "remove it, or the others",
      }),
    ];
  });
}

function checkPrincipal(value: unknown, path: Path, statement: Narrowing): Diagnostic[] {
  const kind = kindOf(value);
  if (kind === undefined) {
    const message = `must name somebody by one of ${KINDS.join(", ")}`;
    return [
      diagnostic({ path, message, value, fix: 'write e.g. { role: "deployer" } or { account: "111122223333" }' }),
    ];
  }
  const principal = value as Record<string, unknown>;
  const fields: readonly string[] = FIELDS[kind];
  const foreign = Object.keys(principal).filter((field) => !fields.includes(field));
  return [
    ...foreign.map((field) => {
      const message = `must not be given beside ${kind}`;
      return diagnostic({
        path: [...path, field],
        message,
        value: principal[field],
        fix: "remove it, or write a principal for each",
      });
    }),
    ...checkName(kind, principal[kind], [...path, kind]),
    ...(kind !== "account" && principal.account !== undefined
      ? checkAccountId(principal.account as string, [...path, "account"])
      : []),
    ...(kind === "service" ? checkWithoutConditions(principal.withoutConditions, [...path, "withoutConditions"]) : []),
    ...checkNarrowed(kind, value, path, statement),
  ];
}

function checkName(kind: Kind, name: unknown, path: Path): Diagnostic[] {
  if (isUnresolved(name)) return [];
  const text = typeof name === "string" ? name : "";
  const wrong = (message: string, fix: string): Diagnostic[] => [diagnostic({ path, message, value: name, fix })];
  switch (kind) {
    case "role":
    case "user":
      if (IDENTITY_NAME.test(text)) return kind === "role" ? checkReservedRole(text, path) : [];
      if (kind === "role" && /[*?]/.test(text) && ROLE_PATTERN.test(text)) {
        return wrong("must be the name of one role", `write { roleLike: "${text}" } for all roles that match`);
      }
      return wrong(
        `must be the name of a ${kind}: up to 64 letters, digits and + = , . @ _ -, behind its path if it has one`,
        text.startsWith("arn:") ? `write { arn: "${text}" }` : `write e.g. { ${kind}: "deployer" }`,
      );
    case "account":
      return checkAccountId(name as string, path);
    case "organization":
      return ORGANIZATION_ID.test(text) ? [] : wrong("must be the id of an organization", 'write e.g. "o-a1b2c3d4e5"');
    case "organizationalUnit":
      return checkOrganizationalUnit(text, wrong);
    case "permissionSet":
      if (PERMISSION_SET.test(text) && !text.startsWith(PERMISSION_SET_ROLE)) return [];
      return wrong(
        "must be the name of a permission set: up to 32 letters, digits and + = , . @ _ -",
        text.includes(PERMISSION_SET_ROLE) ? `write "${permissionSetOf(text)}"` : 'write e.g. "Developer"',
      );
    case "roleLike":
      return checkRolePattern(text, path, wrong);
    case "service":
      return SERVICE.test(text) ? [] : wrong("must be the name of a service", 'write e.g. "codebuild.amazonaws.com"');
    case "arn":
      return checkIdentityArn(text, path);
    case "everyone":
      return name === true ? [] : wrong("must be true", "remove the principal, or write { everyone: true }");
  }
}

/** Makes a problem of the name of a principal. */
type Wrong = (what: string, fix: string) => Diagnostic[];

function checkOrganizationalUnit(text: string, wrong: Wrong): Diagnostic[] {
  if (ORGANIZATIONAL_UNIT.test(text)) return [];
  const bare = withoutEnd(text, "/*");
  const what = "must be the path from the organization to a unit";
  if (ORGANIZATIONAL_UNIT.test(bare)) return wrong(what, `write "${bare}": units in it are included`);
  const fix =
    'write e.g. "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"; aws organizations list-parents tells what a unit is in';
  return wrong(what, fix);
}

function checkRolePattern(text: string, path: Path, wrong: Wrong): Diagnostic[] {
  const what = "must be a pattern of role names: letters, digits and + = , . @ _ - with * or ?";
  if (!ROLE_PATTERN.test(text)) return wrong(what, 'write e.g. "ci-*"');
  if (!/[*?]/.test(text)) return wrong(what, `write { role: "${text}" } for one role`);
  if (!/[^*?/]/.test(text)) {
    return wrong(
      "must not match every role of the account",
      'write { account: "111122223333" } for all its identities',
    );
  }
  return checkReservedRole(text, path);
}

/** The roles of IAM Identity Center have a path, without which their ARN is another. */
function checkReservedRole(name: string, path: Path): Diagnostic[] {
  const at = name.lastIndexOf("/");
  if (!name.slice(at + 1).startsWith(PERMISSION_SET_ROLE) || name.startsWith(`${PERMISSION_SET_PATH}/`)) return [];
  if (/^[*?]/.test(name)) return [];
  const message = `must be written with the path ${PERMISSION_SET_PATH}/ of the roles of IAM Identity Center, whose names change`;
  return [diagnostic({ path, message, value: name, fix: `write { permissionSet: "${permissionSetOf(name)}" }` })];
}

/** `Developer` for `AWSReservedSSO_Developer_1234567890abcdef`, also behind a path. */
function permissionSetOf(role: string): string {
  const name = role.slice(role.lastIndexOf("/") + 1).replace(PERMISSION_SET_ROLE, "");
  return name.replace(/_(?:[0-9a-f]{16}|[*?]+)$/, "").replace(/[*?]/g, "");
}

function checkWithoutConditions(value: unknown, path: Path): Diagnostic[] {
  if (value === undefined || value === true) return [];
  return [diagnostic({ path, message: "must be true", value, fix: "remove it, or write withoutConditions: true" })];
}

/** What is wrong with the ARN of a role or user. */
export function checkIdentityArn(arn: string, path: Path): Diagnostic[] {
  if (isUnresolved(arn)) return [];
  if (IDENTITY_ARN.test(arn)) {
    const [, account, role] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
    const problems = role === undefined ? [] : checkReservedRole(role, path);
    return problems.map((problem) => {
      return { ...problem, value: arn, fix: problem.fix.replace(" }", `, account: "${account!}" }`) };
    });
  }
  return [diagnostic({ path, message: "must be the ARN of an IAM role or user", value: arn, fix: insteadOf(arn) })];
}

/** The principal that is probably meant by an ARN of another kind. */
function insteadOf(arn: string): string {
  const account = ROOT_ARN.exec(arn)?.[1];
  if (account !== undefined) return `write { account: "${account}" }`;
  const [, sessionAccount, role] = SESSION_ARN.exec(arn) ?? [];
  if (role?.startsWith(PERMISSION_SET_ROLE)) {
    return `write { permissionSet: "${permissionSetOf(role)}", account: "${sessionAccount!}" }`;
  }
  if (role !== undefined) return `write { role: "${role}", account: "${sessionAccount}" }, with the role's path`;
  return 'write e.g. "arn:aws:iam::111122223333:role/deployer"';
}

function checkNarrowed(kind: Kind, value: unknown, path: Path, { effect, conditions }: Narrowing): Diagnostic[] {
  if (kind !== "everyone" && kind !== "service") return [];
  if (kind === "service" && (value as ServicePrincipal).withoutConditions === true) return [];
  const narrowed = Object.values(conditions ?? {}).some((values) => values !== undefined);
  // A denial becomes narrower by each condition, and most deny to everyone whom a negated operator does not spare.
  if (effect === "Deny" ? narrowed : identifyCaller(conditions, kind)) return [];
  const message =
    kind === "everyone"
      ? "must not stand for every AWS account"
      : "must not stand for a service that acts for every AWS account";
  const keys =
    kind === "everyone"
      ? "aws:PrincipalOrgID, aws:PrincipalAccount, aws:PrincipalArn or aws:SourceVpce"
      : "aws:SourceAccount, aws:SourceArn or aws:SourceOrgID";
  const fix = `name it in a statement of its own whose conditions identify the caller by StringEquals, StringLike or ArnLike on ${keys}`;
  const also =
    "; for a service that AWS documents without conditions, such as HealthOmics, add withoutConditions: true";
  return [diagnostic({ path, message, value, fix: kind === "service" ? `${fix}${also}` : fix })];
}

function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return KINDS.find((kind) => (value as Record<string, unknown>)[kind] !== undefined);
}

function fingerprint(value: unknown): string {
  return JSON.stringify(Object.entries(Object(value) as object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whom a list names, by what IAM knows them by. */
export function namedBy(scope: RegistryScope, principals: readonly Principal[]): NamedPrincipals {
  const identities: string[] = [];
  const accounts: string[] = [];
  const rolePatterns: string[] = [];
  const organizations: string[] = [];
  const organizationalUnits: string[] = [];
  const services: string[] = [];
  let everyone = false;
  for (const principal of principals) {
    if ("role" in principal) identities.push(identityArn(scope, "role", principal.role, principal.account));
    else if ("user" in principal) identities.push(identityArn(scope, "user", principal.user, principal.account));
    else if ("arn" in principal) identities.push(principal.arn);
    else if ("permissionSet" in principal) {
      const role = `${PERMISSION_SET_PATH}*/${PERMISSION_SET_ROLE}${principal.permissionSet}_*`;
      rolePatterns.push(identityArn(scope, "role", role, principal.account));
    } else if ("roleLike" in principal) {
      rolePatterns.push(identityArn(scope, "role", principal.roleLike, principal.account));
    } else if ("account" in principal) accounts.push(principal.account);
    else if ("organization" in principal) organizations.push(principal.organization);
    else if ("organizationalUnit" in principal) organizationalUnits.push(`${principal.organizationalUnit}/*`);
    else if ("service" in principal) services.push(principal.service);
    else everyone = true;
  }
  return { identities, rolePatterns, accounts, organizations, organizationalUnits, services, everyone };
}

/**
 * The condition by which principals are recognised that IAM cannot name, and what such principals are called. A statement
 * cannot have a condition of its own on the same key.
 */
export const RECOGNISED_BY: readonly Recognition[] = [
  { kinds: ["organization"], called: "organizations", operator: "StringEquals", key: "aws:PrincipalOrgID" },
  {
    kinds: ["organizationalUnit"],
    called: "organizational units",
    operator: "ForAnyValue:StringLike",
    key: "aws:PrincipalOrgPaths",
  },
  {
    kinds: ["permissionSet", "roleLike"],
    called: "permission sets or roles by a pattern",
    operator: "ArnLike",
    key: "aws:PrincipalArn",
  },
];

/**
 * The principals by statement. IAM cannot name an organization, a part of one, or roles by a pattern as principals: they
 * are everyone under a condition, which must not narrow the principals that can be named.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
 */
export function principalGroups(scope: RegistryScope, principals: readonly Principal[]): PrincipalGroup[] {
  const named = namedBy(scope, principals);
  const { identities, accounts, services, everyone } = named;
  const aws = stableSet([...identities, ...accounts.map((account) => accountArn(scope, account))]);
  const groups: PrincipalGroup[] = [];
  if (everyone) {
    groups.push({ sidSuffix: "", element: "*", conditions: undefined });
  } else if (aws.length + services.length > 0) {
    const element = {
      ...(aws.length > 0 && { AWS: aws }),
      ...(services.length > 0 && { Service: stableSet(services) }),
    };
    groups.push({ sidSuffix: "", element, conditions: undefined });
  }
  if (named.organizations.length > 0) {
    const conditions = { StringEquals: { "aws:PrincipalOrgID": stableSet(named.organizations) } };
    groups.push({ sidSuffix: "Organizations", element: "*", conditions });
  }
  if (named.organizationalUnits.length > 0) {
    const conditions = { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": stableSet(named.organizationalUnits) } };
    groups.push({ sidSuffix: "OrganizationalUnits", element: "*", conditions });
  }
  if (named.rolePatterns.length > 0) {
    const conditions = { ArnLike: { "aws:PrincipalArn": stableSet(named.rolePatterns) } };
    groups.push({ sidSuffix: "RolesLike", element: "*", conditions });
  }
  return groups;
}
