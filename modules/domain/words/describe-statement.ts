import { Conditions, ConditionValues, describePrincipal, RepositoryPolicyStatement } from "../policy";

/**
 * A statement as a phrase: `the role dev may not ecr:CreateRepository under ROOT, if StringNotEquals aws:SourceVpc vpc-1`.
 *
 * @param statement of a repository policy, or one of the registry's policy, which names prefixes
 */
export function describeStatement(
  statement: RepositoryPolicyStatement & { readonly prefixes?: readonly string[] },
): string {
  const { effect = "Allow", principals, actions, prefixes, conditions } = statement;
  const who = principals.map(describePrincipal).join(", ");
  const where = prefixes === undefined ? "" : ` under ${prefixes.join(", ")}`;
  return `${who} ${effect === "Allow" ? "may" : "may not"} ${actions.join(", ")}${where}${describeConditions(conditions)}`;
}

/** Conditions as a phrase that follows a statement: `, if StringEquals aws:SourceVpc vpc-1`. */
export function describeConditions(conditions: Conditions | undefined): string {
  const all = Object.entries(conditions ?? {}).flatMap(([operator, values]: [string, ConditionValues | undefined]) => {
    return Object.entries(values ?? {}).map(([key, wanted]) => `${operator} ${key} ${[wanted].flat().join(" or ")}`);
  });
  return all.length === 0 ? "" : `, if ${all.join(" and ")}`;
}
