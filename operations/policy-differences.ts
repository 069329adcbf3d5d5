import { describeLifecycleRule } from "../modules/domain";
import {
  lifecycleMeaning,
  lifecycleRules,
  policyMeaning,
  PolicyOwner,
  policyStatementMeanings,
  StatementMeaning,
} from "./policy-meaning";

/** A difference between two policies. */
export interface PolicyDifference {
  /** What the policy should be, or the statement that it should have. */
  readonly expected: string;
  /** What the policy is, or the statement that it has. */
  readonly actual: string;
  /** Whether the actual statement allows something, which the expected policy would not. */
  readonly revokes?: true;
  /** An explanation of the actual policy. */
  readonly note?: string;
}

const NONE = "none";
const NO_STATEMENT = "no such statement";

/** The statements in which two policies differ, those of one Sid next to each other; if there is only one policy, all of it. */
export function policyDifferences(
  expected: string | undefined,
  actual: string | undefined,
  owner: PolicyOwner = "registry",
): PolicyDifference[] {
  if (policyMeaning(expected, owner) === policyMeaning(actual, owner)) return [];
  const wanted = policyStatementMeanings(expected ?? "", owner);
  const found = policyStatementMeanings(actual ?? "", owner);
  if (wanted === undefined || found === undefined) {
    return [{ expected: expected ?? NONE, ...describeWhole(actual, found) }];
  }
  const missing = wanted.filter(({ meaning }) => !found.some((one) => one.meaning === meaning));
  const extra = found.filter(({ meaning }) => !wanted.some((one) => one.meaning === meaning));
  const changed = new Set<StatementMeaning>();
  const differences = missing.map((statement) => {
    const other = extra.find((one) => one.sid === statement.sid && !changed.has(one));
    if (other !== undefined) changed.add(other);
    return { expected: textOf(statement), ...describeActual(other) };
  });
  const surplus = extra.filter((statement) => !changed.has(statement));
  return [...differences, ...surplus.map((statement) => ({ expected: NO_STATEMENT, ...describeActual(statement) }))];
}

function textOf({ sid, text }: StatementMeaning): string {
  return sid === undefined ? text : `${sid} ${text}`;
}

type Actual = Omit<PolicyDifference, "expected">;

/** A policy that is shown as it is, because there is no other one, or one of them cannot be read. */
function describeWhole(text: string | undefined, statements: readonly StatementMeaning[] | undefined): Actual {
  if (text === undefined) return { actual: NONE };
  const isAllowing = statements === undefined || statements.some(({ allows }) => allows);
  return { actual: text, ...(isAllowing && { revokes: true as const }), ...noteOn(statements ?? []) };
}

function describeActual(statement: StatementMeaning | undefined): Actual {
  if (statement === undefined) return { actual: NO_STATEMENT };
  const { allows } = statement;
  return { actual: textOf(statement), ...(allows && { revokes: true as const }), ...noteOn([statement]) };
}

function noteOn(statements: readonly StatementMeaning[]): Pick<PolicyDifference, "note"> {
  const deleted = [...new Set(statements.flatMap(({ deletedPrincipals }) => deletedPrincipals))];
  return deleted.length === 0 ? {} : { note: deleted.map(explainDeleted).join("; ") };
}

function explainDeleted(id: string): string {
  const kind = id.startsWith("AROA") ? "role" : "user";
  return `${id} is the id of a ${kind} that was deleted; a new ${kind} of the same name does not have its permissions`;
}

/** Two lifecycle policies as sentences, if they differ. */
export function lifecycleDifferences(expected: string | undefined, actual: string | undefined): PolicyDifference[] {
  if (lifecycleMeaning(expected) === lifecycleMeaning(actual)) return [];
  return [{ expected: lifecycleWords(expected), actual: lifecycleWords(actual) }];
}

/** The rules in their order; the text itself where it cannot be read. */
function lifecycleWords(text: string | undefined): string {
  if (text === undefined) return NONE;
  return lifecycleRules(text)?.map(describeLifecycleRule).join("; ") ?? text;
}
