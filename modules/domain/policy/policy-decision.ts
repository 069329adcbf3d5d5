import { RegistryScope } from "../naming";
import { isUnresolved, matchesWildcard } from "../basics";
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
  readonly account: string | undefined;
  readonly organization: string | undefined;
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
  const { identities, accounts, organizations, services, everyone } = namedBy(scope, [principal]);
  const [principalArn] = identities;
  return {
    principalArn,
    account:
      accounts[0] ?? (principalArn === undefined ? undefined : /^arn:[^:]+:iam::(\d{12}):/.exec(principalArn)?.[1]),
    organization: organizations[0],
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
function matchNamed(arn: string, { principalArn, account, organization, everyone }: Caller): Maybe {
  if (principalArn !== undefined && arn === principalArn) return true;
  const named = /^arn:[^:]+:iam::(\d{12}):root$/.exec(arn)?.[1];
  if (named !== undefined && account !== undefined) return named === account;
  if (isUnresolved(arn) || isUnresolved(principalArn)) return undefined;
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
  switch (operator.replace(/IfExists$/, "")) {
    case "StringEquals":
    case "Bool":
    case "ArnEquals":
    case "ArnLike":
    case "StringLike":
      return wanted.some((pattern) => matchesWildcard(value, pattern));
    case "StringNotEquals":
    case "ArnNotEquals":
    case "ArnNotLike":
    case "StringNotLike":
      return !wanted.some((pattern) => matchesWildcard(value, pattern));
    default:
      return undefined;
  }
}

function valueOf(key: string, { principalArn, account, organization, service }: Caller): string | undefined {
  switch (key) {
    case "aws:PrincipalArn":
      return principalArn;
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
