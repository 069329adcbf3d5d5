import {
  checkRegistry,
  CHECKS,
  Diagnostic,
  registryErrors,
  formatDiagnostic,
  ImageTagMutability,
  Registry,
  DiagnosticCode,
} from "../../../../modules/domain";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const DIGEST = `sha256:${"a".repeat(64)}`;
const PULLER = { role: "puller" };

function find(description: Omit<Registry, "accountId" | "region">): readonly Diagnostic[] {
  const registry = { ...SCOPE, ...description };
  expect(registryErrors(registry)).toEqual([]);
  return checkRegistry(registry);
}

/** What a check says about a description: where, in which constructs, and what. */
function said(code: DiagnosticCode, description: Omit<Registry, "accountId" | "region">) {
  return find(description)
    .filter((finding) => finding.code === code)
    .map(({ path, constructs, message }) => [path, constructs, message]);
}

const quay = { upstream: "quay" } as const;

test("nothing is found in a registry that says only what it caches", () => {
  expect(find({ caches: [quay, { upstream: "k8s" }], pullers: [PULLER] })).toEqual([]);
});

describe("uncovered-prefix", () => {
  test("is a cache whose template is for something else", () => {
    const repositories = { appliedFor: ["REPLICATION"] as const };
    expect(said("uncovered-prefix", { caches: [{ ...quay, repositories }] })).toEqual([
      [["caches", 0], ["caches/quay"], "has no template for its repositories under quay"],
    ]);
  });

  test("is also a part of a cache", () => {
    const templates = [{ prefix: "quay/mirror", appliedFor: ["REPLICATION"] as const }];
    expect(said("uncovered-prefix", { caches: [quay], templates })).toEqual([
      [["caches", 0], ["caches/quay"], "has no template for its repositories under quay/mirror"],
    ]);
  });

  test("is not a cache whose template is for pulls as well", () => {
    const repositories = { appliedFor: ["PULL_THROUGH_CACHE", "REPLICATION"] as const };
    expect(said("uncovered-prefix", { caches: [{ ...quay, repositories }] })).toEqual([]);
  });

  test("is not a cache around which only a less specific template is for something else", () => {
    const templates = [{ prefix: "ROOT", appliedFor: ["REPLICATION"] as const }];
    expect(said("uncovered-prefix", { caches: [{ ...quay, repositories: {} }], templates })).toEqual([]);
  });
});

describe("unserved-template", () => {
  test("is a template beside all caches", () => {
    expect(said("unserved-template", { caches: [quay], templates: [{ prefix: "github" }] })).toEqual([
      [["templates", 0], ["templates/github"], "applies to pulls through a cache, but no cache has repositories there"],
    ]);
  });

  test.each(["quay/org", "ROOT"])("is not the template %s, under or around the cache", (prefix) => {
    expect(said("unserved-template", { caches: [quay], templates: [{ prefix }] })).toEqual([]);
  });

  test("is not a template that is for something else", () => {
    const templates = [{ prefix: "app", appliedFor: ["REPLICATION"] as const }];
    expect(said("unserved-template", { caches: [quay], templates })).toEqual([]);
  });

  test("is not said where a prefix is known to Terraform only", () => {
    const caches = [{ ...quay, prefix: "${var.prefix}", id: "quay" }];
    expect(said("unserved-template", { caches, templates: [{ prefix: "github" }] })).toEqual([]);
  });
});

describe("shadowed-template", () => {
  test("is a template all of whose caches have a more specific one", () => {
    const caches = [{ ...quay, prefix: "hub/quay", repositories: {} }];
    expect(said("shadowed-template", { caches, templates: [{ prefix: "hub" }] })).toEqual([
      [["templates", 0], ["templates/hub"], "covers only caches that a more specific template covers as well"],
    ]);
  });

  test("is not one that has a cache for itself", () => {
    const caches = [
      { ...quay, prefix: "hub/quay", repositories: {} },
      { upstream: "k8s" as const, prefix: "hub/k8s" },
    ];
    expect(said("shadowed-template", { caches, templates: [{ prefix: "hub" }] })).toEqual([]);
  });
});

describe("frozen-tags", () => {
  const frozen = 'keeps "latest" from moving in repositories that are cached';

  test.each([
    ["IMMUTABLE" as const],
    [{ type: "IMMUTABLE_WITH_EXCLUSION" as const, exclusionFilters: ["nightly-*"] }],
    [{ type: "MUTABLE_WITH_EXCLUSION" as const, exclusionFilters: ["la*"] }],
  ])("is latest under %j", (imageTagMutability) => {
    expect(said("frozen-tags", { caches: [quay], repositories: { imageTagMutability } })).toEqual([
      [["repositories", "imageTagMutability"], ["templates/quay"], frozen],
    ]);
  });

  test.each([
    ["MUTABLE" as const],
    [{ type: "IMMUTABLE_WITH_EXCLUSION" as const, exclusionFilters: ["l*t"] }],
    [{ type: "MUTABLE_WITH_EXCLUSION" as const, exclusionFilters: ["v*"] }],
  ])("is not latest under %j", (imageTagMutability) => {
    expect(said("frozen-tags", { caches: [quay], repositories: { imageTagMutability } })).toEqual([]);
  });

  test("is said once for all templates with the setting", () => {
    const description = {
      caches: [quay, { upstream: "k8s" as const }],
      repositories: { imageTagMutability: "IMMUTABLE" as const },
    };
    expect(said("frozen-tags", description)).toEqual([
      [["repositories", "imageTagMutability"], ["templates/quay", "templates/kubernetes"], frozen],
    ]);
  });

  test("names the moving tags that workloads pull, and no whole version, date, commit or digest", () => {
    const images = ["1.27", "1.27.3", "stable", "20260101", "0123abc"].map((tag) => `quay.io/org/app:${tag}`);
    const workloads = [{ name: "web", images: [...images, `quay.io/org/app@${DIGEST}`, "quay.io/org/other"] }];
    expect(said("frozen-tags", { caches: [quay], workloads })).toEqual([
      [["caches", 0], ["templates/quay"], 'keeps "1.27", "stable" from moving in repositories that are cached'],
    ]);
  });

  test("is not what other caches' workloads pull", () => {
    const workloads = [{ name: "web", images: ["registry.k8s.io/pause:stable"] }];
    const k8s = { upstream: "k8s" as const, repositories: { imageTagMutability: "MUTABLE" as const } };
    expect(said("frozen-tags", { caches: [quay, k8s], workloads })).toEqual([]);
  });
});

describe("lifecycle-by-count", () => {
  test("is a rule that keeps the newest images only", () => {
    const repositories = {
      lifecycle: [{ expireUntagged: { afterDays: 7 } }, { keepLast: { count: 20 } }],
    };
    expect(said("lifecycle-by-count", { caches: [quay], repositories })).toEqual([
      [
        ["repositories", "lifecycle"],
        ["templates/quay"],
        "expires cached images by their number (of images all but the newest 20 expire)",
      ],
    ]);
  });

  test.each([
    ["untagged images by their age", [{ expireUntagged: { afterDays: 1 } }]],
    ["archiving", [{ archiveUnpulled: { afterDays: 90 } }]],
    ["keeping releases for ever", [{ keepReleases: { tagPatterns: ["v*"], expireOthersAfterDays: 30 } }]],
  ])("is not %s", (_, rules) => {
    expect(said("lifecycle-by-count", { caches: [quay], repositories: { lifecycle: rules } })).toEqual([]);
  });

  test("is not a rule of repositories that are not cached", () => {
    const lifecycle = [{ keepLast: { count: 20 } }];
    const templates = [{ prefix: "app", appliedFor: ["REPLICATION"] as const, lifecycle }];
    expect(said("lifecycle-by-count", { caches: [quay], templates })).toEqual([]);
  });
});

describe("lifecycle-archives", () => {
  const rules = [{ archiveUnpulled: { afterDays: 90, expireAfterDays: 365 } }];

  test("is a rule that archives cached images, and not the one that empties the archive", () => {
    expect(said("lifecycle-archives", { caches: [quay], repositories: { lifecycle: rules } })).toEqual([
      [
        ["repositories", "lifecycle"],
        ["templates/quay"],
        "archives cached images (images are archived 90 days after their last pull)",
      ],
    ]);
  });

  test("is not a rule that expires, nor one of repositories that are not cached", () => {
    const templates = [{ prefix: "app", appliedFor: ["REPLICATION"] as const, lifecycle: rules }];
    const repositories = { lifecycle: [{ expireUntagged: { afterDays: 1 } }] };
    expect(said("lifecycle-archives", { caches: [{ ...quay, repositories }], templates })).toEqual([]);
  });
});

describe("expires-before-next-pull", () => {
  const byTag = "quay.io/org/app:1.2.3";
  const byDigest = `quay.io/org/app@${DIGEST}`;
  const rules = [{ keepReleases: { tagPatterns: ["v*"], expireOthersAfterDays: 30 } }];
  const monthly = (image: string) => [{ name: "report", images: [image], pullIntervalDays: 31 }];
  const where = [["workloads", 0, "images", 0], ["templates/quay"]];

  test("is an image that a rule takes between two pulls", () => {
    const repositories = { lifecycle: rules };
    expect(said("expires-before-next-pull", { caches: [quay], repositories, workloads: monthly(byTag) })).toEqual([
      [
        ...where,
        `(${byTag}) is gone before report pulls it again after 31 days (images expire 30 days after their push)`,
      ],
    ]);
  });

  test("is an image that is archived between two pulls", () => {
    const repositories = { lifecycle: [{ archiveUnpulled: { afterDays: 14 } }] };
    expect(said("expires-before-next-pull", { caches: [quay], repositories, workloads: monthly(byTag) })).toEqual([
      [
        ...where,
        `(${byTag}) is archived before report pulls it again after 31 days (images are archived 14 days after their last pull)`,
      ],
    ]);
  });

  test("is an image that is pulled by its digest, which leaves it without a tag", () => {
    expect(said("expires-before-next-pull", { caches: [quay], workloads: monthly(byDigest) })).toEqual([
      [
        ...where,
        `(${byDigest}) is gone before report pulls it again after 31 days (untagged images expire 30 days after their push)`,
      ],
    ]);
    expect(said("expires-before-next-pull", { caches: [quay], workloads: monthly(byTag) })).toEqual([]);
  });

  test.each([30, 1])("is not an image that is pulled every %i days", (pullIntervalDays) => {
    const workloads = [{ name: "report", images: [byTag], pullIntervalDays }];
    expect(said("expires-before-next-pull", { caches: [quay], repositories: { lifecycle: rules }, workloads })).toEqual(
      [],
    );
  });

  test("is not said of a workload whose interval is not known", () => {
    const workloads = [{ name: "report", images: [byTag] }];
    expect(said("expires-before-next-pull", { caches: [quay], repositories: { lifecycle: rules }, workloads })).toEqual(
      [],
    );
  });
});

describe("puller-lacks-permission", () => {
  test("is somebody whom only a statement of one's own lets pull", () => {
    const statements = [
      {
        sid: "Ci",
        principals: [{ role: "ci" }],
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      } as const,
    ];
    expect(said("puller-lacks-permission", { caches: [quay], repositories: { access: { statements } } })).toEqual([
      [
        ["repositories", "access"],
        ["caches/quay", "templates/quay"],
        "lets the role ci pull, but not do ecr:BatchImportUpstreamImage, ecr:CreateRepository",
      ],
    ]);
  });

  const first = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"].join(", ");
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"].join(", ");
  const constructs = ["caches/quay", "templates/quay"];

  test("is somebody who is let into repositories only", () => {
    const repositories = { access: { pull: [PULLER, { role: "other" }] } };
    expect(said("puller-lacks-permission", { caches: [quay], pullers: [PULLER], repositories })).toEqual([
      [["repositories", "access"], constructs, `lets the role other pull, but not do ${first}`],
    ]);
  });

  test("is a puller whom a template's own access leaves out", () => {
    const repositories = { access: { pull: [{ role: "other" }] } };
    const pullers = [{ account: "444455556666" }, { role: "other" }];
    expect(said("puller-lacks-permission", { caches: [quay], pullers, repositories })).toEqual([
      [["pullers"], constructs, `lets the account 444455556666 pull, but not do ${pull}`],
    ]);
  });

  test("is a puller whom a statement denies the import", () => {
    const deny = { sid: "NoImport", effect: "Deny" as const, principals: [PULLER], prefixes: ["ROOT"] };
    const registryPolicy = { statements: [{ ...deny, actions: ["ecr:BatchImportUpstreamImage" as const] }] };
    expect(find({ caches: [quay], pullers: [PULLER], registryPolicy })).toEqual([
      {
        severity: "warning",
        code: "puller-lacks-permission",
        path: ["pullers"],
        constructs,
        message: "lets the role puller pull, but not do ecr:BatchImportUpstreamImage",
        effect: "the policies deny it, and a pull fails whatever the principal's own policies allow",
        fix: "list it among the registry's pullers",
      },
    ]);
  });

  test.each([
    [{ pullers: [PULLER, { account: "444455556666" }, { organization: "o-a1b2c3d4e5" }] }],
    [{ pullers: [PULLER], repositories: { access: { denyOthers: true } } }],
    [{ pullers: [PULLER], downstreamAccounts: ["444455556666"] }],
    [{ pullers: [{ arn: "${aws_iam_role.puller.arn}" }] }],
    [{ pullers: [PULLER], registryPolicy: "unmanaged" as const }],
    [{}],
  ])("is nobody in %j", (description) => {
    expect(said("puller-lacks-permission", { caches: [quay], ...description })).toEqual([]);
  });

  test("leaves open what a condition decides", () => {
    const statement = { sid: "Vpc", effect: "Deny" as const, principals: [PULLER], prefixes: ["ROOT"] };
    const conditions = { StringNotEquals: { "aws:SourceVpc": "vpc-1" } };
    const registryPolicy = { statements: [{ ...statement, actions: ["ecr:CreateRepository" as const], conditions }] };
    expect(said("puller-lacks-permission", { caches: [quay], pullers: [PULLER], registryPolicy })).toEqual([]);
  });
});

describe("creation-everywhere", () => {
  test("is a puller of a cache without prefix", () => {
    expect(said("creation-everywhere", { caches: [{ ...quay, prefix: "ROOT" }], pullers: [PULLER] })).toEqual([
      [["caches", 0], ["policy"], "lets the role puller create repositories of any name"],
    ]);
  });

  test("is a statement for all prefixes", () => {
    const statement = { sid: "Ci", principals: [{ user: "ci" }], actions: ["ecr:CreateRepository" as const] };
    const registryPolicy = { statements: [{ ...statement, prefixes: ["ROOT"] }] };
    expect(said("creation-everywhere", { caches: [quay], registryPolicy })).toEqual([
      [["registryPolicy", "statements", 0], ["policy"], "lets the user ci create repositories of any name"],
    ]);
    const narrow = { statements: [{ ...statement, prefixes: ["app"] }] };
    expect(said("creation-everywhere", { caches: [quay], registryPolicy: narrow })).toEqual([]);
  });

  test("is not a denial, nor a cache with a prefix", () => {
    const statement = { sid: "No", effect: "Deny" as const, principals: [PULLER], prefixes: ["ROOT"] };
    const registryPolicy = { statements: [{ ...statement, actions: ["ecr:CreateRepository" as const] }] };
    expect(said("creation-everywhere", { caches: [quay], pullers: [PULLER], registryPolicy })).toEqual([]);
  });
});

describe("the fix of frozen-tags", () => {
  const fixOf = (imageTagMutability: ImageTagMutability, images: readonly string[]) => {
    const workloads = [{ name: "web", images: images.map((tag) => `quay.io/org/app:${tag}`) }];
    const findings = find({ caches: [quay], repositories: { imageTagMutability }, workloads });
    return findings.filter(({ code }) => code === "frozen-tags").map(({ fix }) => fix);
  };
  const filters = (text: string) => JSON.parse(/exclusionFilters: (\[.*\]) \}$/.exec(text)![1]!) as string[];

  test.each([
    ["IMMUTABLE", ["1.27"]],
    [{ type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["latest"] }, ["1.27", "1.28"]],
    [{ type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["nightly-*"] }, ["edge"]],
  ] as const)("takes the finding away from %j", (mutability, images) => {
    const [fix] = fixOf(mutability, images);
    expect(fixOf({ type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: filters(fix!) }, images)).toEqual([]);
  });

  test("asks for no more filters than ECR takes", () => {
    const images = ["1", "2", "3", "4", "5"];
    expect(fixOf("IMMUTABLE", images)).toEqual([
      'let every tag move with "MUTABLE", or name them by wildcards, e.g. "1.*": ECR takes 5 filters',
    ]);
  });

  test("takes filters away where these keep tags from moving", () => {
    const mutability = { type: "MUTABLE_WITH_EXCLUSION", exclusionFilters: ["lat*", "v*"] } as const;
    expect(fixOf(mutability, [])).toEqual(['take "lat*" out of its exclusionFilters']);
  });
});

describe("lambda-cannot-pull-through", () => {
  test("is also a statement of one's own, unless it denies", () => {
    const statement = {
      sid: "Functions",
      principals: [{ service: "lambda.amazonaws.com" }],
      actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      conditions: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    } as const;
    const accessOf = (effect: "Allow" | "Deny") => ({ statements: [{ ...statement, effect }] });
    const find = (effect: "Allow" | "Deny") =>
      said("lambda-cannot-pull-through", { caches: [quay], repositories: { access: accessOf(effect) } });
    expect(find("Allow")).toHaveLength(1);
    expect(find("Deny")).toEqual([]);
  });

  const access = { lambdaPull: { accounts: ["111122223333"] } };

  test("is Lambda in cached repositories", () => {
    expect(said("lambda-cannot-pull-through", { caches: [quay], repositories: { access } })).toEqual([
      [["repositories", "access"], ["templates/quay"], "lets Lambda pull from repositories that are cached"],
    ]);
  });

  test("is not Lambda in others", () => {
    const templates = [{ prefix: "app", appliedFor: ["REPLICATION"] as const, access }];
    expect(said("lambda-cannot-pull-through", { caches: [quay], templates })).toEqual([]);
  });
});

describe("foreign-key", () => {
  const keyOf = (account: string) => `arn:aws:kms:us-east-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const repositories = (keyArn?: string) => ({ encryption: { type: "KMS" as const, keyArn } });

  test("is a key of another account", () => {
    expect(said("foreign-key", { caches: [quay], repositories: repositories(keyOf("444455556666")) })).toEqual([
      [["repositories", "encryption"], ["templates/quay"], "names a key of account 444455556666"],
    ]);
  });

  test.each([keyOf("111122223333"), "${aws_kms_key.own.arn}", undefined])("is not %s", (keyArn) => {
    expect(said("foreign-key", { caches: [quay], repositories: repositories(keyArn) })).toEqual([]);
  });
});

describe("root-prefix", () => {
  test("is a cache without prefix of anything but ECR", () => {
    expect(said("root-prefix", { caches: [{ ...quay, prefix: "ROOT" }] })).toEqual([
      [["caches", 0, "prefix"], ["caches/ROOT"], "is ROOT for an upstream that is not ECR"],
    ]);
    const upstreamRegistry = { accountId: "111122223333", region: "eu-west-1" };
    expect(said("root-prefix", { caches: [{ upstream: "ecr", upstreamRegistry, prefix: "ROOT" }] })).toEqual([]);
  });
});

describe("digest-cannot-import", () => {
  test("is an image with a digest, and none without", () => {
    const byDigest = `quay.io/org/app:1.2.3@${DIGEST}`;
    const workloads = [{ name: "web", images: ["quay.io/org/app:1.2.3", byDigest] }];
    expect(said("digest-cannot-import", { caches: [quay], workloads })).toEqual([
      [["workloads", 0, "images", 1], [], `(${byDigest}) is pulled by its digest`],
    ]);
  });
});

describe("image-not-served", () => {
  test("is an image of an upstream without a cache", () => {
    const workloads = [{ name: "web", images: ["quay.io/org/app:1.2.3", "nginx:1.27.3"] }];
    expect(said("image-not-served", { caches: [quay], workloads })).toEqual([
      [["workloads", 0, "images", 1], [], "(nginx:1.27.3) comes from docker.io, which no cache serves"],
    ]);
  });

  test("is not an image that only Terraform knows", () => {
    const workloads = [{ name: "web", images: ["${var.image}"] }];
    expect(said("image-not-served", { caches: [quay], workloads })).toEqual([]);
  });
});

describe("an acknowledged warning", () => {
  const caches = [quay, { upstream: "k8s" as const }];
  const repositories = { imageTagMutability: "IMMUTABLE" as const };

  test("carries its reason and stays in the list", () => {
    const acknowledged = [{ code: "frozen-tags" as const, reason: "we deploy digests" }];
    expect(find({ caches, repositories, acknowledged }).map(({ code, acknowledged }) => [code, acknowledged])).toEqual([
      ["frozen-tags", "we deploy digests"],
    ]);
  });

  test("is acknowledged for the construct that is named, and no other", () => {
    const acknowledged = [{ code: "frozen-tags" as const, construct: "templates/quay", reason: "digests" }];
    const found = find({ caches, repositories, acknowledged });
    expect(found.map(({ constructs, acknowledged }) => [constructs, acknowledged])).toEqual([
      [["templates/quay"], "digests"],
      [["templates/kubernetes"], undefined],
    ]);
  });

  test("is missed if it is not there", () => {
    const acknowledged = [
      { code: "root-prefix" as const, reason: "tried" },
      { code: "frozen-tags" as const, construct: "templates/gone", reason: "digests" },
    ];
    expect(said("unused-acknowledgement", { caches: [quay], acknowledged })).toEqual([
      [["acknowledged", 0], [], "acknowledges root-prefix, which is not found"],
      [["acknowledged", 1], [], "acknowledges frozen-tags for templates/gone, which is not found"],
    ]);
  });

  test("needs a reason", () => {
    const registry = { ...SCOPE, caches, acknowledged: [{ code: "root-prefix" as const, reason: " " }] };
    expect(checkRegistry(registry)).toEqual([
      {
        severity: "error",
        path: ["acknowledged", 0, "reason"],
        message: "must not be empty",
        value: " ",
        fix: "say in a sentence why it is meant to be so",
      },
    ]);
  });
});

test("a warning is one line with its code", () => {
  const [finding] = find({ caches: [quay], templates: [{ prefix: "github" }] });
  expect(formatDiagnostic(finding!)).toBe(
    "templates[0] applies to pulls through a cache, but no cache has repositories there: ECR never creates a " +
      "repository from it; give a cache this prefix, or remove the template [unserved-template]",
  );
});

test("every code has a title", () => {
  expect(Object.entries(CHECKS).filter(([, { finds }]) => finds === "")).toEqual([]);
});
