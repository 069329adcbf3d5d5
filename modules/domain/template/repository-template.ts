import { checkImageTagMutability, DEFAULT_IMAGE_TAG_MUTABILITY, ImageTagMutability } from "./image-tag-mutability";
import { checkLifecycle, Lifecycle, LifecyclePolicy, lifecycleRules } from "../lifecycle";
import { checkRepositoryAccess, Principal, RepositoryAccess } from "../policy";
import { checkCustomRole, checkResourceTags, checkTemplatePrefix, RegistryScope, ResourceTags } from "../naming";
import { Diagnostic, diagnostic, isUnresolved, merge, Overrides, Path, pathInOverrides } from "../basics";
import {
  checkRepositoryEncryption,
  DEFAULT_ENCRYPTION,
  RepositoryEncryption,
  usesCreatedKey,
} from "./repository-encryption";

/**
 * The occasions on which ECR creates a repository by itself and consults a template. `CREATE_ON_PUSH` needs the AWS
 * provider 6.28.0 or newer, which CDK Terrain brings and CDKTF does not. With it, whoever may create repositories can
 * leave empty ones behind by a push that the repository's own policy then refuses.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 * @see https://github.com/aws/containers-roadmap/issues/853
 */
export type AppliedFor = "CREATE_ON_PUSH" | "PULL_THROUGH_CACHE" | "REPLICATION";

const APPLIED_FOR: readonly unknown[] = ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION"];
/** The Terraform provider's limit; ECR's own is one more. */
const LONGEST_DESCRIPTION = 255;

/** The settings of repositories that ECR creates. */
export interface RepositorySettings {
  /**
   * A note of up to 255 characters for people who read the template in AWS.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * The occasions on which ECR uses the settings.
   *
   * @default ["PULL_THROUGH_CACHE"]
   */
  readonly appliedFor?: readonly AppliedFor[];
  /**
   * Whether tags can move, which in a cache also decides whether ECR follows a tag that moved upstream.
   *
   * @default - no tag except `latest` can move
   */
  readonly imageTagMutability?: ImageTagMutability;
  /**
   * How images are encrypted. It can never be changed for a repository that exists.
   *
   * @default - the registry's own customer key, `{ type: "KMS" }`
   */
  readonly encryption?: RepositoryEncryption;
  /**
   * Which images ECR deletes or archives by itself. `[]` for none.
   *
   * @default - untagged images expire 30 days after they were pushed
   */
  readonly lifecycle?: Lifecycle;
  /**
   * Who is allowed to use the repositories, by a repository policy. Identities of the registry's own account can also
   * be allowed by their own IAM policies; `denyOthers: true` prevents that.
   *
   * @default - the registry's pullers are allowed to pull
   */
  readonly access?: RepositoryAccess;
  /**
   * Tags of the repositories, in addition to the registry's own.
   *
   * @default - only the registry's tags
   */
  readonly resourceTags?: ResourceTags;
  /**
   * The ARN of the role with which ECR creates the repositories, in the registry's account. ECR needs one as soon as
   * a template names a key or tags.
   *
   * @default - a role that is created with the registry where one is needed
   */
  readonly customRoleArn?: string;
}

/**
 * A repository creation template: the settings of the repositories that ECR will create under a prefix, laid over those
 * of every repository. It changes no repository that exists.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export interface RepositoryTemplate extends Overrides<RepositorySettings> {
  /**
   * The prefix of the repositories' names, or `ROOT` for those that no other template covers. Of several that cover
   * a name ECR takes the longest. Changing it replaces the template.
   *
   * @minLength 2
   * @maxLength 256
   */
  readonly prefix: string;
  /**
   * The construct id of the template, which is part of its Terraform address. Needed only where the prefix is not
   * known at synth.
   *
   * @default - the prefix
   */
  readonly id?: string;
}

/** A template in which every setting has been settled. */
export interface ResolvedTemplate {
  /** What the names of its repositories start with, without the slash. */
  readonly prefix: string;
  /** Its part of the Terraform address. */
  readonly id: string;
  /** What it is for. */
  readonly description: string | undefined;
  /** The occasions on which ECR creates repositories from it. */
  readonly appliedFor: readonly AppliedFor[];
  /** Which tags can move. */
  readonly imageTagMutability: ImageTagMutability;
  /** With which key images are encrypted. */
  readonly encryption: RepositoryEncryption;
  /** Which images ECR deletes or archives by itself. */
  readonly lifecyclePolicy: LifecyclePolicy;
  /** Who may do what with its repositories. */
  readonly access: RepositoryAccess;
  /** The AWS tags of its repositories. */
  readonly resourceTags: ResourceTags;
  /** The role with which ECR creates them; where there is none, the one that is created here, if one is needed. */
  readonly customRoleArn: string | undefined;
}

/** Whether ECR consults a template when it creates a repository for a pull. */
export function isForPulls({ appliedFor }: { readonly appliedFor: readonly string[] }): boolean {
  return appliedFor.includes("PULL_THROUGH_CACHE");
}

/** The safe default of each setting. */
const DEFAULTS: RepositorySettings = {
  appliedFor: ["PULL_THROUGH_CACHE"],
  imageTagMutability: DEFAULT_IMAGE_TAG_MUTABILITY,
  encryption: DEFAULT_ENCRYPTION,
  // Security Hub's ECR.3 asks for a lifecycle policy; this one deletes only what no tag names any more.
  lifecycle: [{ expireUntagged: { afterDays: 30 } }],
};

/** What a registry adds to the settings of its repositories. */
export interface TemplateSurroundings {
  /** The principals that are allowed to pull through the caches. */
  readonly pullers?: readonly Principal[];
  /** The ids of accounts whose registries cache this one. */
  readonly downstreamAccounts?: readonly string[];
  /** Tags of everything. */
  readonly tags?: ResourceTags;
}

/** The settings that those of every repository are laid over. */
export function inheritedSettings({ pullers, tags }: TemplateSurroundings): RepositorySettings {
  return { ...DEFAULTS, access: { pull: pullers }, resourceTags: { ...tags } };
}

/** Fills in every default of a template: its own settings over those of every repository over the safe defaults. */
export function resolveTemplate(
  { prefix, id = prefix, ...own }: RepositoryTemplate,
  repositories: Overrides<RepositorySettings> = {},
  registry: TemplateSurroundings = {},
): ResolvedTemplate {
  const settings = merge<RepositorySettings>(inheritedSettings(registry), repositories, own);
  return {
    prefix,
    id,
    description: settings.description,
    appliedFor: [...new Set(settings.appliedFor)].sort(),
    imageTagMutability: settings.imageTagMutability!,
    encryption: settings.encryption!,
    lifecyclePolicy: { rules: lifecycleRules(settings.lifecycle!) },
    access: withDownstream(settings.access!, registry),
    resourceTags: settings.resourceTags!,
    customRoleArn: settings.customRoleArn,
  };
}

/** Lets accounts cache the repositories in their own registries; what remains is the registry policy's to allow. */
function withDownstream(access: RepositoryAccess, { downstreamAccounts = [] }: TemplateSurroundings): RepositoryAccess {
  if (downstreamAccounts.length === 0) return access;
  const principals = downstreamAccounts.map((account) => ({ account }));
  const statement = { sid: "AllowDownstream", principals, actions: ["ecr:GetImageCopyStatus"] as const };
  const { pull = [] } = access;
  // An account may be among the pullers already.
  const others = principals.filter(({ account }) => !pull.some((one) => isAccount(one, account)));
  return {
    ...access,
    pull: [...pull, ...others],
    statements: [statement, ...(access.statements ?? [])],
  };
}

/** Whether a principal is the whole of an account, and not an identity in it. */
function isAccount(principal: Principal, account: string): boolean {
  return Object.keys(principal).join() === "account" && "account" in principal && principal.account === account;
}

/** Whether ECR can create the template's repositories only with a custom role. */
export function needsCustomRole(template: ResolvedTemplate): boolean {
  return template.encryption.type !== "AES256" || Object.keys(template.resourceTags).length > 0;
}

/** Whether a template's repositories are encrypted with the key that is created with the registry. */
export function usesOwnKey({ encryption }: ResolvedTemplate): boolean {
  return usesCreatedKey(encryption);
}

/** Whether a template is created with the registry's own role, since it needs one and brings none. */
export function usesOwnRole(template: ResolvedTemplate): boolean {
  return needsCustomRole(template) && template.customRoleArn === undefined;
}

/** Checks a template, laid over the settings of every repository. */
export function checkRepositoryTemplate(
  template: RepositoryTemplate,
  scope: RegistryScope,
  path: Path,
  inherited: RepositorySettings = inheritedSettings({}),
): Diagnostic[] {
  const { prefix, id: _id, ...own } = template;
  return [...checkTemplatePrefix(prefix, [...path, "prefix"]), ...checkOverrides(own, inherited, scope, path)];
}

/** Checks settings that are laid over others. What is wrong with the inherited ones is reported where they are written. */
export function checkOverrides(
  own: Overrides<RepositorySettings>,
  inherited: RepositorySettings,
  scope: RegistryScope,
  path: Path,
): Diagnostic[] {
  return checkRepositorySettings(merge<RepositorySettings>(inherited, own), scope).flatMap((one) => {
    const place = pathInOverrides(one.path, inherited, own);
    return place === undefined ? [] : [{ ...one, path: [...path, ...place] }];
  });
}

/** Checks the settings of repositories. */
export function checkRepositorySettings(settings: RepositorySettings, scope: RegistryScope): Diagnostic[] {
  const { description, appliedFor, imageTagMutability, encryption, lifecycle, access, resourceTags, customRoleArn } =
    settings;
  const problems: Diagnostic[] = [];
  if (description !== undefined && !isUnresolved(description) && description.length > LONGEST_DESCRIPTION) {
    const message = `must have at most ${LONGEST_DESCRIPTION} characters, but has ${description.length}`;
    problems.push(diagnostic({ path: ["description"], message, value: description, fix: "shorten it" }));
  }
  return [
    ...problems,
    ...(appliedFor && !isUnresolved(appliedFor) ? checkAppliedFor(appliedFor, ["appliedFor"]) : []),
    ...(imageTagMutability ? checkImageTagMutability(imageTagMutability, ["imageTagMutability"]) : []),
    ...(encryption ? checkRepositoryEncryption(encryption, scope, ["encryption"]) : []),
    ...(lifecycle ? checkLifecycle(lifecycle, ["lifecycle"]) : []),
    ...(access ? checkRepositoryAccess(scope, access, ["access"]) : []),
    ...(resourceTags ? checkResourceTags(resourceTags, ["resourceTags"]) : []),
    ...(customRoleArn ? checkCustomRole(customRoleArn, scope, ["customRoleArn"]) : []),
  ];
}

function checkAppliedFor(appliedFor: readonly AppliedFor[], path: Path): Diagnostic[] {
  const fix = 'write some of "PULL_THROUGH_CACHE", "REPLICATION" and "CREATE_ON_PUSH"';
  if (appliedFor.length === 0)
    return [diagnostic({ path, message: "must name at least one occasion", value: appliedFor, fix })];
  return appliedFor.flatMap((occasion, index) =>
    APPLIED_FOR.includes(occasion)
      ? []
      : [
          diagnostic({
            path: [...path, index],
            message: "must be an occasion that a template can apply for",
            value: occasion,
            fix,
          }),
        ],
  );
}
