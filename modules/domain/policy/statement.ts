import { Path, Diagnostic, diagnostic } from "../basics";
import { RegistryScope } from "../naming";
import { checkConditions, ConditionOperator, Conditions } from "./conditions";
import { checkEcrActions, EcrAction } from "./ecr-action";
import { PolicyAction, PolicyStatement } from "./policy-document";
import { checkPrincipals, Principal, principalGroups, RECOGNISED_BY } from "./principal";

/** A statement of a repository policy, for what the named grants do not say. */
export interface RepositoryPolicyStatement {
  /**
   * The statement's id: letters and digits, different from all others of the policy. What allows an organization
   * becomes a statement of its own, with `Organizations` after the id; so do organizational units and roles by a pattern.
   */
  readonly sid: string;
  /**
   * Whether it allows or denies. A denial wins over whatever allows.
   *
   * @default "Allow"
   */
  readonly effect?: "Allow" | "Deny";
  /** Whom it is about. */
  readonly principals: readonly Principal[];
  /** The actions, each spelled out. */
  readonly actions: readonly EcrAction[];
  /**
   * When it applies.
   *
   * @default - always
   */
  readonly conditions?: Conditions;
}

/** What every kind of statement is made from; the actions may be another service's. */
type StatementParts = Omit<RepositoryPolicyStatement, "actions"> & { readonly actions: readonly PolicyAction[] };

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
const SID = /^[0-9A-Za-z]+$/;

/** One statement in the terms of IAM, or several if principals that IAM cannot name are among them. */
export function policyStatements(
  scope: RegistryScope,
  { sid, effect = "Allow", principals, actions, conditions }: StatementParts,
  resources?: readonly string[],
): PolicyStatement[] {
  return principalGroups(scope, principals).map((group) => {
    const all = [conditions, group.conditions].filter((some) => some !== undefined);
    return {
      Sid: `${sid}${group.sidSuffix}`,
      Effect: effect,
      Principal: group.element,
      Action: actions,
      ...(resources && { Resource: resources }),
      ...(all.length > 0 && { Condition: all.reduce(both) }),
    };
  });
}

/** Both conditions: keys of one operator stand side by side. */
function both(a: Conditions, b: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(a), ...Object.keys(b)])] as ConditionOperator[];
  return Object.fromEntries(operators.map((operator) => [operator, { ...a[operator], ...b[operator] }]));
}

/** What is wrong with one statement. */
export function checkStatement(statement: RepositoryPolicyStatement, path: Path): Diagnostic[] {
  const { sid, effect, principals, actions, conditions } = statement;
  const problems: Diagnostic[] = [];
  if (typeof sid !== "string" || !SID.test(sid)) {
    const fix = 'write e.g. "AllowSigners"';
    problems.push(diagnostic({ path: [...path, "sid"], message: "must be letters and digits", value: sid, fix }));
  }
  if (effect !== undefined && effect !== "Allow" && effect !== "Deny") {
    problems.push(
      diagnostic({
        path: [...path, "effect"],
        message: 'must be "Allow" or "Deny"',
        value: effect,
        fix: "write either",
      }),
    );
  }
  if (Array.isArray(principals) && principals.length === 0) {
    const fix = 'write e.g. [{ role: "deployer" }]';
    problems.push(diagnostic({ path: [...path, "principals"], message: "must name somebody", value: principals, fix }));
  }
  problems.push(
    ...checkPrincipals(principals, [...path, "principals"], { effect, conditions }),
    ...checkEcrActions(actions, [...path, "actions"]),
    ...(conditions === undefined ? [] : checkConditions(conditions, [...path, "conditions"])),
  );
  if (!Array.isArray(principals)) return problems;
  for (const { kinds, called, operator, key } of RECOGNISED_BY) {
    const value = conditions?.[operator]?.[key];
    if (value === undefined || !principals.some((one) => kinds.some((kind) => kind in one))) continue;
    problems.push(
      diagnostic({
        path: [...path, "conditions", operator, key],
        message: `must not be set beside principals that are ${called}, which set it themselves`,
        value,
        fix: `name the ${called} as principals only`,
      }),
    );
  }
  return problems;
}

/** What is wrong with the ids of a policy's own statements, beside those that the grants got. */
export function checkSids(
  scope: RegistryScope,
  statements: readonly RepositoryPolicyStatement[],
  taken: readonly PolicyStatement[],
  path: Path,
): Diagnostic[] {
  const seen = new Set(taken.map(({ Sid }) => Sid));
  return statements.flatMap((statement, index) => {
    const sids = policyStatements(scope, statement).map(({ Sid }) => Sid);
    const repeated = sids.find((sid) => seen.has(sid));
    sids.forEach((sid) => seen.add(sid));
    if (repeated === undefined) return [];
    const message = `must not repeat the Sid ${repeated} of the policy`;
    return [diagnostic({ path: [...path, index, "sid"], message, value: statement.sid, fix: "choose another" })];
  });
}
