import { Registry } from "../modules/domain";
import { AuditedRepository, isFixable } from "./audit";
import { Setting } from "./compare-descriptions";
import { EcrPort } from "./ecr-port";
import { Failures, FailureGroup } from "./failures";
import { inParallel } from "./in-parallel";
import { isGone } from "./read-each";
import { refuseMissingPrincipals } from "./refuse-missing-principals";
import { refuseOtherAccount } from "./refuse-other-account";

/** What to change. */
export interface FixRequest {
  /**
   * Whether repositories are changed whose template in AWS differs from the description.
   *
   * @default false
   */
  readonly includeHeld?: boolean;
  /**
   * The most repositories that are changed, in the order of their names.
   *
   * @default - no limit
   */
  readonly limit?: number;
}

/** Access that a change takes away. */
export interface LostAccess {
  /** The statement that allows something today. */
  readonly statement: string;
  /** How many repositories have it. */
  readonly count: number;
  /** The first of them by name. */
  readonly example: string;
}

/** What a fix would change. */
export interface FixPlan {
  /** The repositories that would be changed. */
  readonly repositories: readonly AuditedRepository[];
  /** How many repositories would be changed, for each setting. */
  readonly totals: Readonly<Partial<Record<Setting, number>>>;
  /** The statements that allow something today and would be gone. */
  readonly lostAccess: readonly LostAccess[];
  /** How many repositories are left alone because their template in AWS differs from the description. */
  readonly held: number;
  /** How many repositories are left for another run because of the limit. */
  readonly beyondLimit: number;
}

/** Plans what can be changed in place. It changes nothing. */
export function planFix(
  outdated: readonly AuditedRepository[],
  { includeHeld = false, limit = Infinity }: FixRequest = {},
): FixPlan {
  const fixable = outdated.filter(({ differences }) => differences.some(isFixable));
  const meant = fixable.filter(({ isHeld }) => includeHeld || !isHeld);
  const repositories = meant.slice(0, limit);
  const totals: Partial<Record<Setting, number>> = {};
  const lost = new Map<string, string[]>();
  for (const { repository, differences } of repositories) {
    for (const setting of settingsOf(differences)) totals[setting] = (totals[setting] ?? 0) + 1;
    for (const { actual } of differences.filter(({ revokes }) => revokes)) {
      lost.set(actual, [...(lost.get(actual) ?? []), repository.name]);
    }
  }
  return {
    repositories,
    totals,
    lostAccess: [...lost].map(([statement, names]) => ({ statement, count: names.length, example: names[0]! })),
    held: fixable.length - meant.length,
    beyondLimit: meant.length - repositories.length,
  };
}

function settingsOf(differences: AuditedRepository["differences"]): Set<Setting> {
  return new Set(differences.filter(isFixable).map(({ setting }) => setting));
}

/** The result for a repository that was to be changed. */
export interface FixedRepository {
  /** The repository's name. */
  readonly name: string;
  /** The settings that were changed. */
  readonly changed: readonly Setting[];
  /** Why not all were. */
  readonly failure?: string;
}

/** The results for all repositories that were to be changed. */
export interface Fixed {
  /** Each repository that was tried. */
  readonly repositories: readonly FixedRepository[];
  /** The failures by their reasons. */
  readonly failures: readonly FailureGroup[];
  /** How many repositories were not tried, because they would have failed for the same reason. */
  readonly untried: number;
}

/**
 * Changes what was planned. Run again after it was stopped, it does the rest.
 *
 * @throws OtherAccountError before anything is changed, if the credentials are of another account
 * @throws MissingPrincipalError before anything is changed, if a policy names a role or a user that does not exist
 */
export async function fix(
  port: EcrPort,
  registry: Registry,
  { repositories }: Pick<FixPlan, "repositories">,
  report: (fixed: FixedRepository) => void = () => undefined,
): Promise<Fixed> {
  await refuseOtherAccount(port, registry.accountId);
  const policies = repositories.flatMap(({ template, differences }) =>
    settingsOf(differences).has("repository policy") ? [template.repositoryPolicy] : [],
  );
  await refuseMissingPrincipals(port, registry.accountId, policies);
  const failures = new Failures();
  const fixed = await inParallel(repositories, async (audited): Promise<FixedRepository[]> => {
    if (failures.isHopeless) return [];
    const one = await fixOne(port, audited, failures);
    report(one);
    return [one];
  });
  const tried = fixed.flat();
  return { repositories: tried, failures: failures.groups, untried: repositories.length - tried.length };
}

async function fixOne(
  port: EcrPort,
  { repository, template, differences }: AuditedRepository,
  failures: Failures,
): Promise<FixedRepository> {
  const { name, arn } = repository;
  const changed: Setting[] = [];
  try {
    for (const setting of settingsOf(differences)) {
      if (setting === "image tags") {
        await port.putImageTagMutability(name, template.imageTagMutability, template.exclusionFilters);
      } else if (setting === "lifecycle policy") await port.putLifecyclePolicy(name, template.lifecyclePolicy);
      else if (setting === "repository policy") await port.putRepositoryPolicy(name, template.repositoryPolicy);
      else if (setting === "tags") await port.tagRepository(arn, template.tags);
      changed.push(setting);
      failures.succeeded();
    }
    return { name, changed };
  } catch (error) {
    if (isGone(error)) return { name, changed };
    failures.add(name, error);
    return { name, changed, failure: (error as Error).message };
  }
}
