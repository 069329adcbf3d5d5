import { Registry } from "../modules";

/** State in a file, for trying out and for one person. */
export interface LocalBackend {
  readonly type: "local";
  /**
   * The state file, relative to the folder that holds `cdktf.json`.
   *
   * @default - `terraform.<environment>.tfstate`
   */
  readonly path?: string;
}

/** State in an S3 bucket, encrypted, and locked by a file beside it (Terraform 1.10 or newer). */
export interface S3Backend {
  readonly type: "s3";
  /** The bucket, which must exist. */
  readonly bucket: string;
  /** The bucket's region, which need not be the environment's. */
  readonly region: string;
  /**
   * The object that holds the state.
   *
   * @default - `ecr-pull-through-cache/<environment>.tfstate`
   */
  readonly key?: string;
}

/** State and runs in HCP Terraform or Terraform Enterprise. */
export interface CloudBackend {
  readonly type: "cloud";
  /** The organization. */
  readonly organization: string;
  /**
   * The workspace.
   *
   * @default - `ecr-pull-through-cache-<environment>`
   */
  readonly workspace?: string;
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
  /** The role's ARN, in the environment's account. */
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

/** One environment: a registry, and how Terraform reaches the account that it is in. It becomes one stack. */
export interface Environment extends Registry {
  /**
   * The environment's name: lower-case letters, digits and `-`. It names the stack and with it the state, so
   * changing it means moving the state.
   */
  readonly name: string;
  /** Where Terraform keeps what it knows of this environment. */
  readonly backend: Backend;
  /**
   * A role that Terraform takes on before it calls AWS.
   *
   * @default - the caller's own credentials
   */
  readonly assumeRole?: AssumeRole;
}
