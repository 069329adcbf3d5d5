import { prefixContains, Registry } from "../modules/domain";
import { tagsOfMany } from "./bulk-tags";
import { compareDescriptions, Setting, SETTINGS, SettingDifference } from "./compare-descriptions";
import { EcrPort, LiveRepository, LiveTemplate, ReadSetting, TagsByArn } from "./ecr-port";
import { Progress, readEach, Unread } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";
import { coverageIn, TemplateFinding } from "./template-findings";

/** What to audit. */
export interface AuditRequest {
  /**
   * Further descriptions of the same account and Region. Their repositories are left to them.
   *
   * @default - none
   */
  readonly others?: readonly Registry[];
  /**
   * The prefixes of the repositories to compare, or their names.
   *
   * @default - all repositories under the registry's caches
   */
  readonly prefixes?: readonly string[];
  /**
   * The settings to compare.
   *
   * @default - all of them
   */
  readonly settings?: readonly Setting[];
}

/** A repository that differs from the template in AWS that would create it today. */
export interface AuditedRepository {
  /** The repository. */
  readonly repository: LiveRepository;
  /** The template, as it is in AWS. */
  readonly template: LiveTemplate;
  /** Whether that template differs from the description: a change of the repository needs a decision first. */
  readonly isHeld: boolean;
  /** The settings that are different. */
  readonly differences: readonly SettingDifference[];
}

/** What was compared, and what is different. */
export interface Audit extends Unread {
  /** How many repositories were compared. */
  readonly repositories: number;
  /** How many repositories under the registry's caches belong to other environments, and were not compared. */
  readonly elsewhere: number;
  /** How many repositories no template in AWS covers, so that there is nothing to compare them with. */
  readonly uncovered: number;
  /** The prefixes of the request that contain no cached repository. */
  readonly unmatched: readonly string[];
  /** The templates in AWS that differ from the description. */
  readonly templates: readonly TemplateFinding[];
  /** The repositories that differ from their templates. */
  readonly outdated: readonly AuditedRepository[];
}

/** Whether a call can change the setting of a repository that exists. */
export function isFixable({ setting }: SettingDifference): boolean {
  return setting !== "encryption";
}

/**
 * Compares every repository under a cached prefix with the template in AWS that would create it today: templates change
 * no repository that exists. Templates that differ from the description are reported.
 *
 * @throws OtherAccountError before anything is read, if the credentials are of another account
 */
export async function audit(
  port: EcrPort,
  registry: Registry,
  { others = [], prefixes, settings = SETTINGS }: AuditRequest = {},
  progress: Progress = () => undefined,
): Promise<Audit> {
  await refuseOtherAccount(port, registry.accountId);
  const [live, all] = await Promise.all([port.templates(), port.repositories()]);
  const coverage = coverageIn(registry, others, live);
  const meant = all.filter(({ name }) => prefixes?.some((prefix) => prefixContains(prefix, name)) ?? true);
  const cached = meant.filter(({ name }) => coverage.ownerOf(name) === "this");
  const covered = cached.map((repository) => ({ ...coverage.of(repository.name), repository, name: repository.name }));
  const templates = new Map<string, TemplateFinding>();
  for (const { finding } of covered) {
    if (finding === undefined) continue;
    const { repositories = 0 } = templates.get(finding.prefix) ?? {};
    templates.set(finding.prefix, { ...finding, repositories: repositories + 1 });
  }
  const comparable = covered.flatMap(({ template, ...one }) => (template === undefined ? [] : [{ ...one, template }]));
  const needsTags = settings.includes("tags") ? comparable.filter(({ template }) => hasTags(template)) : [];
  const allTags = await tagsOfMany(port, needsTags.length);
  const read = await readEach(
    comparable,
    async ({ repository, template, finding }): Promise<AuditedRepository> => {
      const differences = await compareOne(port, repository, template, settings, allTags);
      return { repository, template, isHeld: finding !== undefined, differences };
    },
    progress,
  );
  return {
    repositories: read.found.length,
    elsewhere: meant.filter(({ name }) => coverage.ownerOf(name) === "other").length,
    uncovered: covered.length - comparable.length,
    unmatched: (prefixes ?? []).filter((prefix) => !cached.some(({ name }) => prefixContains(prefix, name))),
    templates: [...templates.values()].sort((one, other) => (one.prefix < other.prefix ? -1 : 1)),
    outdated: read.found.filter(({ differences }) => differences.length > 0),
    unread: read.unread,
    untried: read.untried,
  };
}

function hasTags({ tags }: LiveTemplate): boolean {
  return Object.keys(tags).length > 0;
}

async function compareOne(
  port: EcrPort,
  repository: LiveRepository,
  template: LiveTemplate,
  settings: readonly Setting[],
  allTags: TagsByArn,
): Promise<SettingDifference[]> {
  const known = allTags.get(repository.arn);
  const toRead: ReadSetting[] = [];
  if (settings.includes("lifecycle policy")) toRead.push("lifecycle policy");
  if (settings.includes("repository policy")) toRead.push("repository policy");
  if (settings.includes("tags") && hasTags(template) && known === undefined) toRead.push("tags");
  const described = await port.describe(repository, toRead);
  const actual = known === undefined ? described : { ...described, tags: known };
  // A template with KMS and without a key means the key of AWS, whose ARN only the repository has.
  const isKeyOfAws = template.encryptionType !== "AES256" && template.kmsKey === undefined;
  const compare = (tags: Readonly<Record<string, string>>) => {
    const compared = { ...actual, tags, ...(isKeyOfAws && { kmsKey: undefined }) };
    return compareDescriptions({ ...template, ownKey: false }, compared).filter(({ setting }) =>
      settings.includes(setting),
    );
  };
  const differences = compare(actual.tags);
  // The tagging API lags behind: a difference that it reports is checked.
  const isStale = known !== undefined && differences.some(({ setting }) => setting === "tags");
  return isStale ? compare(await port.tags(repository.arn)) : differences;
}
