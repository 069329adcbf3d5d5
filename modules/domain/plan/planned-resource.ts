import { Path } from "../basics";
import { LifecyclePolicy } from "../lifecycle";
import { RegistryScope, ResourceTags } from "../naming";
import { PolicyDocument } from "../policy";
import { AppliedFor, ImageTagMutability } from "../template";
import { Reference } from "./reference";

/** A resource's path in the construct tree, below the registry: `templates/team--quay`, `key/Alias`. */
export type Address = string;

interface Described<Attribute extends string, Settings> {
  /** The attributes that other resources can refer to. */
  readonly attribute: Attribute;
  /** The settings, in AWS's terms. */
  readonly settings: Readonly<Settings>;
}

/** What an EventBridge rule matches, as EventBridge writes it. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Everything that a plan can contain, by Terraform's resource type. A new kind is a line here; until every `Reader`
 * handles it, nothing compiles.
 */
export interface Kinds {
  readonly aws_iam_role: Described<
    "arn" | "name",
    {
      description: string;
      /** With a slash at each end. */
      path?: string;
      trust: PolicyDocument;
      permissionsBoundary?: string;
      tags?: ResourceTags;
    }
  >;
  readonly aws_iam_role_policy: Described<
    never,
    { policyName: string; role: Reference<"aws_iam_role", "name">; policy: PolicyDocument }
  >;
  readonly aws_kms_key: Described<
    "arn" | "key_id",
    {
      description: string;
      policy: PolicyDocument;
      rotationPeriodInDays?: number;
      deletionWindowInDays: number;
      tags?: ResourceTags;
    }
  >;
  readonly aws_kms_alias: Described<never, { key: Reference<"aws_kms_key", "key_id"> }>;
  readonly aws_secretsmanager_secret: Described<
    "arn" | "id",
    { upstreamTitle: string; recoveryWindowInDays: number; policy?: string; tags?: ResourceTags }
  >;
  readonly aws_secretsmanager_secret_version: Described<
    never,
    {
      secret: Reference<"aws_secretsmanager_secret", "id">;
      /** The name of the secret after its fixed prefix, which names the Terraform variables. */
      secretName: string;
      upstreamTitle: string;
      version: number;
    }
  >;
  readonly aws_ecr_repository_creation_template: Described<
    "prefix",
    {
      appliedFor: readonly AppliedFor[];
      description?: string;
      imageTagMutability: ImageTagMutability;
      encryptionType: "AES256" | "KMS" | "KMS_DSSE";
      kmsKey?: string;
      lifecyclePolicy: LifecyclePolicy;
      repositoryPolicy?: PolicyDocument;
      resourceTags: ResourceTags;
      customRoleArn?: string;
    }
  >;
  readonly aws_ecr_pull_through_cache_rule: Described<
    "ecr_repository_prefix",
    {
      upstreamRegistryUrl: string;
      /** For an ECR upstream only, `ROOT` if all of it is cached. */
      upstreamRepositoryPrefix?: string;
      credentialArn?: string;
      customRoleArn?: string;
    }
  >;
  readonly aws_ecr_registry_policy: Described<never, { policy: PolicyDocument }>;
  readonly aws_ecr_registry_scanning_configuration: Described<
    never,
    {
      scanType: "BASIC" | "ENHANCED";
      rules: readonly { scanFrequency: "SCAN_ON_PUSH" | "CONTINUOUS_SCAN"; filters: readonly string[] }[];
    }
  >;
  readonly aws_ecr_account_setting: Described<never, { value: string }>;
  readonly aws_ecr_pull_time_update_exclusion: Described<never, { principalArn: string }>;
  readonly aws_ecr_replication_configuration: Described<
    never,
    {
      rules: readonly {
        destinations: readonly { region: string; registryId: string }[];
        prefixes: readonly string[];
      }[];
    }
  >;
  readonly aws_sns_topic: Described<"arn", { kmsKey: Reference<"aws_kms_key", "arn">; tags?: ResourceTags }>;
  readonly aws_sns_topic_policy: Described<never, { topic: Reference<"aws_sns_topic", "arn">; policy: PolicyDocument }>;
  readonly aws_cloudwatch_event_rule: Described<
    "name",
    { description: string; pattern: EventPattern; tags?: ResourceTags }
  >;
  readonly aws_cloudwatch_event_target: Described<
    never,
    {
      rule: Reference<"aws_cloudwatch_event_rule", "name">;
      topicArn: string;
      inputPaths: Readonly<Record<string, string>>;
      inputTemplate: string;
    }
  >;
}

/** A kind of resource that a plan can contain. */
export type Kind = keyof Kinds;

/** What the writers of a resource need to know about it. */
export interface ResourceSettings<K extends Kind> {
  /**
   * The name or prefix by which AWS identifies the resource among those of its kind in an account and Region. It is
   * empty for what exists only once, and `undefined` where AWS chooses it or another planned resource has it.
   */
  readonly name: string | undefined;
  /** The settings, with every default filled in. */
  readonly settings: Kinds[K]["settings"];
}

/** One AWS resource that results from a description. */
export interface PlannedResource<K extends Kind> extends ResourceSettings<K> {
  /** Terraform's resource type. */
  readonly kind: K;
  /** Where it stands in the construct tree, which decides its Terraform address. */
  readonly address: Address;
  /** What must exist before it, in addition to what its settings refer to. */
  readonly waitsFor: readonly Address[];
  /** The part of the description that it results from. */
  readonly path: Path;
  /**
   * The id by which Terraform imports it.
   *
   * @default - it is created
   */
  readonly importId?: string;
  /** Whether Terraform refuses to destroy it. */
  readonly preventDestroy: boolean;
}

/** A planned resource of any kind. */
export type AnyResource = { [K in Kind]: PlannedResource<K> }[Kind];

/** Every AWS resource that results from a description, each after those that it refers to or waits for. */
export interface RegistryPlan {
  /** The account and the Region. */
  readonly scope: RegistryScope;
  /** The resources, in the order in which they can be created. */
  readonly resources: readonly AnyResource[];
}

/** A function for each kind of resource. */
export type Reader<Result> = { readonly [K in Kind]: (resource: PlannedResource<K>, plan: RegistryPlan) => Result };

/** Reads each resource of a plan by its kind, in the plan's order. */
export function readPlan<Result>(plan: RegistryPlan, reader: Reader<Result>): Result[] {
  return plan.resources.map((resource) => {
    return (reader[resource.kind] as (resource: AnyResource, plan: RegistryPlan) => Result)(resource, plan);
  });
}

/** The resources of one kind. */
export function ofKind<K extends Kind>({ resources }: RegistryPlan, kind: K): PlannedResource<K>[] {
  return resources.filter((one): one is Extract<AnyResource, { kind: K }> => one.kind === kind);
}
