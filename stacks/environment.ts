import { Overrides, Registry, RegistryScope } from "../modules/domain";

/** State in a file, for trying out and for one person. */
export interface LocalBackend {
  /** State in a file of this folder. */
  readonly type: "local";
  /**
   * The state file, relative to the folder that holds `cdktf.json`.
   *
   * @default - `terraform.<stack>.tfstate`
   */
  readonly path?: string;
}

/** State in an S3 bucket, encrypted, and locked by a file beside it (Terraform 1.10 or newer). */
export interface S3Backend {
  /** State in an S3 bucket. */
  readonly type: "s3";
  /** The bucket, which must exist. */
  readonly bucket: string;
  /**
   * The bucket's region, which need not be the environment's.
   *
   * @pattern ^(?:us|us-gov|cn|eusc-[a-z]{2}|eu|ap|sa|ca|me|af|il|mx)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d$
   */
  readonly region: string;
  /**
   * The object that holds the state.
   *
   * @default - `ecr-pull-through-cache/<stack>.tfstate`
   */
  readonly key?: string;
  /**
   * The ARN of the KMS key with which the state is encrypted.
   *
   * @default - the bucket's default encryption, or S3's own key
   */
  readonly kmsKeyArn?: string;
  /**
   * A role that Terraform takes on to reach the bucket, in whichever account that is.
   *
   * @default - the caller's own credentials
   */
  readonly assumeRole?: AssumeRole;
}

/** State and runs in HCP Terraform or Terraform Enterprise. */
export interface CloudBackend {
  /** State in HCP Terraform or Terraform Enterprise. */
  readonly type: "cloud";
  /** The organization. */
  readonly organization: string;
  /**
   * The workspace.
   *
   * @default - `ecr-pull-through-cache-<stack>`, unless there are `workspaceTags`
   */
  readonly workspace?: string;
  /**
   * Tags of workspaces of which one is chosen at each run, by `TF_WORKSPACE` or `terraform workspace select`. Instead of
   * `workspace`.
   *
   * @default - none
   */
  readonly workspaceTags?: readonly string[];
  /**
   * The project in which workspaces are looked for and created.
   *
   * @default - the organization's default project
   */
  readonly project?: string;
  /**
   * The host of a Terraform Enterprise installation.
   *
   * @default "app.terraform.io"
   */
  readonly hostname?: string;
}

/**
 * Where Terraform keeps what it knows. Credentials never belong here.
 *
 * @discriminator type
 */
export type Backend = LocalBackend | S3Backend | CloudBackend;

/** A role that Terraform takes on before it calls AWS. */
export interface AssumeRole {
  /** The role's ARN. The provider's role is in the environment's account. */
  readonly roleArn: string;
  /**
   * The external id that the role's trust policy asks for.
   *
   * @default - none
   */
  readonly externalId?: string;
  /**
   * The name under which the session shows in CloudTrail.
   *
   * @default "ecr-pull-through-cache"
   */
  readonly sessionName?: string;
}

/** What can differ between the regions of an environment. */
export interface RegionDifferences extends Overrides<Partial<Omit<Registry, keyof RegistryScope>>> {
  /**
   * Where Terraform keeps what it knows of the region.
   *
   * @default - as in the environment, with the place named after the region's stack
   */
  readonly backend?: Overrides<Backend>;
  /**
   * A role that Terraform takes on before it calls AWS.
   *
   * @default - the environment's
   */
  readonly assumeRole?: Overrides<AssumeRole>;
}

/** One environment: a registry, and how Terraform reaches the account that it is in. It becomes one stack a region. */
export interface Environment extends Registry {
  /**
   * The environment's name: lower-case letters, digits and `-`. It names the stack and with it the state, so
   * changing it means moving the state.
   *
   * @pattern ^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$
   * @maxLength 50
   */
  readonly name: string;
  /**
   * Further regions that get the same registry, each as a stack of its own with the name `<environment>-<region>`, and
   * what is different there. A region can be added or removed without touching the others' state.
   *
   * What a region says is laid over what the environment says: objects merge field by field, lists and single values
   * replace, and `{ add: [...] }` appends to a list.
   * Secrets and keys are regional: one that exists must be named for each region.
   *
   * @default - none
   */
  readonly additionalRegions?: Readonly<Record<string, RegionDifferences>>;
  /** Where Terraform keeps what it knows of this environment. */
  readonly backend: Backend;
  /**
   * A role that Terraform takes on before it calls AWS.
   *
   * @default - the caller's own credentials
   */
  readonly assumeRole?: AssumeRole;
}
