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
  /** The services that send the events. */
  readonly source: readonly string[];
  /** The kinds of events. */
  readonly "detail-type": readonly string[];
  /** What the events must say. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Everything that a plan can contain, by Terraform's resource type. A new kind is a line here; until every `Reader`
 * handles it, nothing compiles.
 */
export interface Kinds {
  /** A role that an AWS service assumes. */
  readonly aws_iam_role: Described<
    "arn" | "name",
    {
      /** What it is for, in words. */
      description: string;
      /** With a slash at each end. */
      path?: string;
      /** Who may assume it. */
      trust: PolicyDocument;
      /** The ARN of the policy that bounds what it may do. */
      permissionsBoundary?: string;
      /** Its tags. */
      tags?: ResourceTags;
    }
  >;
  /** What a role may do. */
  readonly aws_iam_role_policy: Described<
    never,
    {
      /** The name of the inline policy. */
      policyName: string;
      /** The role that it is for. */
      role: Reference<"aws_iam_role", "name">;
      /** What the role may do. */
      policy: PolicyDocument;
    }
  >;
  /** A key that encrypts what is stored. */
  readonly aws_kms_key: Described<
    "arn" | "key_id",
    {
      /** What it is for, in words. */
      description: string;
      /** Who may use the key. */
      policy: PolicyDocument;
      /** After how many days its material is replaced. */
      rotationPeriodInDays?: number;
      /** How many days a deletion can be taken back. */
      deletionWindowInDays: number;
      /** Its tags. */
      tags?: ResourceTags;
    }
  >;
  /** The name by which people find a key. */
  readonly aws_kms_alias: Described<
    never,
    {
      /** The key that it names. */
      key: Reference<"aws_kms_key", "key_id">;
    }
  >;
  /** A secret with the credential of an upstream. */
  readonly aws_secretsmanager_secret: Described<
    "arn" | "id",
    {
      /** The upstream's name for people. */
      upstreamTitle: string;
      /** How many days a deletion can be taken back. */
      recoveryWindowInDays: number;
      /** Who may read it, as JSON. */
      policy?: string;
      /** Its tags. */
      tags?: ResourceTags;
    }
  >;
  /** The value of a secret. */
  readonly aws_secretsmanager_secret_version: Described<
    never,
    {
      /** The secret that it belongs to. */
      secret: Reference<"aws_secretsmanager_secret", "id">;
      /** The name of the secret after its fixed prefix, which names the Terraform variables. */
      secretName: string;
      /** The upstream's name for people. */
      upstreamTitle: string;
      /** Counts up where a new value is to be written. */
      version: number;
    }
  >;
  /** The settings with which ECR creates repositories. */
  readonly aws_ecr_repository_creation_template: Described<
    "prefix",
    {
      /** For which ways to create a repository it applies. */
      appliedFor: readonly AppliedFor[];
      /** What it is for, in words. */
      description?: string;
      /** Whether a tag can move to another image. */
      imageTagMutability: ImageTagMutability;
      /** How images are encrypted. */
      encryptionType: "AES256" | "KMS" | "KMS_DSSE";
      /** The ARN of the key that encrypts. */
      kmsKey?: string;
      /** Which images expire. */
      lifecyclePolicy: LifecyclePolicy;
      /** Who may do what with a repository. */
      repositoryPolicy?: PolicyDocument;
      /** The tags of a repository. */
      resourceTags: ResourceTags;
      /** The ARN of the role that ECR assumes. */
      customRoleArn?: string;
    }
  >;
  /** A prefix under which ECR caches an upstream. */
  readonly aws_ecr_pull_through_cache_rule: Described<
    "ecr_repository_prefix",
    {
      /** The host of the upstream, without a scheme. */
      upstreamRegistryUrl: string;
      /** For an ECR upstream only, `ROOT` if all of it is cached. */
      upstreamRepositoryPrefix?: string;
      /** The ARN of the secret with the credential. */
      credentialArn?: string;
      /** The ARN of the role that ECR assumes. */
      customRoleArn?: string;
    }
  >;
  /** Who may do what with the registry as a whole. */
  readonly aws_ecr_registry_policy: Described<
    never,
    {
      /** Who may do what. */
      policy: PolicyDocument;
    }
  >;
  /** Which images are scanned for vulnerabilities, and when. */
  readonly aws_ecr_registry_scanning_configuration: Described<
    never,
    {
      /** Which scanner looks for vulnerabilities. */
      scanType: "BASIC" | "ENHANCED";
      /** Its rules. */
      rules: readonly {
        /** When images are scanned. */
        scanFrequency: "SCAN_ON_PUSH" | "CONTINUOUS_SCAN";
        /** Patterns of the names of the repositories. */
        filters: readonly string[];
      }[];
    }
  >;
  /** A setting of the account's registry. */
  readonly aws_ecr_account_setting: Described<
    never,
    {
      /** What it is set to. */
      value: string;
    }
  >;
  /** Somebody whose pulls do not count as pulls. */
  readonly aws_ecr_pull_time_update_exclusion: Described<
    never,
    {
      /** The ARN of the role. */
      principalArn: string;
    }
  >;
  /** Which repositories are copied to other registries. */
  readonly aws_ecr_replication_configuration: Described<
    never,
    {
      /** Its rules. */
      rules: readonly {
        /** Where copies go. */
        destinations: readonly {
          /** The destination's Region. */
          region: string;
          /** The account id of the destination. */
          registryId: string;
        }[];
        /** The prefixes of the repositories that are copied. */
        prefixes: readonly string[];
      }[];
    }
  >;
  /** A topic that tells its subscribers what happened. */
  readonly aws_sns_topic: Described<
    "arn",
    {
      /** The ARN of the key that encrypts. */
      kmsKey: Reference<"aws_kms_key", "arn">;
      /** Its tags. */
      tags?: ResourceTags;
    }
  >;
  /** Who may publish to a topic. */
  readonly aws_sns_topic_policy: Described<
    never,
    {
      /** The topic that it is for. */
      topic: Reference<"aws_sns_topic", "arn">;
      /** Who may publish. */
      policy: PolicyDocument;
    }
  >;
  /** Which events are looked for. */
  readonly aws_cloudwatch_event_rule: Described<
    "name",
    {
      /** What it is for, in words. */
      description: string;
      /** Which events it matches. */
      pattern: EventPattern;
      /** Its tags. */
      tags?: ResourceTags;
    }
  >;
  /** Where the events of a rule are sent. */
  readonly aws_cloudwatch_event_target: Described<
    never,
    {
      /** The rule whose events are sent. */
      rule: Reference<"aws_cloudwatch_event_rule", "name">;
      /** The ARN of the topic. */
      topicArn: string;
      /** Where the values of the message are in the event, by their names. */
      inputPaths: Readonly<Record<string, string>>;
      /** The message, with the names of its values in it. */
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
