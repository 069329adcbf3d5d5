import { isForPulls, PrefixIndex, Registry } from "../modules/domain";
import { compareDescriptions, SettingDifference } from "./compare-descriptions";
import { EcrPort, LiveRepository } from "./ecr-port";
import { ExpectedTemplate, expectedRegistry } from "./expected-registry";
import { inParallel } from "./in-parallel";
import { isGone, Progress, readEach, UnreadRepository } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";

/** A repository that is not as ECR would create it today. */
export interface AuditedRepository {
  /** The repository. */
  readonly repository: LiveRepository;
  /** The template that would create it. */
  readonly template: ExpectedTemplate;
  /** What is not as that template would make it. */
  readonly differences: readonly SettingDifference[];
}

/** What was looked at, and what is not as it would be created today. */
export interface Audit {
  /** How many repositories were compared. */
  readonly repositories: number;
  /** Those that are not as their templates would make them. */
  readonly outdated: readonly AuditedRepository[];
  /** Those that could not be read. */
  readonly unread: readonly UnreadRepository[];
}

/** What no call can change in a repository that exists. */
export function isFixable({ setting }: SettingDifference): boolean {
  return setting !== "encryption";
}

/**
 * Compares every repository under a cached prefix with the template that would create it today: templates change no
 * repository that exists.
 *
 * @throws OtherAccountError before anything is read, if the credentials are of another account
 */
export async function audit(port: EcrPort, registry: Registry, progress: Progress = () => undefined): Promise<Audit> {
  await refuseOtherAccount(port, registry.accountId);
  const cached = cachedRepositories(registry, await port.repositories());
  const compare = async ({ repository, template }: (typeof cached)[number]): Promise<AuditedRepository> => {
    return { repository, template, differences: compareDescriptions(template, await port.describe(repository)) };
  };
  const { found, unread } = await readEach(cached, compare, progress);
  const outdated = found.filter(({ differences }) => differences.length > 0);
  return { repositories: found.length, outdated, unread };
}

/** The repositories under a registry's caches, each with the template that would create it. */
function cachedRepositories(registry: Registry, repositories: readonly LiveRepository[]) {
  const { rules, templates } = expectedRegistry(registry);
  const caches = new PrefixIndex(rules);
  const used = new PrefixIndex(templates.filter(isForPulls));
  return repositories.flatMap((repository) => {
    const template = caches.covering(repository.name) && used.covering(repository.name);
    return template === undefined ? [] : [{ name: repository.name, repository, template }];
  });
}

/** What became of a repository that was to be changed. */
export interface FixedRepository {
  /** The repository's name. */
  readonly name: string;
  /** The settings that were changed. */
  readonly changed: readonly string[];
  /** Why not all were. */
  readonly failure?: string;
}

/**
 * Changes what can be changed in place. Done again after it was stopped, it does what is left.
 *
 * @throws OtherAccountError before anything is changed, if the credentials are of another account
 */
export async function fix(
  port: EcrPort,
  registry: Registry,
  outdated: readonly AuditedRepository[],
  report: (fixed: FixedRepository) => void = () => undefined,
): Promise<FixedRepository[]> {
  await refuseOtherAccount(port, registry.accountId);
  const fixable = outdated.filter(({ differences }) => differences.some(isFixable));
  return inParallel(fixable, async (audited) => {
    const fixed = await fixOne(port, audited);
    report(fixed);
    return fixed;
  });
}

async function fixOne(
  port: EcrPort,
  { repository, template, differences }: AuditedRepository,
): Promise<FixedRepository> {
  const { name, arn } = repository;
  const changed: string[] = [];
  try {
    for (const setting of new Set(differences.filter(isFixable).map((one) => one.setting))) {
      if (setting === "image tags") {
        await port.putImageTagMutability(name, template.imageTagMutability, template.exclusionFilters);
      } else if (setting === "lifecycle policy") await port.putLifecyclePolicy(name, template.lifecyclePolicy);
      else if (setting === "repository policy") await port.putRepositoryPolicy(name, template.repositoryPolicy);
      else if (setting === "tags") await port.tagRepository(arn, template.tags);
      changed.push(setting);
    }
    return { name, changed };
  } catch (error) {
    if (isGone(error)) return { name, changed };
    return { name, changed, failure: (error as Error).message };
  }
}
