import { describeLifecycleRule } from "../modules/domain";
import { lifecycleMeaning, lifecycleRules, policyMeaning, policyStatementMeanings } from "./policy-meaning";

/** What two policies do not have in common. */
export interface PolicyDifference {
  /** What the one should say. */
  readonly expected: string;
  /** What the other says. */
  readonly actual: string;
}

const NONE = "none";
const NO_STATEMENT = "no such statement";

/** The statements in which two policies differ, those of one Sid beside each other; where there is only one policy, all of it. */
export function policyDifferences(expected: string | undefined, actual: string | undefined): PolicyDifference[] {
  if (policyMeaning(expected) === policyMeaning(actual)) return [];
  const wanted = policyStatementMeanings(expected ?? "");
  const found = policyStatementMeanings(actual ?? "");
  if (wanted === undefined || found === undefined) return [{ expected: expected ?? NONE, actual: actual ?? NONE }];
  const missing = wanted.filter(({ meaning }) => !found.some((one) => one.meaning === meaning));
  const extra = found.filter(({ meaning }) => !wanted.some((one) => one.meaning === meaning));
  const changed = new Set<(typeof extra)[number]>();
  const text = ({ sid, meaning }: (typeof extra)[number]) => (sid === undefined ? meaning : `${sid} ${meaning}`);
  const differences = missing.map((statement) => {
    const other = extra.find((one) => one.sid === statement.sid && !changed.has(one));
    if (other !== undefined) changed.add(other);
    return { expected: text(statement), actual: other === undefined ? NO_STATEMENT : text(other) };
  });
  const surplus = extra.filter((statement) => !changed.has(statement));
  return [...differences, ...surplus.map((statement) => ({ expected: NO_STATEMENT, actual: text(statement) }))];
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
