import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { Diagnostic, diagnostic, formatDiagnostic, isUnresolved } from "./domain/basics";
import { RegistryScope } from "./domain/naming";
import { throwErrors } from "./validation-error";

/** How Terraform reaches the registry of a construct. */
export interface ProviderPlace {
  /**
   * The AWS provider that creates the resources.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
  /**
   * The `region` argument of each resource.
   *
   * @default - the provider's Region
   */
  readonly region?: string;
}

/** What is read of the AWS provider, in the bindings of either engine. */
type AwsProvider = TerraformProvider & {
  readonly region?: string;
  readonly allowedAccountIds?: readonly string[];
  readonly forbiddenAccountIds?: readonly string[];
};

/**
 * Finds out how Terraform reaches a registry. Where the provider is configured for another Region, or for a Region that
 * is not known at synth, each resource gets the registry's own Region as an argument.
 *
 * @param registry the registry; without one, the provider's account and Region are meant
 * @throws ValidationError if the provider refuses the registry's account
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
 */
export function providerPlace(
  construct: Construct,
  registry: RegistryScope | undefined,
  provider?: TerraformProvider,
): ProviderPlace {
  if (registry === undefined) return { provider };
  const used: AwsProvider | undefined = provider ?? defaultProvider(construct);
  if (used === undefined) {
    // A provider that is added later is looked at when everything is there.
    const validate = () => checkAccount(registry, defaultProvider(construct)).map(formatDiagnostic);
    construct.node.addValidation({ validate });
  }
  throwErrors(construct, checkAccount(registry, used));
  const isSame = isUnresolved(registry.region) || used?.region === registry.region;
  return { provider, region: isSame ? undefined : registry.region };
}

/** The AWS provider of a stack that has no alias. */
function defaultProvider(construct: IConstruct): AwsProvider | undefined {
  return TerraformStack.of(construct).node.children.find((child): child is AwsProvider => {
    return (
      TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === "aws" && child.alias === undefined
    );
  });
}

function checkAccount({ accountId }: RegistryScope, provider: AwsProvider | undefined): Diagnostic[] {
  const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden = [] } = provider ?? {};
  if (isUnresolved([accountId, allowed ?? [], forbidden])) return [];
  if ((allowed === undefined || allowed.includes(accountId)) && !forbidden.includes(accountId)) return [];
  const message = "must be an account that the AWS provider of the stack allows";
  const fix = `pass the provider of account ${accountId} as provider, or put the registry into a stack of its own`;
  return [diagnostic({ path: ["accountId"], message, value: accountId, fix })];
}
