import { Diagnostic, diagnostic } from "../basics";
import { PrefixIndex, ROOT_PREFIX } from "../naming";
import { RegistryView } from "../plan";

/**
 * Prefixes into which other accounts copy images, and for which no template applies.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export function findReplication({ registry, templates }: RegistryView): Diagnostic[] {
  const applied = new PrefixIndex(templates.filter(({ appliedFor }) => appliedFor.includes("REPLICATION")));
  return (registry.replicationSources ?? []).flatMap(({ accountId, prefixes = [ROOT_PREFIX] }, index): Diagnostic[] => {
    const uncovered = prefixes.filter((prefix) => applied.around(prefix).length === 0);
    if (uncovered.length === 0) return [];
    const names = uncovered.map((prefix) => (prefix === ROOT_PREFIX ? "every prefix" : prefix)).join(", ");
    return [
      diagnostic({
        code: "replication-without-template",
        path: ["replicationSources", index],
        constructs: ["policy"],
        message: `lets ${accountId} create repositories under ${names}, for which no template applies`,
        effect: "ECR creates them with its own defaults: tags that move, no customer key, no lifecycle rule, no policy",
        fix: 'add a template with appliedFor: ["REPLICATION"] for each prefix',
      }),
    ];
  });
}
