import { App, CfnTag, Stack } from "aws-cdk-lib";
import {
  CfnPullThroughCacheRule,
  CfnRegistryPolicy,
  CfnRegistryScanningConfiguration,
  CfnRepositoryCreationTemplate,
} from "aws-cdk-lib/aws-ecr";
import { CfnPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnAlias, CfnKey } from "aws-cdk-lib/aws-kms";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { accounts, EXPIRY_DAYS, PULLER, REGION, TAGS } from "../bench-environments";
import { reportUsage } from "../report-usage";

/** The same registry with the AWS CDK's own classes, one for each resource of CloudFormation. */
function addRegistry(stack: Stack, accountId: string): void {
  const prefixes = ["docker-hub", "quay"];
  const tags: CfnTag[] = Object.entries(TAGS).map(([key, value]) => ({ key, value }));
  const puller = `arn:aws:iam::${accountId}:role/${PULLER}`;
  const repositories = prefixes.map((prefix) => `arn:aws:ecr:${REGION}:${accountId}:repository/${prefix}/*`);
  const keyActions = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"];
  const role = new CfnRole(stack, "TemplateRole", {
    roleName: `EcrRepositoryCreation-${REGION}`,
    assumeRolePolicyDocument: policy({ Principal: { Service: "ecr.amazonaws.com" }, Action: "sts:AssumeRole" }),
    tags,
  });
  const key = new CfnKey(stack, "Key", {
    enableKeyRotation: true,
    pendingWindowInDays: 30,
    keyPolicy: policy(
      { Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
      { Principal: { AWS: role.attrArn }, Action: keyActions, Resource: "*" },
    ),
    tags,
  });
  new CfnAlias(stack, "Alias", { aliasName: "alias/ecr-pull-through-cache", targetKeyId: key.ref });
  const permissions = new CfnPolicy(stack, "TemplateRolePolicy", {
    policyName: "create-repositories",
    roles: [role.ref],
    policyDocument: policy(
      { Action: ["ecr:CreateRepository", "ecr:TagResource"], Resource: repositories },
      { Action: keyActions, Resource: key.attrArn },
    ),
  });
  const templates = prefixes.map((prefix) => {
    const template = new CfnRepositoryCreationTemplate(stack, `Template-${prefix}`, {
      prefix,
      appliedFor: ["PULL_THROUGH_CACHE"],
      customRoleArn: role.attrArn,
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: key.attrArn },
      imageTagMutability: "IMMUTABLE",
      lifecyclePolicy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
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
      repositoryPolicy: JSON.stringify(
        policy({
          Principal: { AWS: puller },
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        }),
      ),
      resourceTags: tags,
    });
    template.addDependency(permissions);
    return template;
  });
  const secret = new CfnSecret(stack, "Secret", { name: "ecr-pullthroughcache/docker-hub", tags });
  const dockerHub = new CfnPullThroughCacheRule(stack, "Rule-docker-hub", {
    ecrRepositoryPrefix: "docker-hub",
    upstreamRegistry: "docker-hub",
    upstreamRegistryUrl: "registry-1.docker.io",
    credentialArn: secret.ref,
  });
  dockerHub.addDependency(templates[0]!);
  const quay = new CfnPullThroughCacheRule(stack, "Rule-quay", {
    ecrRepositoryPrefix: "quay",
    upstreamRegistry: "quay",
    upstreamRegistryUrl: "quay.io",
  });
  quay.addDependency(templates[1]!);
  new CfnRegistryPolicy(stack, "Policy", {
    policyText: policy({
      Principal: { AWS: puller },
      Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
      Resource: repositories,
    }),
  });
  new CfnRegistryScanningConfiguration(stack, "Scanning", {
    scanType: "BASIC",
    rules: [
      {
        scanFrequency: "SCAN_ON_PUSH",
        repositoryFilters: prefixes.map((prefix) => ({ filter: `${prefix}/*`, filterType: "WILDCARD" })),
      },
    ],
  });
}

function policy(...statements: readonly object[]) {
  return { Version: "2012-10-17", Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) };
}

const [count = "3", outdir = "out"] = process.argv.slice(2);
const app = new App({ outdir, analyticsReporting: false });
for (const { name, accountId } of accounts(Number(count))) {
  addRegistry(new Stack(app, name, { env: { account: accountId, region: REGION } }), accountId);
}
app.synth();
reportUsage();
