import { RegistryScope } from "../naming";
import { isUnresolved, matchesIamPattern, matchesWildcard } from "../basics";
import { ConditionValues, Conditions } from "./conditions";
import { PolicyDocument, PolicyStatement } from "./policy-document";
import { namedBy, Principal } from "./principal";

/**
 * What a policy says about an action of somebody's: `unknown` where it hangs on a condition or an expression about
 * which nothing is known at synth.
 */
export type PolicyDecision = "allowed" | "denied" | "not-allowed" | "unknown";

/** A request, as far as it is known. */
export interface PolicyRequest {
  /** Who asks. */
  readonly principal: Principal;
  /** What for, e.g. `ecr:CreateRepository`. */
  readonly action: string;
  /**
   * The ARN of the repository; for all repositories under a prefix, the pattern of these.
   *
   * @default - the policy is a repository's own and names none
   */
  readonly resource?: string;
}

/** Whether something holds; `undefined` where that cannot be known. */
type Maybe = boolean | undefined;

/** What IAM knows of a caller, by the condition keys that tell it. */
interface Caller {
  readonly principalArn: string | undefined;
  /** The pattern of the ARNs of several roles. */
  readonly rolePattern: string | undefined;
  readonly account: string | undefined;
  readonly organization: string | undefined;
  /** The pattern of the paths of an organizational unit and those in it. */
  readonly organizationPath: string | undefined;
  readonly service: string | undefined;
  readonly everyone: boolean;
}

/**
 * What a resource's policy says about a request. A denial wins over whatever allows. Whoever is not of the resource's
 * own account needs the permission of its own IAM policies as well.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function policyDecision(
  scope: RegistryScope,
  document: PolicyDocument | undefined,
  request: PolicyRequest,
): PolicyDecision {
  const about = (document?.Statement ?? []).filter(({ Action }) => [Action].flat().includes(request.action as never));
  if (about.length === 0) return "not-allowed";
  const caller = callerOf(scope, request.principal);
  const matches = about.map((statement) => ({
    effect: statement.Effect,
    match: matchStatement(statement, caller, request),
  }));
  const some = (effect: "Allow" | "Deny", match: Maybe) => {
    return matches.some((one) => one.effect === effect && one.match === match);
  };
  if (some("Deny", true)) return "denied";
  if (some("Deny", undefined)) return "unknown";
  if (some("Allow", true)) return "allowed";
  return some("Allow", undefined) ? "unknown" : "not-allowed";
}

function callerOf(scope: RegistryScope, principal: Principal): Caller {
  const named = namedBy(scope, [principal]);
  const [principalArn] = named.identities;
  // The end of the name changes, and has 16 characters: with them no other permission set is meant.
  const rolePattern = named.rolePatterns[0]?.replace(/\*(\/AWSReservedSSO_.*_)\*$/, `$1${"?".repeat(16)}`);
  const [organizationPath] = named.organizationalUnits;
  const { accounts, organizations, services, everyone } = named;
  return {
    principalArn,
    rolePattern,
    account: accounts[0] ?? /^arn:[^:]+:iam::(\d{12}):/.exec(principalArn ?? rolePattern ?? "")?.[1],
    organization: organizations[0] ?? organizationPath?.split("/")[0],
    organizationPath,
    service: services[0],
    everyone,
  };
}

function matchStatement(statement: PolicyStatement, caller: Caller, { resource }: PolicyRequest): Maybe {
  return all([
    resource === undefined || statement.Resource === undefined
      ? true
      : matchResources([statement.Resource].flat(), resource),
    matchPrincipal(statement.Principal, caller),
    matchConditions(statement.Condition, caller),
  ]);
}

function matchResources(patterns: readonly string[], resource: string): Maybe {
  return patterns.includes(resource) || any(patterns.map((pattern) => matchResource(pattern, resource)));
}

/** Another pattern than the one that is asked for. A statement about a part of that decides nothing about the whole. */
function matchResource(pattern: string, resource: string): Maybe {
  if (isUnresolved(pattern) || isUnresolved(resource)) return undefined;
  if (matchesWildcard(resource, pattern)) return true;
  return matchesWildcard(pattern, resource) ? undefined : false;
}

function matchPrincipal(element: PolicyStatement["Principal"], caller: Caller): Maybe {
  if (element === "*") return true;
  const services = [element?.Service ?? []].flat();
  const named = [element?.AWS ?? []].flat();
  if (caller.service !== undefined) return services.includes(caller.service);
  return any(named.map((arn) => matchNamed(arn, caller)));
}

/** An account's ARN stands for every identity in it. */
function matchNamed(arn: string, { principalArn, rolePattern, account, organization, everyone }: Caller): Maybe {
  if (principalArn !== undefined && arn === principalArn) return true;
  const named = /^arn:[^:]+:iam::(\d{12}):root$/.exec(arn)?.[1];
  if (named !== undefined && account !== undefined) return named === account;
  if (isUnresolved(arn) || isUnresolved(principalArn)) return undefined;
  if (rolePattern !== undefined)
    return isUnresolved(rolePattern) || matchesIamPattern(arn, rolePattern) ? undefined : false;
  // Some of an organization, or of the world, may be meant, which decides nothing about the whole.
  return organization !== undefined ||
    everyone ||
    (account !== undefined && principalArn === undefined && arn.includes(`::${account}:`))
    ? undefined
    : false;
}

function matchConditions(conditions: Conditions | undefined, caller: Caller): Maybe {
  return all(
    Object.entries(conditions ?? {}).flatMap(([operator, values]: [string, ConditionValues | undefined]) => {
      return Object.entries(values ?? {}).map(([key, wanted]) =>
        matchCondition(operator, key, [wanted].flat(), caller),
      );
    }),
  );
}

function matchCondition(operator: string, key: string, wanted: readonly string[], caller: Caller): Maybe {
  const value = valueOf(key, caller);
  if (value === undefined || wanted.some(isUnresolved) || isUnresolved(value)) return undefined;
  switch (operator.replace(/^For(?:All|Any)Value(?:s)?:/, "").replace(/IfExists$/, "")) {
    case "StringEquals":
    case "Bool":
    case "ArnEquals":
    case "ArnLike":
    case "StringLike":
      return any(wanted.map((pattern) => matchValue(value, pattern)));
    case "StringNotEquals":
    case "ArnNotEquals":
    case "ArnNotLike":
    case "StringNotLike":
      return all(wanted.map((pattern) => not(matchValue(value, pattern))));
    default:
      return undefined;
  }
}

/** A caller that stands for several has a pattern for a value: of all of them, of none, or of some a condition is met. */
function matchValue(value: string, pattern: string): Maybe {
  if (matchesIamPattern(value, pattern)) return true;
  return /[*?]/.test(value) && canOverlap(value, pattern) ? undefined : false;
}

/** Whether a text can match both patterns. */
function canOverlap(one: string, other: string): boolean {
  // For each beginning of the other pattern, whether a text can match it and the pattern up to here.
  let both = Array.from({ length: other.length + 1 }, (_, end) => /^\**$/.test(other.slice(0, end)));
  for (const character of one) {
    const next: boolean[] = [];
    for (let end = 0; end <= other.length; end++) {
      const last = other[end - 1];
      const shorter = next[end - 1] ?? false;
      if (character === "*" || last === "*") next.push(both[end]! || shorter);
      else next.push((both[end - 1] ?? false) && (last === character || last === "?" || character === "?"));
    }
    both = next;
  }
  return both[other.length]!;
}

function not(match: Maybe): Maybe {
  return match === undefined ? undefined : !match;
}

function valueOf(key: string, caller: Caller): string | undefined {
  const { principalArn, rolePattern, account, organization, organizationPath, service } = caller;
  switch (key) {
    case "aws:PrincipalArn":
      return principalArn ?? rolePattern;
    case "aws:PrincipalOrgPaths":
      return organizationPath;
    case "aws:PrincipalAccount":
      return account;
    case "aws:PrincipalOrgID":
      return organization;
    case "aws:PrincipalIsAWSService":
      return String(service !== undefined);
    default:
      return undefined;
  }
}

function all(parts: readonly Maybe[]): Maybe {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function any(parts: readonly Maybe[]): Maybe {
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}
