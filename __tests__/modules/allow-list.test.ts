import {
  checkRegistry,
  EcrRegistry,
  explainPull,
  formatDiagnostic,
  importDenialPolicy,
  Registry,
  resolveImage,
} from "../../modules";
import { onlyResource, synth } from "../helpers/synth";

const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  pullers: [{ role: "ECRDeveloperRole" }],
  repositories: { encryption: { type: "AES256" }, imageTagMutability: "MUTABLE" },
  caches: [
    {
      upstream: "docker-hub",
      only: ["library/nginx", "grafana/*"],
      credential: { type: "new-secret" },
    },
    { upstream: "quay" },
  ],
};
const arn = (name: string) => `arn:aws:ecr:us-east-1:111122223333:repository/${name}`;

describe("the allow-list of a cache", () => {
  test("the registry policy allows the import of exactly these repositories", () => {
    const json = synth((stack) => new EcrRegistry(stack, "registry", registry));
    const policy = JSON.parse(String(onlyResource(json, "aws_ecr_registry_policy").policy)) as unknown;
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowPullThrough",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:role/ECRDeveloperRole" },
          Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
          Resource: [arn("docker-hub/grafana/*"), arn("docker-hub/library/nginx"), arn("quay/*")],
        },
      ],
    });
  });

  test("nothing is found in it, and pullers lack nothing", () => {
    expect(checkRegistry(registry)).toEqual([]);
    const found = explainPull("nginx:1.27.1", registry);
    if ("diagnostics" in found) throw new Error("refused");
    expect(found.pulls.map(({ uri, pullers }) => [uri, pullers])).toEqual([
      [
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/nginx:1.27.1",
        [{ who: "the role ECRDeveloperRole", missing: [], unknown: [] }],
      ],
    ]);
  });

  test.each([
    ["redis:7", 'add "library/redis" to only of the cache docker-hub'],
    ["bitnami/redis:7", 'add "bitnami/redis" to only of the cache docker-hub'],
    ["library/nginx-extra", 'add "library/nginx-extra" to only of the cache docker-hub'],
    [
      "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/redis:7",
      'add "library/redis" to only of the cache docker-hub',
    ],
  ])("refuses %s with the line to add", (image, fix) => {
    const found = resolveImage(image, registry);
    expect("diagnostics" in found && found.diagnostics.map(formatDiagnostic)).toEqual([
      `is not among the repositories that the cache docker-hub allows (library/nginx, grafana/*), got "${image}"; ${fix}`,
    ]);
  });

  test.each(["grafana/grafana", "grafana/loki/x", "docker.io/library/nginx"])("allows %s", (image) => {
    expect("images" in resolveImage(image, registry)).toBe(true);
  });

  test.each<[unknown, RegExp]>([
    [[], /^caches\[0\]\.only must be a list of at least one repository, got \[\]/],
    [["*"], /^caches\[0\]\.only\[0\] must not allow every repository/],
    [["nginx"], /^caches\[0\]\.only\[0\] must contain the namespace .* write "library\/nginx"/],
    [["docker.io/library/nginx:1"], /^caches\[0\]\.only\[0\] must be the name of a repository without host, tag/],
    [["a/b", "a/b"], /^caches\[0\]\.only\[1\] must not be listed twice/],
  ])("refuses %j", (only, message) => {
    const cache = { ...registry.caches[0]!, only } as Registry["caches"][number];
    expect(checkRegistry({ ...registry, caches: [cache] }).map(formatDiagnostic)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test("passes on what only Terraform knows", () => {
    const cache = { ...registry.caches[0]!, only: ["${var.repository}"] };
    const unknown = { ...registry, caches: [cache] };
    expect(checkRegistry(unknown)).toEqual([]);
    expect("images" in resolveImage("redis", unknown)).toBe(true);
  });

  test("the statement for identity policies denies every other import into this registry", () => {
    expect(importDenialPolicy(registry).Statement).toEqual([
      {
        Sid: "DenyOtherImports",
        Effect: "Deny",
        Action: "ecr:BatchImportUpstreamImage",
        NotResource: [arn("docker-hub/grafana/*"), arn("docker-hub/library/nginx"), arn("quay/*")],
        Condition: {
          StringEquals: { "aws:RequestedRegion": "us-east-1", "aws:ResourceAccount": "111122223333" },
        },
      },
    ]);
  });
});
