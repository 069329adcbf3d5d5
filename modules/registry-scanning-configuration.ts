import { Construct } from "constructs";
import { RegistryScope } from "./domain/naming";
import { planned, scanningSettings } from "./domain/plan";
import { checkRegistryScanning, RegistryScanning } from "./domain/registry";
import { providerPlace } from "./provider-place";
import { refuseCollisions } from "./refuse-collisions";
import { throwErrors } from "./validation-error";
import { writeResource } from "./write-resource";

/** How to scan, and what. */
export interface RegistryScanningConfigurationProps extends RegistryScanning {
  /** The prefixes under which repositories are scanned, `ROOT` for all. */
  readonly prefixes: readonly string[];
  /**
   * The registry that it is for, so that a second one for the same registry is found in other stacks of the app, too.
   *
   * @default - the registry of the stack's provider, whichever that is
   */
  readonly registry?: RegistryScope;
  /**
   * The id of the account whose registry's configuration is taken over.
   *
   * @default - none is taken over
   */
  readonly adoptFrom?: string;
}

/**
 * The scanning configuration of a registry. There is one in each account and region: writing it replaces whatever
 * was there, so exactly one stack may own it. Deleting it sets the registry back to basic scanning on request.
 *
 * @throws ValidationError if frequency or filters cannot work, or the app has another for the same registry
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export class RegistryScanningConfiguration extends Construct {
  /** The id becomes a part of the Terraform address: changing it replaces what is made here. */
  constructor(scope: Construct, id: string, props: RegistryScanningConfigurationProps) {
    super(scope, id);
    throwErrors(this, checkRegistryScanning(props, props.prefixes, []));
    const { type = "BASIC", frequency = "SCAN_ON_PUSH", additionalFilters = [], prefixes } = props;
    const settings = scanningSettings({ type, frequency, additionalFilters, prefixes });
    const resource = planned("aws_ecr_registry_scanning_configuration", this.node.id, settings);
    refuseCollisions(this, { scope: props.registry, resources: [resource] });
    writeResource(this, "Resource", resource.kind, settings, {
      importId: props.adoptFrom,
      ...providerPlace(this, props.registry),
    });
  }
}
