import { EcrRegistryPolicy } from "@cdktf/provider-aws/lib/ecr-registry-policy";
import { Construct } from "constructs";
import { PolicyDocument } from "./domain/policy";
import { ImportBlock } from "./import-block";
import { policyText } from "./policy-text";

/** What the policy says. */
export interface RegistryPolicyProps {
  /** The whole document, as `registryPolicy()` makes it. */
  readonly document: PolicyDocument;
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
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export class RegistryPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RegistryPolicyProps) {
    super(scope, id);
    const policy = new EcrRegistryPolicy(this, "Resource", { policy: policyText(props.document) });
    if (props.adoptFrom !== undefined) new ImportBlock(this, "Import", policy, props.adoptFrom);
  }
}
