import {
  planRegistry,
  Reader,
  readPlan,
  referencesIn,
  Registry,
  RegistryPlan,
  renderLifecyclePolicy,
  renderPolicyDocument,
  ResourceSettings,
  withKnownValues,
} from "../modules/domain";
import {
  LiveAccountSetting,
  LiveReplicationRule,
  LiveRule,
  LiveScanning,
  LiveTemplate,
  RepositoryDescription,
} from "./ecr-port";

/** How repositories should be. */
export interface ExpectedDescription extends RepositoryDescription {
  /** Whether the key is the registry's own, whose ARN only AWS and Terraform know. */
  readonly ownKey: boolean;
}

/** A rule as it should be. */
export interface ExpectedRule extends LiveRule {
  /** The name of its secret, where the secret's ARN is known to AWS and Terraform only. */
  readonly ownSecret?: string;
}

/** A template as it should be. */
export type ExpectedTemplate = LiveTemplate & ExpectedDescription;

/** What an environment says should be in its registry. `undefined` is what something else owns. */
export interface ExpectedRegistry {
  /** The rules. */
  readonly rules: readonly ExpectedRule[];
  /** The templates. */
  readonly templates: readonly ExpectedTemplate[];
  /** The registry policy. */
  readonly registryPolicy:
    | {
        /** Its text; `undefined` for none. */
        readonly text: string | undefined;
      }
    | undefined;
  /** The scanning configuration. */
  readonly scanning: LiveScanning | undefined;
  /** The account settings that are managed. */
  readonly accountSettings: readonly LiveAccountSetting[];
  /** The ARNs of the roles whose pulls do not count. */
  readonly pullTimeExclusions: readonly string[];
  /** The replication rules. */
  readonly replication: readonly LiveReplicationRule[] | undefined;
}

/** What of each kind can be compared: ECR is asked about its own settings only. */
const EXPECTED: Reader<Partial<ExpectedRegistry>> = {
  aws_iam_role: () => ({}),
  aws_iam_role_policy: () => ({}),
  aws_kms_key: () => ({}),
  aws_kms_alias: () => ({}),
  aws_secretsmanager_secret: () => ({}),
  aws_secretsmanager_secret_version: () => ({}),
  aws_ecr_repository_creation_template: (template) => ({ templates: [expectedTemplate(template)] }),
  aws_ecr_pull_through_cache_rule: (rule, plan) => ({ rules: [expectedRule(rule, plan)] }),
  aws_ecr_registry_policy: ({ settings }) => ({ registryPolicy: { text: renderPolicyDocument(settings.policy) } }),
  aws_ecr_registry_scanning_configuration: ({ settings }) => ({ scanning: settings }),
  aws_ecr_account_setting: ({ name, settings }) => ({ accountSettings: [{ name: name!, value: settings.value }] }),
  aws_ecr_pull_time_update_exclusion: ({ settings }) => ({ pullTimeExclusions: [settings.principalArn] }),
  aws_ecr_replication_configuration: ({ settings }) => ({ replication: settings.rules }),
  // Topics and rules of events are not ECR's: `terraform plan` compares them.
  aws_sns_topic: () => ({}),
  aws_sns_topic_policy: () => ({}),
  aws_cloudwatch_event_rule: () => ({}),
  aws_cloudwatch_event_target: () => ({}),
};

/**
 * What should be in AWS once a description is deployed, from the plan that the stack is written from.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function expectedRegistry(registry: Registry): ExpectedRegistry {
  const read = readPlan(withKnownValues(planRegistry(registry)), EXPECTED);
  return {
    registryPolicy: registry.registryPolicy === "unmanaged" ? undefined : { text: undefined },
    scanning: undefined,
    replication: undefined,
    ...Object.assign({}, ...read),
    rules: read.flatMap(({ rules = [] }) => rules),
    templates: read.flatMap(({ templates = [] }) => templates),
    accountSettings: read.flatMap(({ accountSettings = [] }) => accountSettings),
    pullTimeExclusions: read.flatMap(({ pullTimeExclusions = [] }) => pullTimeExclusions),
  } as ExpectedRegistry;
}

function expectedRule(
  { name, settings }: ResourceSettings<"aws_ecr_pull_through_cache_rule">,
  { resources }: RegistryPlan,
): ExpectedRule {
  const [secret] = referencesIn(settings.credentialArn);
  return {
    prefix: name!,
    upstreamRepositoryPrefix: "ROOT",
    ...settings,
    ...(secret !== undefined && { ownSecret: resources.find(({ address }) => address === secret)!.name }),
  };
}

function expectedTemplate({
  name,
  settings,
}: ResourceSettings<"aws_ecr_repository_creation_template">): ExpectedTemplate {
  const { imageTagMutability: mutability, lifecyclePolicy, repositoryPolicy: policy, resourceTags, kmsKey } = settings;
  const ownKey = referencesIn(kmsKey).length > 0;
  return {
    prefix: name!,
    appliedFor: settings.appliedFor,
    imageTagMutability: typeof mutability === "string" ? mutability : mutability.type,
    exclusionFilters: typeof mutability === "string" ? [] : mutability.exclusionFilters,
    encryptionType: settings.encryptionType,
    kmsKey: ownKey ? undefined : kmsKey,
    ownKey,
    lifecyclePolicy: lifecyclePolicy.rules.length === 0 ? undefined : renderLifecyclePolicy(lifecyclePolicy),
    repositoryPolicy: policy && renderPolicyDocument(policy),
    tags: resourceTags,
    customRoleArn: settings.customRoleArn,
  };
}
