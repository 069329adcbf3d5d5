import { Testing } from "cdktf";
import { Environment, EnvironmentStack } from "../../stacks";
import { StackJson } from "../helpers/synth";

const environment: Environment = {
  name: "qa",
  accountId: "111122223333",
  region: "eu-west-1",
  backend: { type: "local" },
  caches: [{ upstream: "quay" }],
};

function stackOf(change: Partial<Environment> = {}): StackJson {
  // The cloud backend's own validation runs `terraform version`: these tests must not need Terraform.
  return JSON.parse(Testing.synth(new EnvironmentStack(Testing.app(), { ...environment, ...change }))) as StackJson;
}

describe("EnvironmentStack", () => {
  test("lets the provider act in the environment's account and region only", () => {
    expect(stackOf().provider).toEqual({ aws: [{ region: "eu-west-1", allowed_account_ids: ["111122223333"] }] });
  });

  test("takes on a role where one is named", () => {
    const assumeRole = { roleArn: "arn:aws:iam::111122223333:role/Deploy", externalId: "xy" };
    expect(stackOf({ assumeRole }).provider).toEqual({
      aws: [
        {
          region: "eu-west-1",
          allowed_account_ids: ["111122223333"],
          assume_role: [{ role_arn: assumeRole.roleArn, external_id: "xy", session_name: "ecr-pull-through-cache" }],
        },
      ],
    });
  });

  test("asks for a Terraform that has write-only arguments, and for the provider of the binding", () => {
    const { required_version, required_providers } = stackOf().terraform;
    expect(required_version).toBe(">= 1.11.0");
    const cdkTerrain = { source: "hashicorp/aws", version: "6.66.0" };
    const aws = process.env.ENGINE === "cdktn" ? cdkTerrain : { source: "aws", version: "6.25.0" };
    expect(required_providers).toEqual({ aws });
  });

  test.each([
    [{ type: "local" }, { backend: { local: { path: "../../../terraform.qa.tfstate" } } }],
    [{ type: "local", path: "state/a.tfstate" }, { backend: { local: { path: "../../../state/a.tfstate" } } }],
    [
      {
        type: "s3",
        bucket: "state",
        region: "us-east-1",
        key: "a",
        kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/a1b2c3d4-5678-4abc-8def-1234567890ab",
        assumeRole: { roleArn: "arn:aws:iam::999900001111:role/State" },
      },
      {
        backend: {
          s3: {
            bucket: "state",
            region: "us-east-1",
            key: "a",
            encrypt: true,
            use_lockfile: true,
            kms_key_id: "arn:aws:kms:us-east-1:111122223333:key/a1b2c3d4-5678-4abc-8def-1234567890ab",
            assume_role: { role_arn: "arn:aws:iam::999900001111:role/State", session_name: "ecr-pull-through-cache" },
          },
        },
      },
    ],
    [
      { type: "cloud", organization: "example", workspaceTags: ["ecr"], project: "registry" },
      { cloud: { organization: "example", workspaces: { tags: ["ecr"], project: "registry" } } },
    ],
    [
      { type: "s3", bucket: "state", region: "us-east-1" },
      {
        backend: {
          s3: {
            bucket: "state",
            region: "us-east-1",
            key: "ecr-pull-through-cache/qa.tfstate",
            encrypt: true,
            use_lockfile: true,
          },
        },
      },
    ],
    [
      { type: "cloud", organization: "example" },
      { cloud: { organization: "example", workspaces: { name: "ecr-pull-through-cache-qa" } } },
    ],
    [
      { type: "cloud", organization: "example", workspace: "registry", hostname: "tfe.example.com" },
      { cloud: { organization: "example", hostname: "tfe.example.com", workspaces: { name: "registry" } } },
    ],
  ] as [Environment["backend"], object][])("remembers in %j", (backend, expected) => {
    const { required_version: _, required_providers: __, ...rest } = stackOf({ backend }).terraform;
    expect(rest).toEqual(expected);
  });

  test("puts out where to pull from, and only those ARNs that there are", () => {
    const output = stackOf({ repositories: { encryption: { type: "AES256" } } }).output;
    expect(output).toEqual({
      registry_host: {
        value: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
        description: "The host for docker login and docker pull",
      },
      pull_prefixes: {
        value: { quay: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" },
        description: "What to put before an upstream image's path to pull it through each cache",
      },
    });
  });

  test("puts out what to put into a secret whose value Terraform does not know", () => {
    const credential = { type: "new-secret", valueFrom: "outside-terraform" } as const;
    const json = stackOf({ caches: [{ upstream: "docker-hub", credential }] });
    expect(json.output!.secrets_to_fill).toEqual({
      value: {
        "ecr-pullthroughcache/docker-hub":
          '{"username":"…","accessToken":"…"} with a user name and an access token for Docker Hub',
      },
      description: "What to put into the secrets whose value Terraform does not know, before the first pull",
    });
    expect(json.variable).toBeUndefined();
  });

  test("reads nothing from AWS while planning", () => {
    expect(stackOf().data).toBeUndefined();
  });
});
