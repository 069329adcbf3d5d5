import { EcrError } from "./ecr-error";
import { refuseLifecyclePolicy } from "./lifecycle-policy-grammar";
import { pageOf, refusePaging } from "./page";
import { refuseRepositoryPolicy } from "./policy-grammar";
import { RegistryIdentity } from "./registry-identity";
import { mostSpecific, TEMPLATE_PREFIX } from "./repository-prefix";
import { optionalStructure, optionalText, optionalTexts, RequestInput, required, text } from "./request-input";
import { readResourceTags, ResourceTag } from "./resource-tags";
import { readTagMutability, TagMutability } from "./tag-mutability";

/** How a repository is encrypted, as ECR describes it. */
export interface EncryptionConfiguration {
  readonly encryptionType: string;
  readonly kmsKey?: string;
}

/** What a template says of the repositories that ECR creates. */
export interface TemplateSettings extends TagMutability {
  readonly description?: string;
  readonly encryptionConfiguration: EncryptionConfiguration;
  readonly resourceTags?: readonly ResourceTag[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor: readonly string[];
  readonly customRoleArn?: string;
}

/** A template as ECR describes it. */
export interface RepositoryCreationTemplate extends TemplateSettings {
  readonly prefix: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const OCCASIONS = ["REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"];
const KMS_KEY = {
  max: 2048,
  pattern: /^$|^arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-z0-9-]+$/,
};

/** The repository creation templates of a registry. */
export class RepositoryCreationTemplates {
  private readonly byPrefix = new Map<string, RepositoryCreationTemplate>();

  constructor(private readonly identity: RegistryIdentity) {}

  public get all(): readonly RepositoryCreationTemplate[] {
    return [...this.byPrefix.values()];
  }

  /** The template by which ECR creates a repository of a name on an occasion. */
  public covering(repositoryName: string, occasion: string): RepositoryCreationTemplate | undefined {
    const applied = this.all.filter(({ appliedFor }) => appliedFor.includes(occasion));
    return mostSpecific(applied, ({ prefix }) => prefix, repositoryName);
  }

  public create(input: RequestInput) {
    const prefix = text(input, "prefix", TEMPLATE_PREFIX);
    const { appliedFor, ...settings } = readSettings(input);
    const now = this.identity.now();
    const template: RepositoryCreationTemplate = {
      prefix,
      imageTagMutability: "MUTABLE",
      encryptionConfiguration: { encryptionType: "AES256" },
      ...settings,
      appliedFor: required(appliedFor, "appliedFor"),
      createdAt: now,
      updatedAt: now,
    };
    if (this.byPrefix.has(prefix)) {
      const message = `The repository creation template with prefix '${prefix}' already exists`;
      throw new EcrError("TemplateAlreadyExistsException", message);
    }
    this.byPrefix.set(prefix, template);
    return this.answer(template);
  }

  /** What a request does not say stays as it is; no repository changes. */
  public update(input: RequestInput) {
    const { imageTagMutabilityExclusionFilters: filters, ...template } = this.get(input);
    const settings = readSettings(input);
    const updated: RepositoryCreationTemplate = {
      ...template,
      ...(settings.imageTagMutability === undefined && { imageTagMutabilityExclusionFilters: filters }),
      ...settings,
      updatedAt: this.identity.now(),
    };
    this.byPrefix.set(template.prefix, updated);
    return this.answer(updated);
  }

  public delete(input: RequestInput) {
    const template = this.get(input);
    this.byPrefix.delete(template.prefix);
    return this.answer(template);
  }

  /** A prefix without a template is left out: the API model knows no error for it here. */
  public describe(input: RequestInput) {
    const prefixes = optionalTexts(input, "prefixes", TEMPLATE_PREFIX);
    const { accountId: registryId } = this.identity;
    if (prefixes === undefined) {
      const { items, nextToken } = pageOf(this.all, input);
      return { registryId, repositoryCreationTemplates: items, nextToken };
    }
    refusePaging(input, "prefixes");
    const named = this.all.filter(({ prefix }) => prefixes.includes(prefix));
    return { registryId, repositoryCreationTemplates: named, nextToken: undefined };
  }

  private get(input: RequestInput): RepositoryCreationTemplate {
    const prefix = text(input, "prefix", TEMPLATE_PREFIX);
    const template = this.byPrefix.get(prefix);
    if (template !== undefined) return template;
    const message = `The repository creation template with prefix '${prefix}' does not exist`;
    throw new EcrError("TemplateNotFoundException", message);
  }

  private answer(repositoryCreationTemplate: RepositoryCreationTemplate) {
    return { registryId: this.identity.accountId, repositoryCreationTemplate };
  }
}

/** What a request says. That a key or tags need a role shows only when a repository is to be created. */
function readSettings(input: RequestInput): Partial<TemplateSettings> {
  const repositoryPolicy = optionalText(input, "repositoryPolicy");
  if (repositoryPolicy) refuseRepositoryPolicy(repositoryPolicy);
  const lifecyclePolicy = optionalText(input, "lifecyclePolicy");
  if (lifecyclePolicy) refuseLifecyclePolicy(lifecyclePolicy);
  const settings: Partial<TemplateSettings> = {
    description: optionalText(input, "description", { max: 256 }),
    encryptionConfiguration: readEncryption(input),
    resourceTags: readResourceTags(input, "resourceTags"),
    ...readTagMutability(input),
    repositoryPolicy,
    lifecyclePolicy,
    appliedFor: optionalTexts(input, "appliedFor", { values: OCCASIONS }),
    customRoleArn: optionalText(input, "customRoleArn", { max: 2048 }),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function readEncryption(input: RequestInput): EncryptionConfiguration | undefined {
  const encryption = optionalStructure(input, "encryptionConfiguration");
  if (encryption === undefined) return undefined;
  const encryptionType = text(encryption, "encryptionType", { values: ["AES256", "KMS", "KMS_DSSE"] });
  const kmsKey = optionalText(encryption, "kmsKey", KMS_KEY);
  return { encryptionType, ...(kmsKey && { kmsKey }) };
}
