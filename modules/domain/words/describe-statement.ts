import {
  Conditions,
  ConditionValues,
  describePrincipal,
  RegistryPolicyStatement,
  RepositoryPolicyStatement,
} from "../policy";

/**
 * A statement as a phrase: `the role dev may not ecr:CreateRepository under ROOT, if StringNotEquals aws:SourceVpc vpc-1`.
 *
 * @param statement of a repository policy, or one of the registry's policy, which names prefixes and repositories
 */
export function describeStatement(
  statement: RepositoryPolicyStatement & Partial<Pick<RegistryPolicyStatement, "prefixes" | "repositories">>,
): string {
  const { effect = "Allow", principals, actions, prefixes = [], repositories = [], conditions } = statement;
  const who = principals.map(describePrincipal).join(", ");
  const places = [
    ...(prefixes.length > 0 ? [`under ${prefixes.join(", ")}`] : []),
    ...(repositories.length > 0 ? [`in ${repositories.join(", ")}`] : []),
  ];
  const where = places.length === 0 ? "" : ` ${places.join(" and ")}`;
  return `${who} ${effect === "Allow" ? "may" : "may not"} ${actions.join(", ")}${where}${describeConditions(conditions)}`;
}

/** Conditions as a phrase that follows a statement: `, if StringEquals aws:SourceVpc vpc-1`. */
export function describeConditions(conditions: Conditions | undefined): string {
  const all = Object.entries(conditions ?? {}).flatMap(([operator, values]: [string, ConditionValues | undefined]) => {
    return Object.entries(values ?? {}).map(([key, wanted]) => `${operator} ${key} ${[wanted].flat().join(" or ")}`);
  });
  return all.length === 0 ? "" : `, if ${all.join(" and ")}`;
}
