import { EcrRepositoryCreationTemplate } from "@cdktf/provider-aws/lib/ecr-repository-creation-template";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ImageTagMutability } from "./domain/template/image-tag-mutability";
import { renderLifecyclePolicy } from "./domain/lifecycle";
import { repositoryPolicy } from "./domain/policy";
import { Diagnostic, diagnostic } from "./domain/basics/diagnostic";
import { RegistryScope } from "./domain/naming/registry-scope";
import {
  checkRepositoryTemplate,
  needsCustomRole,
  RepositoryTemplate,
  ResolvedTemplate,
  resolveTemplate,
} from "./domain/template/repository-template";
import { ImportBlock } from "./import-block";
import { refuseSecondOwner } from "./one-owner";
import { policyText } from "./policy-text";
import { throwErrors } from "./validation-error";

/** The first release of the provider after ECR's API had it. */
const CREATE_ON_PUSH_SINCE = "6.28.0";

/** A template, and the registry that it is in. */
export interface RepositoryCreationTemplateProps extends RepositoryTemplate {
  /** The registry that the template belongs to. */
  readonly registry: RegistryScope;
  /**
   * What must exist before ECR can use the template, beside what the props refer to: the role's permissions.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
  /**
   * Whether the template exists already and is taken over. It is changed to what is said here; no repository is.
   *
   * @default false
   */
  readonly importExisting?: boolean;
}

/**
 * The settings of the repositories that ECR will create under a prefix.
 *
 * Used by itself it has no registry to take a key and a role from: `encryption` must name a key or be AES256, and
 * `customRoleArn` must be given as soon as there is a key or a tag.
 *
 * @throws ValidationError if a setting cannot work, by itself, beside the others or with the engine's AWS provider, or
 * if the app has another template for the same prefix of the registry
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export class RepositoryCreationTemplate extends Construct {
  /** The prefix as Terraform reports it (token), so that whatever reads it waits for the template. */
  public readonly prefix: string;
  /** The template itself, for a rule to wait for. */
  public readonly template: ITerraformDependable;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RepositoryCreationTemplateProps) {
    super(scope, id);
    const settings = resolveTemplate(props);
    throwErrors(this, [...checkRepositoryTemplate(props, props.registry, []), ...checkComplete(settings)]);
    refuseSecondOwner(this, `the template for ${settings.prefix}`, props.registry);
    const { encryption, lifecyclePolicy, resourceTags } = settings;
    const policy = repositoryPolicy(props.registry, settings.access);
    const template = new EcrRepositoryCreationTemplate(this, "Resource", {
      prefix: settings.prefix,
      description: settings.description,
      appliedFor: [...settings.appliedFor],
      encryptionConfiguration: [
        { encryptionType: encryption.type, kmsKey: encryption.type === "KMS" ? encryption.keyArn : undefined },
      ],
      ...mutabilityArguments(settings.imageTagMutability),
      lifecyclePolicy: lifecyclePolicy.rules.length === 0 ? undefined : renderLifecyclePolicy(lifecyclePolicy),
      repositoryPolicy: policy && policyText(policy),
      resourceTags: Object.keys(resourceTags).length === 0 ? undefined : { ...resourceTags },
      customRoleArn: settings.customRoleArn,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    if (props.importExisting) new ImportBlock(this, "Import", template, settings.prefix);
    throwErrors(this, checkProvider(settings, template));
    this.prefix = template.prefix;
    this.template = template;
  }
}

/** What a template lacks that nobody will fill in: ECR would accept it, and fail at the first pull. */
function checkComplete(template: ResolvedTemplate): Diagnostic[] {
  const problems: Diagnostic[] = [];
  if (template.encryption.type === "KMS" && template.encryption.keyArn === undefined) {
    problems.push(
      diagnostic({
        path: ["encryption", "keyArn"],
        message: "is missing",
        fix: 'name the key by its full ARN, or write encryption: { type: "AES256" }',
      }),
    );
  }
  if (needsCustomRole(template) && template.customRoleArn === undefined) {
    problems.push(
      diagnostic({
        path: ["customRoleArn"],
        message: "is missing: ECR can use keys and tags only with a custom role",
        fix: "pass the roleArn of a RepositoryCreationTemplateRole",
        code: "no-role",
      }),
    );
  }
  return problems;
}

/**
 * What the provider that the engine brings cannot do yet.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/45720
 */
function checkProvider({ appliedFor }: ResolvedTemplate, template: EcrRepositoryCreationTemplate): Diagnostic[] {
  const version = template.terraformGeneratorMetadata?.providerVersion ?? "";
  if (!appliedFor.includes("CREATE_ON_PUSH") || isAtLeast(version, CREATE_ON_PUSH_SINCE)) return [];
  const message = `must not hold CREATE_ON_PUSH: the AWS provider here is ${version}, and knows it since ${CREATE_ON_PUSH_SINCE}`;
  const fix = "remove it, or use CDK Terrain (cdktn), whose provider is newer";
  return [diagnostic({ path: ["appliedFor"], message, value: appliedFor, fix })];
}

function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, "en", { numeric: true }) >= 0;
}

function mutabilityArguments(mutability: ImageTagMutability) {
  if (typeof mutability === "string") return { imageTagMutability: mutability };
  return {
    imageTagMutability: mutability.type,
    imageTagMutabilityExclusionFilter: mutability.exclusionFilters.map((filter) => ({
      filter,
      filterType: "WILDCARD",
    })),
  };
}
