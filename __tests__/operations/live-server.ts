import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectToEcr, EcrPort } from "../../operations";
import { Environment, synthesize } from "../../stacks";
import { call } from "../ecr-server/call";
import { EcrServer, startEcrServer } from "../ecr-server/ecr-server";
import { AwsServer, startAwsServer } from "../ecr-server/aws-server";

/** A registry with the other services beside it, and the commands' own way to them. */
export interface LiveServer {
  readonly ecr: EcrServer;
  readonly sts: AwsServer;
  readonly port: EcrPort;
  /** What a child process needs to find them. */
  readonly env: Readonly<Record<string, string>>;
  /** The names of the actions that were called and answered, without repeats, in the order of their first call. */
  actions(): string[];
  close(): Promise<void>;
}

/** When the tests began, in seconds since 1970: the servers tell the machine's time. */
export const NOW = Math.floor(Date.now() / 1000);

/** Starts both for an environment's account. */
export async function startLiveServer(
  environment: Environment,
  accountId = environment.accountId,
): Promise<LiveServer> {
  const { region } = environment;
  let now = NOW;
  const ecr = await startEcrServer({ accountId: environment.accountId, region, now: () => now++ });
  const sts = await startAwsServer(accountId);
  sts.ecr = ecr;
  const env = {
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_ENDPOINT_URL_IAM: sts.url,
    AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: sts.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: sts.url,
    AWS_ENDPOINT_URL_STS: sts.url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  // A command silences the SDK's warning by itself; a test that calls the operations does not.
  Object.assign(process.env, env, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
  return {
    ecr,
    sts,
    // A retry waits as long as a test needs to see that there was one.
    port: connectToEcr({ region, retryDelay: () => 1 }),
    env,
    actions: () => [...new Set(ecr.calls.map(({ action }) => action))],
    close: async () => {
      for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
      await Promise.all([ecr.close(), sts.close()]);
    },
  };
}

interface Filter {
  readonly filter: string;
  readonly filter_type: string;
}

/** The arguments of the resources that are described to ECR here. */
interface Arguments {
  readonly [argument: string]: unknown;
  readonly encryption_configuration: readonly { readonly encryption_type: string; readonly kms_key?: string }[];
  readonly image_tag_mutability_exclusion_filter?: readonly Filter[];
  readonly resource_tags?: Readonly<Record<string, string>>;
  readonly rule: readonly { readonly scan_frequency: string; readonly repository_filter: readonly Filter[] }[];
}

type Resources = Record<string, Record<string, { readonly name: string }>>;

/** Creates in a registry what an environment's stack says, as Terraform would. */
export async function deploy({ ecr: server, sts }: LiveServer, environment: Environment): Promise<void> {
  const resources = resourcesOf(environment);
  const all = (type: string) => Object.values(resources[type] ?? {}) as unknown as Arguments[];
  const send = async (action: string, input: object) => {
    const { status, body } = await call(server, action, input);
    if (status !== 200) throw new Error(`${action}: ${JSON.stringify(body)}`);
  };
  for (const template of all("aws_ecr_repository_creation_template")) {
    const encryption = template.encryption_configuration[0]!;
    await send("CreateRepositoryCreationTemplate", {
      prefix: template.prefix,
      appliedFor: template.applied_for,
      imageTagMutability: template.image_tag_mutability,
      imageTagMutabilityExclusionFilters: template.image_tag_mutability_exclusion_filter?.map((one) => ({
        filter: one.filter,
        filterType: one.filter_type,
      })),
      encryptionConfiguration: { encryptionType: encryption.encryption_type, kmsKey: encryption.kms_key },
      lifecyclePolicy: template.lifecycle_policy,
      repositoryPolicy: template.repository_policy,
      resourceTags: Object.entries(template.resource_tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      customRoleArn: template.custom_role_arn,
    });
  }
  for (const rule of all("aws_ecr_pull_through_cache_rule")) {
    if (typeof rule.credential_arn === "string") sts.secrets.set(rule.credential_arn, NOW - 24 * 60 * 60);
    await send("CreatePullThroughCacheRule", {
      ecrRepositoryPrefix: rule.ecr_repository_prefix,
      upstreamRegistryUrl: rule.upstream_registry_url,
      upstreamRepositoryPrefix: rule.upstream_repository_prefix,
      credentialArn: rule.credential_arn,
      customRoleArn: rule.custom_role_arn,
    });
  }
  for (const { policy } of all("aws_ecr_registry_policy")) await send("PutRegistryPolicy", { policyText: policy });
  for (const { scan_type, rule } of all("aws_ecr_registry_scanning_configuration")) {
    const rules = rule.map((one) => ({
      scanFrequency: one.scan_frequency,
      repositoryFilters: one.repository_filter.map(({ filter, filter_type: filterType }) => ({
        filter,
        filterType,
      })),
    }));
    await send("PutRegistryScanningConfiguration", { scanType: scan_type, rules });
  }
  server.calls.length = 0;
}

/** The resources of an environment's stack, with the values that AWS would give to what it creates. */
function resourcesOf(environment: Environment): Resources {
  const folder = mkdtempSync(join(tmpdir(), "ecr-operations-"));
  try {
    const [stack] = synthesize([environment], join(folder, "out"));
    const { resource } = JSON.parse(readFileSync(stack!.file, "utf8")) as { resource: Resources };
    const { accountId, region } = environment;
    const arns: Record<string, (one: { name: string }) => string> = {
      aws_iam_role: ({ name }) => `arn:aws:iam::${accountId}:role/${name}`,
      aws_kms_key: () => `arn:aws:kms:${region}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
      aws_secretsmanager_secret: ({ name }) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-Ab12Cd`,
    };
    const text = JSON.stringify(resource).replace(/\$\{(\w+)\.([\w-]+)\.arn\}/g, (_, type: string, name: string) => {
      return arns[type]!(resource[type]![name]!);
    });
    return JSON.parse(text) as Resources;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
