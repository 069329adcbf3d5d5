import { Annotations, TerraformProvider } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { checkProviderVersion } from "./check-provider-version";
import { Diagnostic, formatDiagnostic, isOpenWarning } from "./domain/basics";
import { checkRegistry } from "./domain/checks";
import { registryHost, ROOT_PREFIX } from "./domain/naming";
import { ofKind, planRegistry, referencesIn, RegistryPlan } from "./domain/plan";
import { Registry, resolveRegistry } from "./domain/registry";
import { providerPlace } from "./provider-place";
import { refuseCollisions } from "./refuse-collisions";
import { throwErrors } from "./validation-error";
import { writePlan } from "./write-resource";

/** A registry, as its owners describe it. */
export interface EcrRegistryProps extends Registry {
  /**
   * The AWS provider that creates the resources, for a registry in another account than the stack's default provider.
   * Where the provider has another Region, each resource gets the registry's Region as an argument.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * A private registry that caches upstream registries: the rules and their credentials, the templates of the
 * repositories that ECR will create, with the key and the role they need, the registry's policy and its scanning.
 *
 * It owns what an account and region have only once (policy and scanning configuration), so there must be one of it
 * for each account and region, in whatever stack.
 *
 * @example
 * new EcrRegistry(this, "registry", {
 *   accountId: "111122223333",
 *   region: "us-east-1",
 *   caches: [{ upstream: "quay" }],
 * });
 *
 * @throws ValidationError with everything that is wrong with the description, or if the provider refuses the account
 */
export class EcrRegistry extends Construct {
  /** The host that `docker login` and `docker pull` name. */
  public readonly host: string;
  /** What to put before an upstream image's path to pull it through a cache, by the cache's id. */
  public readonly pullPrefixes: Readonly<Record<string, string>>;
  /** What to put into the secrets whose value comes from elsewhere, by their names. */
  public readonly secretsToFill: Readonly<Record<string, string>>;
  /** The ARN of the registry's own key (token), if a template uses it. */
  public readonly keyArn: string | undefined;
  /** The ARN of the role with which ECR creates repositories (token), if a template needs it. */
  public readonly templateRoleArn: string | undefined;

  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: EcrRegistryProps) {
    super(scope, id);
    // A description that was checked before is not checked again.
    const { provider, ...described } = Object(props) as EcrRegistryProps;
    const registry: Registry = provider === undefined ? props : described;
    const diagnostics = checkRegistry(registry);
    throwErrors(this, diagnostics);
    const plan = planRegistry(registry);
    refuseCollisions(this, plan);
    this.host = registryHost(registry);
    this.pullPrefixes = Object.fromEntries(
      resolveRegistry(registry).caches.map(({ id: cache, prefix }) => [
        cache,
        prefix === ROOT_PREFIX ? this.host : `${this.host}/${prefix}`,
      ]),
    );
    this.secretsToFill = secretsToFill(plan);
    const resources = writePlan(this, plan, providerPlace(this, plan.scope, provider));
    throwErrors(this, checkProviderVersion(plan, resources));
    this.templateRoleArn = resources.get("template-role")?.getStringAttribute("arn");
    this.keyArn = resources.get("key")?.getStringAttribute("arn");
    this.warn(diagnostics.filter(isOpenWarning));
  }

  /** Puts each warning at the first construct that it is about. */
  private warn(warnings: readonly Diagnostic[]): void {
    for (const warning of warnings) {
      const [nearest = ""] = warning.constructs ?? [];
      const at = nearest === "" ? this : descendant(this, nearest);
      Annotations.of(at).addWarning(formatDiagnostic(warning));
    }
  }
}

/** A construct by its path below another, or the nearest one on that path. */
function descendant(construct: IConstruct, path: string): IConstruct {
  const child = construct.node.children.find(({ node: { id } }) => path === id || path.startsWith(`${id}/`));
  if (child === undefined) return construct;
  return path === child.node.id ? child : descendant(child, path.slice(child.node.id.length + 1));
}

/** The secrets whose value is written outside Terraform, each with what its value must be. */
function secretsToFill(plan: RegistryPlan): Record<string, string> {
  const filled = new Set(
    ofKind(plan, "aws_secretsmanager_secret_version").flatMap(({ settings }) => referencesIn(settings)),
  );
  const empty = ofKind(plan, "aws_secretsmanager_secret").filter(({ address }) => !filled.has(address));
  return Object.fromEntries<string>(
    empty.map(({ name, settings: { upstreamTitle } }) => [
      name!,
      `{"username":"…","accessToken":"…"} with a user name and an access token for ${upstreamTitle}`,
    ]),
  );
}
