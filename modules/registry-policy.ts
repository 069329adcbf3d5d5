import { Construct } from "constructs";
import { RegistryScope } from "./domain/naming";
import { planned } from "./domain/plan";
import { PolicyDocument } from "./domain/policy";
import { providerPlace } from "./provider-place";
import { refuseCollisions } from "./refuse-collisions";
import { writeResource } from "./write-resource";

/** What the policy says. */
export interface RegistryPolicyProps {
  /** The whole document, as `registryPolicy()` makes it. */
  readonly document: PolicyDocument;
  /**
   * The registry that it is for, so that a second one for the same registry is found in other stacks of the app, too.
   *
   * @default - the registry of the stack's provider, whichever that is
   */
  readonly registry?: RegistryScope;
  /**
   * The id of the account whose registry has a policy already, to take that one over.
   *
   * @default - none is taken over
   */
  readonly adoptFrom?: string;
}

/**
 * The policy of a registry. There is one in each account and region: writing it replaces whatever was there, so
 * exactly one stack may own it.
 *
 * @throws ValidationError if the app has another for the same registry
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export class RegistryPolicy extends Construct {
  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RegistryPolicyProps) {
    super(scope, id);
    const settings = { name: "", settings: { policy: props.document } };
    refuseCollisions(this, {
      scope: props.registry,
      resources: [planned("aws_ecr_registry_policy", this.node.id, settings)],
    });
    writeResource(this, "Resource", "aws_ecr_registry_policy", settings, {
      importId: props.adoptFrom,
      ...providerPlace(this, props.registry),
    });
  }
}
