import { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { creationRoleName, RegistryScope, ResourceTags } from "./domain/naming";
import { creationRole, creationRolePolicy } from "./domain/plan";
import { checkCreationTemplateRolePermissions, CreationTemplateRoleNeeds } from "./domain/policy";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

/** What the role is for. */
export interface RepositoryCreationTemplateRoleProps {
  /** The registry in which ECR creates repositories. */
  readonly registry: RegistryScope;
  /**
   * The role's name. IAM is one for all regions, so the name must tell a registry from the account's others.
   *
   * @default - `EcrRepositoryCreation-` and the region
   */
  readonly name?: string;
  /**
   * The ARN of a policy that bounds the role, where the account demands one.
   *
   * @default - none
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * The IAM path of the role, with a slash at each end.
   *
   * @default "/"
   */
  readonly path?: string;
  /**
   * Tags of the role.
   *
   * @default - none
   */
  readonly tags?: ResourceTags;
}

/**
 * The role with which ECR creates repositories from templates that name a key or tags. ECR's own service-linked role
 * can do neither, and the first pull then fails with "repository does not exist".
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 */
export class RepositoryCreationTemplateRole extends Construct {
  /** The role's ARN (token). */
  public readonly roleArn: string;
  private readonly registry: RegistryScope;
  private readonly role: TerraformResource;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RepositoryCreationTemplateRoleProps) {
    super(scope, id);
    this.registry = props.registry;
    const {
      name = creationRoleName(props.registry.region),
      permissionsBoundaryArn: permissionsBoundary,
      path,
      tags,
    } = props;
    this.role = writeResource(
      this,
      "Resource",
      "aws_iam_role",
      creationRole(name, { permissionsBoundary, path, tags }),
    );
    this.roleArn = this.role.getStringAttribute("arn");
  }

  /**
   * Lets the role create the repositories of the given templates, once.
   *
   * It is apart from the constructor because a key's policy names the role, and the role's permissions name the key.
   *
   * @throws ValidationError if a prefix or a key cannot work, or the policy would be too long
   * @returns what a template must wait for before ECR can use the role
   */
  public allow(needs: CreationTemplateRoleNeeds): ITerraformDependable {
    throwErrors(this, checkCreationTemplateRolePermissions(this.registry, needs));
    const policy = creationRolePolicy(this.registry, this.role.getStringAttribute("name"), needs);
    return writeResource(this, "Policy", "aws_iam_role_policy", policy);
  }
}
