import { TerraformMetaArguments, TerraformProviderGeneratorMetadata, TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";

const TYPE = "aws_ecr_pull_time_update_exclusion";

interface EcrPullTimeUpdateExclusionConfig extends TerraformMetaArguments {
  readonly principalArn: string;
}

/**
 * A role whose pulls do not change the time of an image's last pull. CDKTF's binding is older than the resource.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_pull_time_update_exclusion
 */
export class EcrPullTimeUpdateExclusion extends TerraformResource {
  /** The Region, where it is not the provider's. */
  public region: string | undefined = undefined;
  private readonly principalArn: string;

  /** The id becomes a part of the Terraform address: changing it replaces the exclusion. */
  constructor(scope: Construct, id: string, { principalArn, ...meta }: EcrPullTimeUpdateExclusionConfig) {
    super(scope, id, { terraformResourceType: TYPE, terraformGeneratorMetadata: awsMetadata(scope), ...meta });
    this.principalArn = principalArn;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { principal_arn: this.principalArn, region: this.region };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const text = (value: string) => ({ value, isBlock: false, type: "simple", storageClassType: "string" });
    return {
      principal_arn: text(this.principalArn),
      ...(this.region !== undefined && { region: text(this.region) }),
    };
  }
}

/** The name and version of the AWS provider of the engine's binding, from another construct of the stack. */
function awsMetadata(scope: Construct): TerraformProviderGeneratorMetadata | undefined {
  for (const construct of TerraformStack.of(scope).node.findAll()) {
    const { terraformGeneratorMetadata: metadata } = construct as Partial<TerraformResource>;
    if (metadata?.providerName === "aws") return metadata;
  }
  return undefined;
}
