import { EcrRegistry, ManagedSecret, Registry, ValidationError } from "../../modules";
import { onlyResource, resources, StackJson, synth } from "../helpers/synth";

const credential: ManagedSecret = { type: "new-secret" };
const described: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [{ upstream: "docker-hub", prefix: "prod", id: "hub", credential }, { upstream: "quay" }],
  pullers: [{ role: "Puller" }],
};
const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-Ab12Cd";

function synthRegistry(props: Partial<Registry>): StackJson {
  return synth((stack) => new EcrRegistry(stack, "registry", { ...described, ...props }));
}

/** The blocks, each with an id that the provider's documentation gives for its type. */
function imports(props: Partial<Registry>): string[] {
  const blocks = (synthRegistry(props) as unknown as { import?: { to: string; id: string }[] }).import ?? [];
  return blocks.map(({ to, id }) => `${to} <- ${id}`).sort();
}

describe("importExisting", () => {
  test("takes over nothing by default", () => {
    expect(synthRegistry({})).not.toHaveProperty("import");
    expect(imports({ importExisting: {} })).toEqual([]);
  });

  test("true takes over rules, templates, policy and scanning, at the addresses that they would have anyway", () => {
    expect(imports({ importExisting: true })).toEqual([
      "aws_ecr_pull_through_cache_rule.registry_caches_hub_3886CBF5 <- prod",
      "aws_ecr_pull_through_cache_rule.registry_caches_quay_B320F445 <- quay",
      "aws_ecr_registry_policy.registry_policy_9B138C89 <- 111122223333",
      "aws_ecr_registry_scanning_configuration.registry_scanning_7800BA67 <- 111122223333",
      "aws_ecr_repository_creation_template.registry_templates_hub_749AD430 <- prod",
      "aws_ecr_repository_creation_template.registry_templates_quay_5D815DEE <- quay",
    ]);
    expect(synthRegistry({ importExisting: true }).resource).toEqual(synthRegistry({}).resource);
  });

  test("true leaves out what is not managed", () => {
    const adopted = imports({ importExisting: true, registryPolicy: "unmanaged", scanning: "unmanaged", caches: [] });
    expect(adopted).toEqual([]);
  });

  test("takes over what is chosen, a secret by its ARN", () => {
    expect(
      imports({ importExisting: { caches: ["quay"], templates: true, secrets: { "docker-hub": secretArn } } }),
    ).toEqual([
      "aws_ecr_pull_through_cache_rule.registry_caches_quay_B320F445 <- quay",
      "aws_ecr_repository_creation_template.registry_templates_hub_749AD430 <- prod",
      "aws_ecr_repository_creation_template.registry_templates_quay_5D815DEE <- quay",
      `aws_secretsmanager_secret.registry_secrets_docker-hub_0D767346 <- ${secretArn}`,
    ]);
  });

  test("refuses what is not there to be taken over, all at once", () => {
    const importExisting = {
      caches: ["quay", "prod"],
      templates: ["k8s"],
      registryPolicy: true,
      scanning: true,
      secrets: { "docker-hub": secretArn.replace("docker-hub", "hub"), ghcr: secretArn },
    };
    expect(() => synthRegistry({ importExisting, registryPolicy: "unmanaged", scanning: "unmanaged" })).toThrow(
      ValidationError,
    );
    try {
      synthRegistry({ importExisting, registryPolicy: "unmanaged", scanning: "unmanaged" });
    } catch (error) {
      expect((error as ValidationError).diagnostics.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual(
        [
          "importExisting.caches.1 must be the id of a cache",
          "importExisting.templates.0 must be the id of a template",
          "importExisting.secrets.docker-hub must be the full ARN of the secret ecr-pullthroughcache/docker-hub, with the six " +
            "characters at its end",
          "importExisting.secrets.ghcr must be the id of a secret that is created here",
          "importExisting.registryPolicy asks for a policy, but none is managed here",
          "importExisting.scanning asks for the scanning configuration, but none is managed here",
        ],
      );
    }
  });
});

describe("preventDestroy", () => {
  test("keeps the key and the secrets, and nothing else", () => {
    const json = synthRegistry({ preventDestroy: true });
    const lifecycle = { prevent_destroy: true };
    expect(onlyResource(json, "aws_kms_key")).toMatchObject({ lifecycle });
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({ lifecycle });
    const kept = Object.keys(json.resource!).flatMap((type) =>
      resources(json, type).filter((one) => "lifecycle" in one),
    );
    expect(kept).toHaveLength(2);
  });

  test("is off by default", () => {
    expect(JSON.stringify(synthRegistry({}))).not.toContain("prevent_destroy");
  });
});

describe("CREATE_ON_PUSH", () => {
  const props: Partial<Registry> = { templates: [{ prefix: "app", appliedFor: ["CREATE_ON_PUSH"] }] };

  if (process.env.ENGINE === "cdktn") {
    test("is written where the provider knows it", () => {
      const templates = resources(synthRegistry(props), "aws_ecr_repository_creation_template");
      expect(templates.find(({ prefix }) => prefix === "app")).toMatchObject({ applied_for: ["CREATE_ON_PUSH"] });
    });
  } else {
    test("is refused in each template where the provider is older", () => {
      const { templates = [] } = props;
      const twice = { templates: [...templates, { prefix: "team" }, { ...templates[0]!, prefix: "web" }] };
      expect(() => synthRegistry(twice)).toThrow(/- templates\[0\]\.appliedFor .*\n {2}- templates\[2\]\.appliedFor/);
    });

    test("is refused where the provider is older, with the way out", () => {
      expect(() => synthRegistry(props)).toThrow(
        "[test/registry] templates[0].appliedFor must not hold CREATE_ON_PUSH: the AWS provider here is 6.25.0, and " +
          'knows it since 6.28.0, got ["CREATE_ON_PUSH"]; remove it, or use CDK Terrain (cdktn), whose provider is newer',
      );
    });
  }
});
