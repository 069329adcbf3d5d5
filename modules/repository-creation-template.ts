import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { checkProviderVersion } from "./check-provider-version";
import { Diagnostic, diagnostic } from "./domain/basics";
import { checkTexts, RegistryScope } from "./domain/naming";
import { planned, templateSettings } from "./domain/plan";
import {
  checkRepositoryTemplate,
  needsCustomRole,
  RepositoryTemplate,
  ResolvedTemplate,
  resolveTemplate,
} from "./domain/template";
import { refuseCollisions } from "./refuse-collisions";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

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
    const template = resolveTemplate(props);
    throwErrors(this, [
      ...checkTexts(props, props.registry.region),
      ...checkRepositoryTemplate(props, props.registry, []),
      ...checkComplete(template),
    ]);
    const settings = templateSettings(props.registry, template);
    const resource = planned("aws_ecr_repository_creation_template", this.node.id, settings);
    const plan = { scope: props.registry, resources: [resource] };
    refuseCollisions(this, plan);
    const written = writeResource(this, "Resource", resource.kind, settings, {
      dependsOn: props.dependsOn && [...props.dependsOn],
      importId: props.importExisting ? template.prefix : undefined,
    });
    throwErrors(this, checkProviderVersion(plan, new Map([[resource.address, written]])));
    this.prefix = written.getStringAttribute("prefix");
    this.template = written;
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
