import { Registry } from "../modules/domain";
import { Environment } from "./environment";

/** The role that the original guide lets in, in whichever account the environment is. */
const DEVELOPERS = { role: "ECRDeveloperRole" };

/** What all environments have in common. Each can say otherwise below. */
const shared = {
  region: "us-east-1",
  pullers: [DEVELOPERS],
} satisfies Partial<Registry>;

/** Moves fast and costs little: tags follow upstream, no key of its own, old images go soon. */
const dev: Environment = {
  ...shared,
  name: "dev",
  accountId: "111122223333",
  backend: { type: "local" },
  tags: { environment: "dev", team: "platform" },
  caches: [
    { upstream: "docker-hub", prefix: "dev", credential: { type: "new-secret" } },
    { upstream: "quay" },
    { upstream: "k8s" },
    { upstream: "ecr-public" },
  ],
  repositories: {
    imageTagMutability: "MUTABLE",
    encryption: { type: "AES256" },
    lifecycle: [{ expireUntagged: { afterDays: 7 } }],
  },
};

/** Like prod, but with a key and a secret that other teams own, and `latest` may move. */
const staging: Environment = {
  ...shared,
  name: "staging",
  accountId: "444455556666",
  backend: { type: "s3", bucket: "example-terraform-state", region: "us-east-1" },
  assumeRole: { roleArn: "arn:aws:iam::444455556666:role/TerraformDeploy" },
  tags: { environment: "staging", team: "platform" },
  caches: [
    {
      upstream: "docker-hub",
      prefix: "staging",
      credential: {
        type: "existing-secret",
        secretArn: "arn:aws:secretsmanager:us-east-1:444455556666:secret:ecr-pullthroughcache/docker-hub-Ab12Cd",
      },
    },
    { upstream: "quay" },
  ],
  repositories: {
    imageTagMutability: { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["latest"] },
    encryption: {
      type: "KMS",
      keyArn: "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
    lifecycle: [{ expireUntagged: { afterDays: 14 } }],
  },
};

/** The guide's registry: no tag ever moves, a key of its own, and nobody but the developers' role. */
const prod: Environment = {
  ...shared,
  name: "prod",
  accountId: "123456789012",
  backend: { type: "cloud", organization: "example" },
  assumeRole: { roleArn: "arn:aws:iam::123456789012:role/TerraformDeploy" },
  tags: { environment: "prod", team: "platform" },
  caches: [{ upstream: "docker-hub", prefix: "prod", credential: { type: "new-secret" } }],
  repositories: {
    imageTagMutability: "IMMUTABLE",
    encryption: { type: "KMS" },
    lifecycle: [{ expireUntagged: { afterDays: 30 } }],
    access: { denyOthers: true },
  },
  acknowledged: [
    { code: "frozen-tags", reason: "prod deploys whole versions and digests only, and no tag may change under it" },
  ],
};

/** Three environments to learn from, which the tests and the pages are about. */
export const samples: readonly Environment[] = [dev, staging, prod];
