import { TerraformElement, TerraformResource } from "cdktf";
import { Construct } from "constructs";

/**
 * Terraform's `import` block: a resource that exists is taken over instead of created. The resource's own `importFrom`
 * would do the same, but it runs `terraform version` at synth, which must not need Terraform.
 *
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export class ImportBlock extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly resource: TerraformResource,
    private readonly importId: string,
  ) {
    super(scope, id);
  }

  public override toTerraform(): object {
    const { terraformResourceType, friendlyUniqueId } = this.resource;
    return { import: [{ to: `${terraformResourceType}.${friendlyUniqueId}`, id: this.importId }] };
  }
}
