import { DiagnosticJson, ExplainedPull, PullThroughCache } from "../modules/domain";
import { Setting } from "../operations/compare-descriptions";
import { RegistryDifference } from "../operations/compare-registry";
import { CredentialAge } from "../operations/credential-ages";
import { CleanedItem, CleanupItem } from "../operations/cleanup";
import { FailureGroup } from "../operations/failures";
import { FixedRepository, LostAccess } from "../operations/fix";
import { TemplateFinding } from "../operations/template-findings";
import { CacheUsage } from "../operations/usage";
import { WarmedImage } from "../operations/warm";
import { CheckedImage } from "./images/check-images";
import { Difference } from "../stacks/report/compare-environments";
import { printJson as printValue } from "./print";

/** The version of the output that `--json` prints. It changes when a field is removed, renamed or changes its meaning. */
export const OUTPUT_VERSION = 1;

/** What every command prints with `--json`. */
interface Output<C extends string> {
  /** The version of the output. It changes when a field is removed, renamed or changes its meaning. */
  readonly schemaVersion: typeof OUTPUT_VERSION;
  /** The command that printed it. */
  readonly command: C;
}

/** What a command about one environment prints. */
interface EnvironmentOutput<C extends string> extends Output<C> {
  /** The name of the environment, or of its stack in a further Region. */
  readonly environment: string;
}

/** What a command that reads many repositories could not read. */
interface UnreadOutput {
  /** The repositories that could not be read, by the reasons. */
  readonly unread: readonly FailureGroup[];
  /** How many repositories were not tried, because they would have failed for the same reason. */
  readonly untried: number;
}

/** What a command that changes many repositories could not change. */
interface FailedOutput {
  /** The failures by their reasons. */
  readonly failures: readonly FailureGroup[];
  /** How many repositories were not tried, because they would have failed for the same reason. */
  readonly untried: number;
}

/** The output of `check --json`. */
export interface CheckOutput extends Output<"check"> {
  /** What was found in all environments. */
  readonly diagnostics: readonly (DiagnosticJson & {
    /** The environment's name, or its place in the list where it has none. */
    readonly environment: string;
    /** Its place in a file: `environments.yaml:3:5`. */
    readonly place?: string;
  })[];
}

/** The output of `verify --json`. */
export interface VerifyOutput extends EnvironmentOutput<"verify"> {
  /** How many rules the environment has. */
  readonly rules: number;
  /** How many templates the environment has. */
  readonly templates: number;
  /** What another tool owns, and was not compared. */
  readonly skipped: readonly string[];
  /** What is different, and the credentials that expire soon. */
  readonly differences: readonly RegistryDifference[];
  /** The ages of the credentials that the environment's rules use. */
  readonly credentials: readonly CredentialAge[];
}

/** A repository that differs from its template. */
interface OutdatedOutput {
  /** The repository's name. */
  readonly repository: string;
  /** The prefix of its template in AWS. */
  readonly template: string;
  /** Whether that template differs from the description, so that `--fix` leaves the repository alone. */
  readonly isHeld: boolean;
  /** The settings that are different. */
  readonly differences: readonly {
    /** The setting. */
    readonly setting: Setting;
    /** The value of the template, in words. */
    readonly expected: string;
    /** The value of the repository, in words. */
    readonly actual: string;
    /** Whether the actual statement allows something today that the template does not. */
    readonly revokes?: true;
    /** An explanation of the actual value. */
    readonly note?: string;
    /** Whether `--fix` can change it. */
    readonly fixable: boolean;
  }[];
}

/** The output of `audit --json`. */
export interface AuditOutput extends EnvironmentOutput<"audit">, UnreadOutput {
  /** How many repositories were compared. */
  readonly repositories: number;
  /** How many repositories belong to other environments, and were not compared. */
  readonly elsewhere: number;
  /** How many repositories no template in AWS covers. */
  readonly uncovered: number;
  /** The prefixes of `--prefix` that contain no cached repository. */
  readonly unmatched: readonly string[];
  /** The templates in AWS that differ from the description. */
  readonly templates: readonly TemplateFinding[];
  /** The repositories that differ from their templates. */
  readonly outdated: readonly OutdatedOutput[];
  /** With `--fix`: what it would change. */
  readonly plan?: {
    /** The names of the repositories. */
    readonly repositories: readonly string[];
    /** How many repositories would be changed, for each setting. */
    readonly totals: Readonly<Partial<Record<Setting, number>>>;
    /** The statements that allow something today and would be gone. */
    readonly lostAccess: readonly LostAccess[];
    /** How many repositories are left alone because their template in AWS differs from the description. */
    readonly held: number;
    /** How many repositories are left for another run because of `--limit`. */
    readonly beyondLimit: number;
  };
  /** With `--fix`, after it was confirmed: the results. */
  readonly fixed?: FailedOutput & {
    /** Each repository that was tried. */
    readonly repositories: readonly FixedRepository[];
  };
}

/** The output of `cleanup --json`. */
export interface CleanupOutput extends EnvironmentOutput<"cleanup">, UnreadOutput {
  /** The age in days of the images that the plan is about; left out for all images. */
  readonly olderThanDays?: number;
  /** The time according to AWS from which the age counts. */
  readonly now: string;
  /** What would be deleted. */
  readonly items: readonly (Omit<CleanupItem, "lastPulledAt"> & {
    /** The latest pull of any image of the repository, also of those that stay, as far as ECR recorded it. */
    readonly lastPulledAt?: string;
  })[];
  /** The repositories that are kept because they were probably not created by a pull. */
  readonly notCreatedByPull: readonly string[];
  /** The prefixes that contain no repository. */
  readonly unmatched: readonly string[];
  /** With `--yes`: the results. */
  readonly cleaned?: FailedOutput & {
    /** Each repository that was tried. */
    readonly repositories: readonly CleanedItem[];
  };
}

/** The output of `usage --json`. */
export interface UsageOutput extends EnvironmentOutput<"usage">, UnreadOutput {
  /** Images that have not been used for so many days count as unused. */
  readonly days: number;
  /** Each cache of the environment. */
  readonly caches: readonly CacheUsage[];
}

/** The output of `warm --json`. */
export interface WarmOutput extends EnvironmentOutput<"warm"> {
  /** Each image, once for each cache that serves it. */
  readonly images: readonly WarmedImage[];
}

/** The output of `explain --json`. */
export interface ExplainOutput extends EnvironmentOutput<"explain"> {
  /** One pull for each cache that serves the image. */
  readonly pulls: readonly ExplainedPull[];
}

/** The output of `images --json`. */
export interface ImagesOutput extends Output<"images"> {
  /** The name of the environment that the images were checked against; left out without `--env`. */
  readonly environment?: string;
  /** Each image once, with the places that name it. */
  readonly images: readonly CheckedImage[];
  /** The files that could not be read as a whole. */
  readonly unread: readonly {
    /** The file's path. */
    readonly file: string;
    /** Why it could not be read. */
    readonly reason: string;
  }[];
  /** With `--suggest`: the caches that the images need and the environment does not have. */
  readonly caches?: readonly PullThroughCache[];
}

/** The output of `diff-env --json`. */
export interface DiffEnvOutput extends Output<"diff-env"> {
  /** The names of the two environments. */
  readonly environments: readonly string[];
  /** What differs between them. */
  readonly differences: readonly (Omit<Difference, "values"> & {
    /** The value of each environment; `null` if it has none. */
    readonly values: readonly (string | null)[];
  })[];
}

/** What a command prints with `--json`. */
export type CommandOutput =
  | CheckOutput
  | VerifyOutput
  | AuditOutput
  | CleanupOutput
  | UsageOutput
  | WarmOutput
  | ExplainOutput
  | ImagesOutput
  | DiffEnvOutput;

type WithoutVersion<T> = T extends CommandOutput ? Omit<T, "schemaVersion"> : never;

/** Prints the result of a command in the form that help/output.schema.json describes. */
export function printJson(output: WithoutVersion<CommandOutput>): void {
  printValue({ schemaVersion: OUTPUT_VERSION, ...output });
}
