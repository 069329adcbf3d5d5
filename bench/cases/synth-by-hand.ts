import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule";
import { EcrRegistryPolicy } from "@cdktf/provider-aws/lib/ecr-registry-policy";
import { EcrRegistryScanningConfiguration } from "@cdktf/provider-aws/lib/ecr-registry-scanning-configuration";
import { EcrRepositoryCreationTemplate } from "@cdktf/provider-aws/lib/ecr-repository-creation-template";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { App, Fn, LocalBackend, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { accounts, EXPIRY_DAYS, PULLER, REGION, TAGS } from "../bench-environments";
import { withoutCreationStacks } from "../../stacks/without-creation-stacks";
import { reportUsage } from "../report-usage";

/** What a team writes that has CDKTF and no library: the same resources, in one function. */
function addRegistry(stack: TerraformStack, name: string, accountId: string): void {
  const prefixes = ["docker-hub", "quay"];
  const puller = `arn:aws:iam::${accountId}:role/${PULLER}`;
  const repositories = prefixes.map((prefix) => `arn:aws:ecr:${REGION}:${accountId}:repository/${prefix}/*`);
  const keyActions = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"];
  stack.addOverride("terraform.required_version", ">= 1.11.0");
  new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
  new AwsProvider(stack, "aws", { region: REGION, allowedAccountIds: [accountId] });
  const role = new IamRole(stack, "template-role", {
    name: `EcrRepositoryCreation-${REGION}`,
    description: "ECR creates repositories with it, from repository creation templates",
    assumeRolePolicy: policy([
      { Sid: "AssumeRole", Effect: "Allow", Principal: { Service: "ecr.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    tags: TAGS,
  });
  const key = new KmsKey(stack, "key", {
    description: "Images that ECR caches from upstream registries",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: policy([
      {
        Sid: "EnableIAMUserPermissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "AllowCreationTemplateRole",
        Effect: "Allow",
        Principal: { AWS: role.arn },
        Action: keyActions,
        Resource: "*",
      },
    ]),
    tags: TAGS,
  });
  new KmsAlias(stack, "key-alias", { name: "alias/ecr-pull-through-cache", targetKeyId: key.keyId });
  const permissions = new IamRolePolicy(stack, "template-role-policy", {
    name: "create-repositories",
    role: role.name,
    policy: policy([
      {
        Sid: "CreateRepositories",
        Effect: "Allow",
        Action: ["ecr:CreateRepository", "ecr:TagResource"],
        Resource: repositories,
      },
      { Sid: "UseKeys", Effect: "Allow", Action: keyActions, Resource: key.arn },
    ]),
  });
  const templates = prefixes.map(
    (prefix) =>
      new EcrRepositoryCreationTemplate(stack, `template-${prefix}`, {
        prefix,
        appliedFor: ["PULL_THROUGH_CACHE"],
        customRoleArn: role.arn,
        encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: key.arn }],
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilter: [{ filter: "latest", filterType: "WILDCARD" }],
        lifecyclePolicy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: `Expire untagged images ${EXPIRY_DAYS} days after their push`,
              selection: {
                tagStatus: "untagged",
                countType: "sinceImagePushed",
                countUnit: "days",
                countNumber: EXPIRY_DAYS,
              },
              action: { type: "expire" },
            },
          ],
        }),
        repositoryPolicy: policy([
          {
            Sid: "AllowPull",
            Effect: "Allow",
            Principal: { AWS: puller },
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          },
        ]),
        resourceTags: TAGS,
        dependsOn: [permissions],
      }),
  );
  const secret = new SecretsmanagerSecret(stack, "secret", {
    name: "ecr-pullthroughcache/docker-hub",
    description: "User name and access token with which ECR reads Docker Hub",
    recoveryWindowInDays: 30,
    tags: TAGS,
  });
  const value = new SecretsmanagerSecretVersion(stack, "secret-value", {
    secretId: secret.id,
    secretStringWo: Fn.jsonencode({
      username: variable(stack, "docker_hub_username", "User name for Docker Hub"),
      accessToken: variable(stack, "docker_hub_access_token", "Access token for Docker Hub"),
    }),
    secretStringWoVersion: 1,
  });
  new EcrPullThroughCacheRule(stack, "rule-docker-hub", {
    ecrRepositoryPrefix: "docker-hub",
    upstreamRegistryUrl: "registry-1.docker.io",
    credentialArn: secret.arn,
    dependsOn: [templates[0]!, value],
  });
  new EcrPullThroughCacheRule(stack, "rule-quay", {
    ecrRepositoryPrefix: "quay",
    upstreamRegistryUrl: "quay.io",
    dependsOn: [templates[1]!],
  });
  new EcrRegistryPolicy(stack, "policy", {
    policy: policy([
      {
        Sid: "AllowPullThrough",
        Effect: "Allow",
        Principal: { AWS: puller },
        Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        Resource: repositories,
      },
    ]),
  });
  new EcrRegistryScanningConfiguration(stack, "scanning", {
    scanType: "BASIC",
    rule: [
      {
        scanFrequency: "SCAN_ON_PUSH",
        repositoryFilter: prefixes.map((prefix) => ({ filter: `${prefix}/*`, filterType: "WILDCARD" })),
      },
    ],
  });
  const host = `${accountId}.dkr.ecr.${REGION}.amazonaws.com`;
  const pullPrefixes = Object.fromEntries(prefixes.map((prefix) => [prefix, `${host}/${prefix}`]));
  output(stack, "registry_host", host, "The host for docker login and docker pull");
  output(stack, "pull_prefixes", pullPrefixes, "What to put before an upstream image's path");
  output(stack, "template_role_arn", role.arn, "The role with which ECR creates repositories");
  output(stack, "key_arn", key.arn, "The key with which cached images are encrypted");
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function variable(stack: TerraformStack, name: string, description: string): string {
  const made = new TerraformVariable(stack, name, { type: "string", description, sensitive: true, nullable: false });
  made.addOverride("ephemeral", true);
  return made.stringValue;
}

function output(stack: TerraformStack, name: string, value: unknown, description: string): void {
  new TerraformOutput(stack, name, { value, description });
}

function write(): void {
  const app = new App({ outdir, stackTraces: false, skipValidation: true });
  for (const { name, accountId } of accounts(Number(count))) {
    addRegistry(new TerraformStack(app, name), name, accountId);
  }
  app.synth();
}

const [count = "3", outdir = "out", tokens] = process.argv.slice(2);
if (tokens === "without-creation-stacks") withoutCreationStacks(write);
else write();
reportUsage();
