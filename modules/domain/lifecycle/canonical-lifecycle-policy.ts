import { LifecyclePolicy, LifecycleRule } from "./lifecycle-policy";

/**
 * Gives a priority to each rule that has none: one more than that of the rule written before it, or 1. Rules that are
 * added at the end therefore change no other, and written order is the order of evaluation.
 */
export function assignPriorities<R extends LifecycleRule>(
  rules: readonly R[],
): (R & {
  /** Its place in the order of evaluation. */
  readonly rulePriority: number;
})[] {
  let last = 0;
  return rules.map((rule) => {
    last = rule.rulePriority ?? last + 1;
    return { ...rule, rulePriority: last };
  });
}

/** The policy in the one form in which it is written: priorities given, rules in their order, no default spelled out. */
export function canonicalLifecyclePolicy({ rules }: LifecyclePolicy): LifecyclePolicy {
  const sorted = assignPriorities(rules).sort((a, b) => a.rulePriority - b.rulePriority);
  return { rules: sorted.map(canonicalRule) };
}

/** The text of a policy that has been checked. */
export function lifecyclePolicyText(policy: LifecyclePolicy): string {
  return JSON.stringify(canonicalLifecyclePolicy(policy));
}

/** `JSON.stringify` leaves out what is undefined, and keeps the order in which the fields are named here. */
function canonicalRule({ rulePriority, description, selection, action }: LifecycleRule): LifecycleRule {
  const { tagStatus, tagPatternList, tagPrefixList, storageClass, countType, countUnit, countNumber } =
    selection as unknown as Record<string, unknown>;
  return {
    rulePriority,
    ...(description === undefined ? {} : { description }),
    selection: defined({
      tagStatus,
      tagPatternList,
      tagPrefixList,
      storageClass: storageClass === "archive" ? storageClass : undefined,
      countType,
      countUnit,
      countNumber,
    }),
    action: defined({ ...action }),
  } as unknown as LifecycleRule;
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
