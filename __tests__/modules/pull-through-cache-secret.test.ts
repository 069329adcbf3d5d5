import { PullThroughCacheRule, PullThroughCacheSecret, PullThroughCacheSecretProps } from "../../modules";
import { addresses, onlyResource, StackJson, synth } from "../helpers/synth";

const props: PullThroughCacheSecretProps = { name: "docker-hub", upstreamTitle: "Docker Hub" };
const SECRET = "aws_secretsmanager_secret.hub_9804E927";
const VALUE = "aws_secretsmanager_secret_version.hub_Value_D2EF52DB";

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:*"}]}';

describe("PullThroughCacheSecret", () => {
  let json: StackJson;
  beforeAll(() => {
    json = synth((stack) => {
      const secret = new PullThroughCacheSecret(stack, "hub", props);
      new PullThroughCacheRule(stack, "cache", {
        registry: { accountId: "111122223333", region: "us-east-1" },
        upstream: "docker-hub",
        credential: secret.credential,
        dependsOn: [secret.value!],
      });
    });
  });

  test("creates a secret of the name that ECR asks for, encrypted with the default key", () => {
    expect(onlyResource(json, "aws_secretsmanager_secret")).toEqual({
      name: "ecr-pullthroughcache/docker-hub",
      description: "User name and access token with which ECR reads Docker Hub",
      recovery_window_in_days: 30,
    });
  });

  test("sets its value through the write-only argument alone", () => {
    expect(onlyResource(json, "aws_secretsmanager_secret_version")).toEqual({
      secret_id: `\${${SECRET}.id}`,
      secret_string_wo:
        '${jsonencode({"username" = var.docker_hub_username, "accessToken" = var.docker_hub_access_token})}',
      secret_string_wo_version: 1,
    });
  });

  test("reads the value from variables that reach neither plan file nor state, and have no default", () => {
    const variable = { type: "string", sensitive: true, ephemeral: true, nullable: false };
    expect(json.variable).toEqual({
      docker_hub_username: { ...variable, description: "User name for Docker Hub" },
      docker_hub_access_token: { ...variable, description: "Access token for Docker Hub" },
    });
  });

  test("makes a rule wait for the value, but reads the ARN from the secret, which no rotation replaces", () => {
    expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toMatchObject({
      credential_arn: `\${${SECRET}.arn}`,
      depends_on: [VALUE],
    });
    expect(addresses(json)).toEqual(expect.arrayContaining([SECRET, VALUE]));
  });

  test("takes version, recovery window and tags", () => {
    const other = synth(
      (stack) =>
        new PullThroughCacheSecret(stack, "hub", {
          ...props,
          version: 7,
          recoveryWindowInDays: 0,
          tags: { team: "a" },
        }),
    );
    expect(onlyResource(other, "aws_secretsmanager_secret")).toMatchObject({
      recovery_window_in_days: 0,
      tags: { team: "a" },
    });
    expect(onlyResource(other, "aws_secretsmanager_secret_version")).toMatchObject({ secret_string_wo_version: 7 });
  });

  test("leaves the value to another tool: no variable, no value, nothing to wait for", () => {
    let value: unknown = "something";
    const other = synth((stack) => {
      ({ value } = new PullThroughCacheSecret(stack, "hub", {
        ...props,
        valueFrom: "outside-terraform",
        policy: POLICY,
      }));
    });
    expect(value).toBeUndefined();
    expect(other.variable).toBeUndefined();
    expect(other.resource).not.toHaveProperty("aws_secretsmanager_secret_version");
    expect(onlyResource(other, "aws_secretsmanager_secret")).toMatchObject({
      name: "ecr-pullthroughcache/docker-hub",
      policy: POLICY,
    });
  });

  test("refuses a name that no variable can be named after, and a recovery window that AWS refuses", () => {
    const wrong = () =>
      synth((stack) => new PullThroughCacheSecret(stack, "hub", { ...props, name: "9", recoveryWindowInDays: 5 }));
    expect(wrong).toThrow(
      /\[test\/hub\]\n {2}- name must start with a letter.*\n {2}- recoveryWindowInDays must be 0 or/,
    );
  });
});
