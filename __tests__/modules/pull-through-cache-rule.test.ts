import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { PullThroughCacheRule, PullThroughCacheRuleProps, ValidationError } from "../../modules";
import { onlyResource, synth } from "../helpers/synth";
import { caches } from "../helpers/upstreams";

const registry = { accountId: "111122223333", region: "us-east-1" };
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/hub-Ab12Cd";
const credential = { type: "existing-secret", secretArn } as const;

function ruleOf(props: PullThroughCacheRuleProps) {
  return onlyResource(
    synth((stack) => new PullThroughCacheRule(stack, "cache", props)),
    "aws_ecr_pull_through_cache_rule",
  );
}

describe("PullThroughCacheRule", () => {
  test("names upstream, prefix and credential, and nothing else", () => {
    expect(ruleOf({ registry, upstream: "docker-hub", prefix: "prod", credential })).toEqual({
      ecr_repository_prefix: "prod",
      upstream_registry_url: "registry-1.docker.io",
      credential_arn: secretArn,
    });
  });

  test.each(caches(credential))("writes one line of %j as a rule for %s", (cache, url, prefix) => {
    expect(ruleOf({ registry, ...cache })).toEqual({
      ecr_repository_prefix: prefix,
      upstream_registry_url: url,
      ...("credential" in cache ? { credential_arn: secretArn } : {}),
    });
  });

  test("takes the prefix that AWS suggests, and no credential for an open upstream", () => {
    expect(ruleOf({ registry, upstream: "k8s" })).toEqual({
      ecr_repository_prefix: "kubernetes",
      upstream_registry_url: "registry.k8s.io",
    });
  });

  test("passes values through that only Terraform knows", () => {
    const json = synth((stack) => {
      const key = new KmsKey(stack, "key");
      new PullThroughCacheRule(stack, "cache", {
        registry: { accountId: key.id, region: key.region },
        upstream: "azure-container-registry",
        registryName: key.description,
        prefix: key.keyId,
        credential: { type: "existing-secret", secretArn: key.arn },
      });
    });
    expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toEqual({
      ecr_repository_prefix: "${aws_kms_key.key.key_id}",
      upstream_registry_url: "${aws_kms_key.key.description}.azurecr.io",
      credential_arn: "${aws_kms_key.key.arn}",
    });
  });

  test("waits for what it is told to wait for", () => {
    const json = synth((stack) => {
      const key = new KmsKey(stack, "key");
      new PullThroughCacheRule(stack, "cache", { registry, upstream: "quay", dependsOn: [key] });
    });
    expect(onlyResource(json, "aws_ecr_pull_through_cache_rule")).toMatchObject({ depends_on: ["aws_kms_key.key"] });
  });

  test("refuses an upstream that needs a credential without one, where the types could not", () => {
    const props = { registry, upstream: "docker-hub" } as unknown as PullThroughCacheRuleProps;
    expect(() => ruleOf(props)).toThrow("[test/cache] credential is missing: ECR refuses a rule for Docker Hub");
  });

  test("refuses everything that is wrong at once", () => {
    let caught: unknown;
    try {
      ruleOf({ registry, upstream: "docker-hub", prefix: "Prod", credential: { ...credential, secretArn: "secret" } });
    } catch (error) {
      caught = error;
    }
    expect(ValidationError.is(caught)).toBe(true);
    const { constructPath, diagnostics, message } = caught as ValidationError;
    expect(constructPath).toBe("test/cache");
    expect(diagnostics.map(({ path }) => path)).toEqual([["prefix"], ["credential", "secretArn"]]);
    const lines = message.split("\n");
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toBe("help/own-modules.md, in ecr-pull-through-cache, is about the constructs.");
  });
});

test("an error of another kind is no ValidationError", () => {
  expect(ValidationError.is(new Error("x"))).toBe(false);
  expect(ValidationError.is(undefined)).toBe(false);
});
