import { RegionDifferences } from "./environment";

/** What environments in a file can have in common. */
export interface SharedSettings extends RegionDifferences {
  /**
   * The 12-digit id of the account. Quote it: a leading zero counts.
   *
   * @pattern ^\d{12}$
   * @default - each environment names its own
   */
  readonly accountId?: string;
  /**
   * The region of the registry, e.g. `us-east-1`.
   *
   * @pattern ^(?:us|us-gov|cn|eusc-[a-z]{2}|eu|ap|sa|ca|me|af|il|mx)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d$
   * @default - each environment names its own
   */
  readonly region?: string;
  /**
   * Further regions that get the same registry, each as a stack of its own, and what is different there.
   *
   * @default - none
   */
  readonly additionalRegions?: Readonly<Record<string, RegionDifferences>>;
}

/** An environment in a file: what it does not say, the shared part says. */
export interface FileEnvironment extends SharedSettings {
  /**
   * The environment's name: lower-case letters, digits and `-`. It names the stack and with it the state.
   *
   * @pattern ^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$
   * @maxLength 50
   */
  readonly name: string;
}

/** A YAML or JSON file of environments. Fields that start with `x-` are a place for YAML's anchors, and else not read. */
export interface EnvironmentsFile {
  /** The schema, for editors. */
  readonly $schema?: string;
  /**
   * What all environments have in common. What one of them says is laid over it: objects merge field by field, lists
   * and single values replace, and `{ add: [...] }` appends to a list.
   *
   * @default - nothing
   */
  readonly shared?: SharedSettings;
  /** The environments. */
  readonly environments: readonly FileEnvironment[];
}
