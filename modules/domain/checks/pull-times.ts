import { Diagnostic, diagnostic } from "../basics";
import { listedAddress, RegistryView } from "../plan";

/**
 * Lifecycle rules by the time of the last pull, where scans may count as pulls.
 *
 * @see https://github.com/aws/containers-roadmap/issues/921
 */
export function findPullTimes({ registry, resolved, templates }: RegistryView): Diagnostic[] {
  if (resolved.scanning?.type !== "ENHANCED" || (registry.pullTimeExclusions ?? []).length > 0) return [];
  return templates.flatMap((template): Diagnostic[] => {
    const { rules } = template.lifecyclePolicy;
    if (!rules.some(({ selection }) => selection.countType === "sinceImagePulled")) return [];
    return [
      diagnostic({
        code: "scans-count-as-pulls",
        path: template.pathOf("lifecycle"),
        constructs: [listedAddress("templates", template.id)],
        message: "counts the days since the last pull, and enhanced scanning is on",
        effect:
          "as users report, pulls of Amazon Inspector change the time of the last pull, so the rule may never apply",
        fix: "list the roles of scanners as pullTimeExclusions, or count the days since the push",
      }),
    ];
  });
}
