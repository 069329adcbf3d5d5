import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";
import {
  checkRegistry,
  deployerPolicy,
  EcrRegistry,
  formatDiagnostic,
  plannerPolicy,
  Registry,
  renderPolicyDocument,
} from "../../modules";
import { addresses, onlyResource, resources, StackJson, synth } from "../helpers/synth";

const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [{ upstream: "quay" }],
  repositories: { encryption: { type: "AES256" }, imageTagMutability: "MUTABLE" },
};

function synthRegistry(change: Partial<Registry>): StackJson {
  return synth((stack) => new EcrRegistry(stack, "registry", { ...registry, ...change }));
}

function found(change: Partial<Registry>): string[] {
  return checkRegistry({ ...registry, ...change }).map(formatDiagnostic);
}

/** The types of the resources that a change adds. */
function added(change: Partial<Registry>): string[] {
  const before = addresses(synthRegistry({}));
  return addresses(synthRegistry(change))
    .filter((one) => !before.includes(one))
    .map((one) => one.split(".")[0]!)
    .sort();
}

/** The actions that a change adds to a policy. */
function addedActions(
  policy: (of: Registry) => { Statement: readonly { Action: unknown }[] },
  change: Partial<Registry>,
) {
  const actions = (of: Registry) => policy(of).Statement.flatMap(({ Action }) => Action as string);
  const before = actions(registry);
  return [...new Set(actions({ ...registry, ...change }))].filter((action) => !before.includes(action)).sort();
}

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

describe("alerts", () => {
  test("an existing topic: a rule for failed imports, and its target", () => {
    const json = synthRegistry({ alerts: { topicArn: TOPIC }, tags: { team: "platform" } });
    const rule = onlyResource(json, "aws_cloudwatch_event_rule");
    expect({ ...rule, event_pattern: JSON.parse(String(rule.event_pattern)) as unknown }).toEqual({
      name: "ecr-pull-through-cache-failed-imports",
      description: "ECR could not import an image through a pull through cache",
      event_pattern: {
        source: ["aws.ecr"],
        "detail-type": ["ECR Pull Through Cache Action"],
        detail: { "sync-status": [{ "anything-but": "SUCCESS" }] },
      },
      tags: { team: "platform" },
    });
    const target = onlyResource(json, "aws_cloudwatch_event_target");
    expect(target).toMatchObject({ arn: TOPIC, target_id: "topic" });
    const transformer = target.input_transformer as { input_paths: Record<string, string>; input_template: string };
    expect(Object.values(transformer.input_paths)).toEqual(
      expect.arrayContaining(["$.detail.failure-code", "$.detail.failure-reason", "$.detail.ecr-repository-prefix"]),
    );
    const used = [...transformer.input_template.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(used.sort()).toEqual(Object.keys(transformer.input_paths).sort());
    expect(added({ alerts: { topicArn: TOPIC } })).toEqual([
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
    ]);
  });

  test("a topic created here: only the rules publish, and the key serves only that", () => {
    const json = synthRegistry({ alerts: { criticalFindings: true } });
    expect(added({ alerts: { criticalFindings: true } })).toEqual([
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
      "aws_cloudwatch_event_target",
      "aws_kms_alias",
      "aws_kms_key",
      "aws_sns_topic",
      "aws_sns_topic_policy",
    ]);
    const policy = JSON.parse(String(onlyResource(json, "aws_sns_topic_policy").policy)) as { Statement: object[] };
    const rule = "arn:aws:events:us-east-1:111122223333:rule/ecr-pull-through-cache-";
    expect(policy.Statement).toEqual([
      {
        Sid: "AllowRules",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: expect.stringMatching(/^\$\{aws_sns_topic\./) as unknown,
        Condition: { ArnEquals: { "aws:SourceArn": [`${rule}critical-findings`, `${rule}failed-imports`] } },
      },
    ]);
    const key = JSON.parse(String(onlyResource(json, "aws_kms_key").policy)) as { Statement: { Action: unknown }[] };
    expect(key.Statement.map(({ Action }) => Action)).toEqual(["kms:*", ["kms:Decrypt", "kms:GenerateDataKey"]]);
  });

  test.each<[Partial<Registry>, string[]]>([
    [{}, ["aws.ecr", "aws.ecr"]],
    [{ scanning: { type: "ENHANCED" } }, ["aws.ecr", "aws.inspector2"]],
    [{ scanning: "unmanaged" }, ["aws.ecr", "aws.ecr", "aws.inspector2"]],
  ])("critical findings come from the service that scans: %j", (change, sources) => {
    const json = synthRegistry({ ...change, alerts: { topicArn: TOPIC, criticalFindings: true } });
    const patterns = resources(json, "aws_cloudwatch_event_rule").map(({ event_pattern: text }) => {
      return (JSON.parse(String(text)) as { source: string[] }).source[0];
    });
    expect(patterns.sort()).toEqual(sources);
  });

  test("the deploy policy is as wide as the topic and the rules", () => {
    const { Statement } = deployerPolicy({ ...registry, alerts: {} });
    expect(Statement.find(({ Sid }) => Sid === "Topic")!.Resource).toBe(
      "arn:aws:sns:us-east-1:111122223333:ecr-pull-through-cache-alerts",
    );
    expect(Statement.find(({ Sid }) => Sid === "EventRules")!.Resource).toBe(
      "arn:aws:events:us-east-1:111122223333:rule/ecr-pull-through-cache-failed-imports",
    );
    expect(Statement.find(({ Sid }) => Sid === "ChangeAlertsKey")!.Condition).toEqual({
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/ecr-pull-through-cache-alerts" },
    });
    expect(addedActions(plannerPolicy, { alerts: { topicArn: TOPIC } })).toEqual([
      "events:DescribeRule",
      "events:ListTagsForResource",
      "events:ListTargetsByRule",
    ]);
    const both = renderPolicyDocument(deployerPolicy({ ...registry, repositories: {}, alerts: {} }));
    for (const sid of ["Key", "ChangeKey", "AlertsKey", "ChangeAlertsKey"]) expect(both).toContain(`"Sid":"${sid}"`);
  });

  test.each([
    ["alerts", /^alerts\.topicArn must be the ARN of a standard topic/],
    [`${TOPIC}.fifo`, /^alerts\.topicArn must be the ARN of a standard topic/],
    ["arn:aws:sns:eu-west-1:111122223333:alerts", /^alerts\.topicArn must be in the registry's Region us-east-1/],
  ])("refuses the topic %s", (topicArn, message) => {
    expect(found({ alerts: { topicArn } })).toEqual([expect.stringMatching(message)]);
  });

  test("passes on a topic that only Terraform knows", () => {
    expect(found({ alerts: { topicArn: "${aws_sns_topic.t.arn}" } })).toEqual([]);
  });
});

describe("account settings", () => {
  const accountSettings = { registryPolicyScope: "V2", basicScanTypeVersion: "AWS_NATIVE" } as const;

  test("each is a resource", () => {
    expect(resources(synthRegistry({ accountSettings }), "aws_ecr_account_setting")).toEqual([
      { name: "BASIC_SCAN_TYPE_VERSION", value: "AWS_NATIVE" },
      { name: "REGISTRY_POLICY_SCOPE", value: "V2" },
    ]);
    expect(addedActions(deployerPolicy, { accountSettings })).toEqual([
      "ecr:GetAccountSetting",
      "ecr:PutAccountSetting",
    ]);
    expect(synthRegistry({ accountSettings: {} })).toEqual(synthRegistry({}));
  });

  test("refuses unknown values", () => {
    expect(found({ accountSettings: { registryPolicyScope: "V1" as never } })).toEqual([
      'accountSettings.registryPolicyScope is not a known value, got "V1"; write "V2", or leave it out',
    ]);
  });

  /** Whether the engine's binding is new enough decides what becomes of these. */
  test.each<[string, Partial<Registry>, string]>([
    ["blob mounting", { accountSettings: { blobMounting: "ENABLED" } }, "6.29.0"],
    ["pull-time exclusions", { pullTimeExclusions: ["arn:aws:iam::111122223333:role/a/Scanner"] }, "6.28.0"],
  ])("%s need a newer provider than the engine's, or are written", (_, change, since) => {
    const probe = new TerraformStack(new App({ outdir: Testing.app().outdir }), "probe");
    const { providerVersion = "" } = new AwsProvider(probe, "aws").terraformGeneratorMetadata ?? {};
    if (providerVersion.localeCompare(since, "en", { numeric: true }) >= 0) {
      expect(added(change)).toHaveLength(1);
    } else {
      expect(() => synthRegistry(change)).toThrow(
        new RegExp(`and knows it since ${since}, got .*; remove it, or use CDK Terrain`),
      );
    }
  });
});

describe("pull-time exclusions", () => {
  test("refuses what is not a role", () => {
    const user = "arn:aws:iam::111122223333:user/ann";
    const role = "arn:aws:iam::111122223333:role/Scanner";
    expect(found({ pullTimeExclusions: [user, role, role] })).toEqual([
      expect.stringMatching(/^pullTimeExclusions\[0\] must be the ARN of an IAM role/),
      expect.stringMatching(/^pullTimeExclusions\[2\] must not be listed twice/),
    ]);
  });

  test("are missed where a rule counts days since the last pull and enhanced scanning is on", () => {
    const archive = {
      description: "archive",
      selection: { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: 90 },
      action: { type: "transition", targetStorageClass: "archive" },
    } as const;
    const change = {
      repositories: { ...(registry.repositories as object), lifecycle: [archive] },
      scanning: { type: "ENHANCED" },
    } as unknown as Partial<Registry>;
    const codes = (more: Partial<Registry>) => {
      return checkRegistry({ ...registry, ...change, ...more }).map(({ code }) => code);
    };
    expect(codes({})).toContain("scans-count-as-pulls");
    expect(codes({ scanning: { type: "BASIC" } })).not.toContain("scans-count-as-pulls");
    const exclusions = { pullTimeExclusions: ["arn:aws:iam::111122223333:role/Scanner"] };
    expect(codes(exclusions)).not.toContain("scans-count-as-pulls");
  });
});

describe("replication", () => {
  const replication = [
    {
      destinations: [{ region: "eu-west-1" }, { accountId: "444455556666", region: "us-east-1" }],
      prefixes: ["quay/"],
    },
  ];

  test("is written as one configuration", () => {
    expect(onlyResource(synthRegistry({ replication }), "aws_ecr_replication_configuration")).toEqual({
      replication_configuration: {
        rule: [
          {
            destination: [
              { region: "eu-west-1", registry_id: "111122223333" },
              { region: "us-east-1", registry_id: "444455556666" },
            ],
            repository_filter: [{ filter: "quay/", filter_type: "PREFIX_MATCH" }],
          },
        ],
      },
    });
    expect(addedActions(deployerPolicy, { replication })).toEqual([
      "ecr:DescribeRegistry",
      "ecr:PutReplicationConfiguration",
    ]);
  });

  test("the receiving side allows it in the registry policy, and asks for a template", () => {
    const replicationSources = [{ accountId: "444455556666", prefixes: ["team"] }];
    const json = synthRegistry({ replicationSources });
    expect(JSON.parse(String(onlyResource(json, "aws_ecr_registry_policy").policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowReplication",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::444455556666:root" },
          Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
          Resource: "arn:aws:ecr:us-east-1:111122223333:repository/team/*",
        },
      ],
    });
    expect(found({ replicationSources })).toEqual([
      expect.stringMatching(/^replicationSources\[0\] lets 444455556666 create .*\[replication-without-template\]$/),
    ]);
    const templates = [{ prefix: "team", appliedFor: ["REPLICATION"] as const }];
    expect(found({ replicationSources, templates })).toEqual([]);
  });

  test.each<[Partial<Registry>, RegExp]>([
    [{ replication: [] }, /^replication must be 1 to 25 rules, but are 0/],
    [{ replication: [{ destinations: [] }] }, /^replication\[0\]\.destinations must name at least one registry/],
    [
      { replication: [{ destinations: [{ region: "us-east-1" }] }] },
      /^replication\[0\]\.destinations\[0\] must not be this registry itself/,
    ],
    [
      { replication: [{ destinations: [{ region: "cn-north-1" }] }] },
      /^replication\[0\]\.destinations\[0\]\.region must be in the registry's partition aws/,
    ],
    [
      { replication: [{ destinations: [{ region: "eu-west-1" }], prefixes: ["Prod"] }] },
      /^replication\[0\]\.prefixes\[0\] must be 2 to 256 characters/,
    ],
    [
      { replicationSources: [{ accountId: "111122223333" }] },
      /^replicationSources\[0\]\.accountId must not be the reg/,
    ],
  ])("refuses %j", (change, message) => {
    expect(found(change)).toEqual([expect.stringMatching(message)]);
  });
});

describe("importExisting", () => {
  const change = {
    replication: [{ destinations: [{ region: "eu-west-1" }] }],
    accountSettings: { registryPolicyScope: "V2" },
  } as const;

  test("imports what exists once for each account and Region", () => {
    const ids = (importExisting: Registry["importExisting"]) => {
      const json = synthRegistry({ ...change, importExisting }) as unknown as { import?: { id: string; to: string }[] };
      return (json.import ?? []).map(({ to, id }) => `${to.split(".")[0]!} ${id}`).sort();
    };
    const once = ["aws_ecr_account_setting REGISTRY_POLICY_SCOPE", "aws_ecr_replication_configuration 111122223333"];
    expect(ids({ replication: true, accountSettings: true })).toEqual(once);
    expect(ids(true)).toEqual(expect.arrayContaining(once));
    expect(ids(false)).toEqual([]);
  });

  test("refuses what is not described", () => {
    expect(found({ importExisting: { replication: true, pullTimeExclusions: true } })).toEqual([
      "importExisting.replication asks for replication rules, but none are managed here, got true; remove it",
      "importExisting.pullTimeExclusions asks for pull-time exclusions, but none are managed here, got true; remove it",
    ]);
  });
});

describe("pushes into cached repositories", () => {
  const push = { push: [{ role: "ci" }] };

  test("are warned of, for access and for CREATE_ON_PUSH", () => {
    expect(found({ repositories: { ...(registry.repositories as object), access: push } })).toEqual([
      expect.stringMatching(/^repositories\.access allows the role ci to push .*\[push-into-cache\]$/),
    ]);
    const created = { prefix: "quay/ours", appliedFor: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"] as const };
    expect(found({ templates: [created] })).toEqual([
      expect.stringMatching(/^templates\[0\]\.appliedFor creates repositories for pushes under .*\[push-into-cache\]$/),
    ]);
  });

  test("are not where nothing is cached, and for the role that fills a cache of another ECR registry", () => {
    expect(found({ templates: [{ prefix: "ours", appliedFor: ["CREATE_ON_PUSH"], access: push }] })).toEqual([]);
    const upstreamRegistry = { accountId: "444455556666", region: "us-east-1" };
    const own = { push: [{ role: "EcrPullThrough-us-east-1-ecr" }] };
    const named = "arn:aws:iam::111122223333:role/Fill";
    const repositories = (access: object) => ({ ...(registry.repositories as object), access });
    const ecr = { upstream: "ecr", upstreamRegistry } as const;
    expect(found({ caches: [ecr], repositories: repositories(own) })).toEqual([]);
    const custom = { ...ecr, customRoleArn: named };
    expect(found({ caches: [custom], repositories: repositories({ push: [{ arn: named }] }) })).toEqual([]);
    expect(found({ caches: [custom], repositories: repositories(own) })).toHaveLength(1);
  });
});
