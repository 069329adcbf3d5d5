import { Environment } from "./environment";

/**
 * Everything that an environment can have in addition to caches, in one: roles with a boundary, a key with administrators,
 * lists of allowed repositories, alerts, account settings and replication. To use it, put it in the list in
 * `environments.ts`.
 */
export const completeSample: Environment = {
  name: "complete",
  accountId: "777788889999",
  region: "us-east-1",
  backend: { type: "local" },
  tags: { environment: "complete", team: "platform" },
  pullers: [{ role: "ECRDeveloperRole" }],
  caches: [
    { upstream: "docker-hub", only: ["library/nginx", "grafana/*"], credential: { type: "new-secret" } },
    { upstream: "quay" },
  ],
  templates: [{ prefix: "copies", appliedFor: ["REPLICATION"] }],
  roles: {
    permissionsBoundaryArn: "arn:aws:iam::777788889999:policy/PlatformBoundary",
    path: "/platform/",
    namePrefix: "platform-",
    tags: { owner: "platform" },
  },
  key: { rotationPeriodInDays: 180, administrators: [{ role: "KeyAdministrator" }], alias: "ecr-images" },
  alerts: { criticalFindings: true },
  accountSettings: { registryPolicyScope: "V2", basicScanTypeVersion: "AWS_NATIVE" },
  replication: [{ destinations: [{ region: "eu-west-1" }], prefixes: ["quay/"] }],
  replicationSources: [{ accountId: "444455556666", prefixes: ["copies"] }],
};
