import { isForPulls, PrefixIndex, Registry } from "../modules/domain";
import { compareDescriptions, SettingDifference } from "./compare-descriptions";
import { LiveTemplate } from "./ecr-port";
import { expectedRegistry, ExpectedTemplate } from "./expected-registry";

/** A template that is not in AWS as it is in the description. */
export interface TemplateFinding {
  /** The template's prefix. */
  readonly prefix: string;
  /** `missing`: not in AWS. `different`: with other settings. `extra`: in AWS, and in no environment. */
  readonly state: "missing" | "different" | "extra";
  /** The settings that are different. */
  readonly differences: readonly SettingDifference[];
  /** How many cached repositories it covers. */
  readonly repositories: number;
}

/** The template that would create a repository today, and whether the description agrees. */
export interface Coverage {
  /** The template in AWS; `undefined` if ECR would use its own defaults. */
  readonly template: LiveTemplate | undefined;
  /** Where AWS and the description differ, without the number of repositories. */
  readonly finding: Omit<TemplateFinding, "repositories"> | undefined;
}

/**
 * Finds out which template of a registry in AWS would create a repository today.
 *
 * @param others further descriptions of the same account and Region
 * @param live the templates in AWS
 */
export function coverageIn(registry: Registry, others: readonly Registry[], live: readonly LiveTemplate[]) {
  const own = expectedRegistry(registry);
  const theirs = others.map(expectedRegistry);
  const rules = new PrefixIndex([
    ...own.rules.map(({ prefix }) => ({ prefix, isOwn: true })),
    ...theirs.flatMap((other) => other.rules.map(({ prefix }) => ({ prefix, isOwn: false }))),
  ]);
  const described = new PrefixIndex(own.templates.filter(isForPulls));
  const foreign = new Set(theirs.flatMap((other) => other.templates.map(({ prefix }) => prefix)));
  for (const { prefix } of own.templates) foreign.delete(prefix);
  const inAws = new PrefixIndex(live.filter(isForPulls));
  return {
    /** Whether a cache of this registry covers a repository, and whether another environment has the template for it. */
    ownerOf(repository: string): "this" | "other" | "none" {
      const isOwn = rules.covering(repository)?.isOwn;
      if (isOwn !== true) return isOwn === undefined ? "none" : "other";
      return foreign.has(inAws.covering(repository)?.prefix ?? "") ? "other" : "this";
    },
    /** The coverage of a repository that belongs to this registry. */
    of(repository: string): Coverage {
      const template = inAws.covering(repository);
      return { template, finding: compareTemplates(described.covering(repository), template) };
    },
  };
}

function compareTemplates(
  described: ExpectedTemplate | undefined,
  live: LiveTemplate | undefined,
): Coverage["finding"] {
  if (described?.prefix === live?.prefix) {
    if (described === undefined || live === undefined) return undefined;
    const differences = compareDescriptions(described, live, true);
    return differences.length === 0 ? undefined : { prefix: live.prefix, state: "different", differences };
  }
  // ECR uses the most specific template: the one of the description is missing, or the one in AWS has been added.
  if (live !== undefined && (described === undefined || live.prefix.startsWith(`${described.prefix}/`))) {
    return { prefix: live.prefix, state: "extra", differences: [] };
  }
  return { prefix: described!.prefix, state: "missing", differences: [] };
}
