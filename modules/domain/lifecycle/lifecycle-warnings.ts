import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";
import { LifecyclePolicy, LifecycleRule } from "./lifecycle-policy";

/**
 * The rules whose list has several tags. ECR selects an image only if it has a tag for each of them; most people mean an
 * image with a tag for any of them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function lifecycleWarnings({ rules }: LifecyclePolicy, path: Path = []): Diagnostic[] {
  return rules.flatMap((rule, index): Diagnostic[] => {
    const { tags, list } = tagList(rule);
    if (tags.length < 2 || isUnresolved(tags)) return [];
    const named = tags.map((tag) => JSON.stringify(tag)).join(", ");
    return [
      diagnostic({
        code: "lifecycle-list-means-and",
        path: [...path, "rules", index, "selection", list],
        message: `(${named}) selects only images that have a tag for each entry`,
        effect: "an image with a tag for one of them is not selected: the rule probably selects nothing",
        fix: "write a rule for each entry, as ruleForEachTag does",
      }),
    ];
  });
}

function tagList({ selection }: LifecycleRule): { readonly list: string; readonly tags: readonly string[] } {
  if ("tagPatternList" in selection) return { list: "tagPatternList", tags: selection.tagPatternList };
  if ("tagPrefixList" in selection) return { list: "tagPrefixList", tags: selection.tagPrefixList };
  return { list: "", tags: [] };
}
