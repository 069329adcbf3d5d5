import { EcrRegistryScanningConfiguration } from "@cdktf/provider-aws/lib/ecr-registry-scanning-configuration";
import { Construct } from "constructs";
import { checkRegistryScanning, RegistryScanning, scanningFilters } from "./domain/registry-scanning";
import { ImportBlock } from "./import-block";
import { refuseProblems } from "./validation-error";

/** How to scan, and what. */
export interface RegistryScanningConfigurationProps extends RegistryScanning {
  /** The prefixes under which repositories are scanned, `ROOT` for all. */
  readonly prefixes: readonly string[];
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
 * @throws ValidationError if frequency or filters cannot work
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export class RegistryScanningConfiguration extends Construct {
  constructor(scope: Construct, id: string, props: RegistryScanningConfigurationProps) {
    super(scope, id);
    refuseProblems(this, checkRegistryScanning(props, props.prefixes, []));
    const configuration = new EcrRegistryScanningConfiguration(this, "Resource", {
      scanType: props.type ?? "BASIC",
      rule: [
        {
          scanFrequency: props.frequency ?? "SCAN_ON_PUSH",
          repositoryFilter: scanningFilters(props, props.prefixes).map((filter) => ({
            filter,
            filterType: "WILDCARD",
          })),
        },
      ],
    });
    if (props.adoptFrom !== undefined) new ImportBlock(this, "Import", configuration, props.adoptFrom);
  }
}
