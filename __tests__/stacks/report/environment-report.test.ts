import { isError } from "../../../modules/domain";
import { checkEnvironment, Environment, reportEnvironment } from "../../../stacks";

const base: Environment = {
  name: "qa",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [{ upstream: "quay" }],
};

function report(change: Partial<Environment>): string {
  const environment = { ...base, ...change };
  expect(checkEnvironment(environment).filter(isError)).toEqual([]);
  return reportEnvironment(environment);
}

/** The text under a heading, up to the next one of its kind. */
function section(text: string, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n\n`);
  return after!.split("\n## ")[0]!.trimEnd();
}

describe("findings", () => {
  test("are told with what happens and what to do", () => {
    const repositories = { lifecycle: [{ keepLast: { count: 20 } }] };
    expect(section(report({ repositories }), "Findings")).toBe(
      "- **lifecycle-by-count** (`templates/quay`, `repositories.lifecycle`): expires cached images by their number " +
        "(of images all but the newest 20 expire). The image that was cached first goes first, also when it is pulled " +
        "every day; its next pull asks the upstream again. Fix: expire untagged images (expireUntagged), or images by " +
        "the time since their push.",
    );
  });

  test("that are accepted are told with their reason, which is shown as it was written", () => {
    const repositories = { imageTagMutability: "IMMUTABLE" as const };
    const acknowledged = [{ code: "frozen-tags" as const, reason: "digests | only, `see`\n<b>#12</b>" }];
    expect(section(report({ repositories, acknowledged }), "Findings")).toBe(
      "No open findings.\n\nAccepted:\n\n- **frozen-tags** (`templates/quay`), moving tags in repositories where no tag can " +
        "move: digests \\| only, \\`see\\` `<b>#12</b>`",
    );
  });
});

describe("a cache whose only template is not for pulls", () => {
  const text = () =>
    report({
      pullers: [{ role: "node" }],
      caches: [{ upstream: "quay", repositories: { appliedFor: ["REPLICATION" as const] } }],
    });

  test("is drawn with ECR's own defaults", () => {
    expect(section(text(), "Caches")).toContain(
      [
        '  defaults_0[/"no template: ECR\'s defaults<br>every tag can move<br>AES256"/]',
        '  repositories_of_rule_0[("repositories<br>quay/*")]',
        "  upstream_0 --> rule_0",
        "  rule_0 --> defaults_0",
        "  defaults_0 --> repositories_of_rule_0",
      ].join("\n"),
    );
  });

  test("lets pullers import, and pull by IAM policies only", () => {
    expect(section(text(), "Permissions")).toContain("| the role node | `quay` | no | yes | yes |");
  });
});

describe("statements of the registry policy", () => {
  test("are told with their conditions", () => {
    const statement = {
      sid: "Vpc",
      effect: "Deny",
      principals: [{ role: "dev" }],
      actions: ["ecr:CreateRepository"],
      prefixes: ["ROOT"],
      conditions: { StringNotEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } },
    } as const;
    expect(section(report({ registryPolicy: { statements: [statement] } }), "Other resources")).toContain(
      "- registry policy, Vpc: denies the role dev permission to call ecr:CreateRepository on \\*, if StringNotEquals aws:SourceVpc vpc-1 or vpc-2",
    );
  });
});

describe("templates", () => {
  test("with equal settings are described once, others by themselves", () => {
    const repositories = { description: "All of Quay", lifecycle: [] };
    const caches = [
      { upstream: "quay" as const, repositories },
      { upstream: "k8s" as const },
      { upstream: "ecr-public" as const },
    ];
    const lines = section(report({ caches }), "Templates").split("\n");
    expect(lines.filter((line) => line.startsWith("### "))).toEqual([
      "### `quay/*`",
      "### `kubernetes/*`, `ecr-public/*`",
    ]);
    expect(lines.slice(2, 5)).toEqual(["All of Quay", "", "- caches: Quay"]);
    expect(lines.filter((line) => line.includes("lifecycle"))).toEqual([
      "- lifecycle: every image is kept",
      "- lifecycle:",
    ]);
  });

  test("tell lifecycle rules as sentences, in their order", () => {
    const rules = [{ expireUntagged: { afterDays: 1 } }, { keepLast: { count: 9 } }];
    const acknowledged = [{ code: "lifecycle-by-count" as const, reason: "few images" }];
    const text = report({ repositories: { lifecycle: rules }, acknowledged });
    expect(section(text, "Templates").split("\n").slice(-3)).toEqual([
      "- lifecycle:",
      "  1. Untagged images expire 1 day after their push.",
      "  2. Of images all but the newest 9 expire.",
    ]);
  });

  test("are none where nothing is cached", () => {
    expect(section(report({ caches: [] }), "Templates")).toBe("None.");
    expect(section(report({ caches: [] }), "Caches")).toBe("None.");
  });
});

describe("who may", () => {
  const head = "| Principal | Prefix | Pull | Import images | Create repositories |\n| --- | --- | --- | --- | --- |\n";

  test("says for each puller what the policies allow", () => {
    const pullers = [{ role: "node" }, { account: "444455556666" }];
    const templates = [{ prefix: "quay/private", access: { pull: [{ role: "node" }, { user: "ci" }] } }];
    const acknowledged = [{ code: "puller-lacks-permission" as const, reason: "on purpose" }];
    const text = section(report({ pullers, templates, acknowledged }), "Permissions");
    expect(text.startsWith(head)).toBe(true);
    expect(text.slice(head.length).split("\n\n")[0]!.split("\n")).toEqual([
      "| the role node | `quay`, `quay/private` | yes | yes | yes |",
      "| the account 444455556666 | `quay` | yes | yes | yes |",
      "| the account 444455556666 | `quay/private` | no | yes | yes |",
      "| the user ci | `quay/private` | yes | no | no |",
    ]);
  });

  test("says what is not known where something else owns the registry policy", () => {
    const text = section(report({ pullers: [{ role: "node" }], registryPolicy: "unmanaged" }), "Permissions");
    expect(text.slice(head.length).split("\n")[0]).toBe(
      "| the role node | `quay` | yes | not known here | not known here |",
    );
  });

  test("says so where no policy lets anybody in, and who may push", () => {
    const text = section(report({ repositories: { access: { push: [{ role: "ci" }] } } }), "Permissions");
    expect(text.split("\n\n")).toEqual([
      "The policies here allow nobody. Only identities of the account can pull, if their own IAM policies allow it.",
      "- push under `quay`: the role ci",
    ]);
  });
});

test("what stands beside caches and templates is listed", () => {
  const statement = {
    sid: "Ci",
    principals: [{ role: "ci" }],
    actions: ["ecr:CreateRepository" as const],
    prefixes: ["app"],
  };
  const text = report({
    caches: [{ upstream: "docker-hub", credential: { type: "new-secret", valueFrom: "outside-terraform" } }],
    downstreamAccounts: ["444455556666"],
    registryPolicy: { statements: [statement] },
    scanning: "unmanaged",
    preventDestroy: true,
    importExisting: { caches: true },
  });
  expect(section(text, "Other resources").split("\n")).toEqual([
    "- role `EcrRepositoryCreation-us-east-1`: ECR creates repositories with it, from repository creation templates",
    "- trust policy of the role `EcrRepositoryCreation-us-east-1`, AssumeRole: allows the service ecr.amazonaws.com to call sts:AssumeRole",
    "- key for images, which KMS deletes 30 days after Terraform destroys it; Terraform refuses to destroy it",
    "- key policy, EnableIAMUserPermissions: allows the account 111122223333 to call kms:\\* on everything",
    "- key policy, AllowCreationTemplateRole: allows the role EcrRepositoryCreation-us-east-1 to call kms:CreateGrant, kms:DescribeKey, kms:RetireGrant on everything",
    "- alias of that key: `alias/ecr-pull-through-cache`",
    "- permissions of the role `EcrRepositoryCreation-us-east-1`, CreateRepositories: allows ecr:CreateRepository on docker-hub/\\*",
    "- permissions of the role `EcrRepositoryCreation-us-east-1`, UseKeys: allows kms:CreateGrant, kms:DescribeKey, kms:RetireGrant on the key above",
    "- secret `ecr-pullthroughcache/docker-hub`, restorable for 30 days; Terraform refuses to destroy it",
    expect.stringMatching(
      /^- registry policy, AllowDownstream: allows the account 444455556666 to call .* on docker-hub\/\\\*$/,
    ),
    "- registry policy, Ci: allows the role ci to call ecr:CreateRepository on app/\\*",
    "- scanning: managed elsewhere",
    "- cached in turn by `444455556666`",
    "- imported instead of created; if one does not exist, the plan fails: `caches/docker-hub`",
  ]);
  expect(section(text, "Caches")).toContain("created here and filled elsewhere");
});

test("the diagram joins each upstream, rule, template and repositories", () => {
  const templates = [{ prefix: "hub" }];
  const caches = [
    { upstream: "quay" as const, prefix: "hub/quay" },
    { upstream: "k8s" as const, prefix: "hub/k8s" },
  ];
  const [, mermaid] = /```mermaid\n([^]*?)\n```/.exec(report({ caches, templates }))!;
  expect(mermaid!.split("\n")).toEqual([
    "flowchart LR",
    '  upstream_0(["quay.io"])',
    '  rule_0["rule<br>hub/quay"]',
    '  upstream_1(["registry.k8s.io"])',
    '  rule_1["rule<br>hub/k8s"]',
    '  template_0[/"template hub<br>no tag except latest can move<br>customer key"/]',
    '  repositories_0[("repositories<br>hub/*")]',
    "  upstream_0 --> rule_0",
    "  upstream_1 --> rule_1",
    "  rule_0 --> template_0",
    "  template_0 --> repositories_0",
    "  rule_1 --> template_0",
  ]);
});

test("what only Terraform knows is shown as it is written, and breaks no table or diagram", () => {
  const caches = [{ upstream: "quay" as const, prefix: '${var.a ? "x|y" : "z"}', id: "quay" }];
  const text = report({ caches, tags: { team: "${var.team}" } });
  expect(section(text, "Caches")).toContain('| `${var.a ? "x\\|y" : "z"}` |');
  expect(text).toContain('rule_0["rule<br>${var.a ? #34;x|y#34; : #34;z#34;}"]');
  expect(text).toContain("- tags: `team=${var.team}`");
});
