import { formatDiagnostic } from "../../modules";
import { checkEnvironment, checkEnvironments, Environment } from "../../stacks";
import { samples } from "../../stacks/samples";

const good: Environment = {
  name: "qa",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [{ upstream: "quay" }],
};

/** What is wrong with the good environment after a change that the types may forbid. */
function problemsOf(change: Record<string, unknown>): string[] {
  return checkEnvironment({ ...good, ...change }).map(formatDiagnostic);
}

describe("checkEnvironments", () => {
  test("finds in the samples only what is acknowledged", () => {
    const found = checkEnvironments(samples).map(({ environment, diagnostics }) => [
      environment,
      diagnostics.map(({ code, acknowledged }) => [code, acknowledged !== undefined]),
    ]);
    expect(found).toEqual([["prod", [["frozen-tags", true]]]]);
  });

  test("refuses two environments of one name, since they would share a state", () => {
    expect(checkEnvironments([good, { ...good, accountId: "444455556666" }])).toEqual([
      {
        environment: "qa",
        index: 1,
        diagnostics: [
          {
            severity: "error",
            path: ["name"],
            message: "must not be the name of another environment",
            value: "qa",
            fix: "give each its own: it names the stack and its state",
          },
        ],
      },
    ]);
  });

  test("names an environment without a name by its place", () => {
    const [found] = checkEnvironments([good, { ...good, name: undefined } as unknown as Environment]).slice(-1);
    expect(found).toMatchObject({
      environment: "environments[1]",
      diagnostics: [{ path: ["name"], message: "is missing" }],
    });
  });

  test("reports every environment, and everything at once", () => {
    const wrong = { ...good, accountId: "1", region: "mars", caches: [{ upstream: "docker-hub", prefix: "Prod" }] };
    const found = checkEnvironments([wrong as unknown as Environment, null as unknown as Environment, good]);
    expect(
      found.map(({ environment, diagnostics }) => [environment, diagnostics.map(({ path }) => path.join("."))]),
    ).toEqual([
      ["qa", ["accountId", "region", "caches.0.prefix", "caches.0.credential"]],
      ["environments[1]", [""]],
      ["qa", ["name"]],
    ]);
  });
});

describe("environments beside one that is wrong", () => {
  const at = (name: string, change: Partial<Environment> = {}): Environment => ({ ...good, name, ...change });
  const pathsOf = (...environments: Environment[]) =>
    checkEnvironments(environments).map(({ environment, diagnostics }) => [
      environment,
      diagnostics.map(({ path }) => path.join(".")),
    ]);

  test("are checked against each other all the same", () => {
    const state = { type: "local", path: "state" } as const;
    const found = pathsOf(
      at("wrong", { accountId: "1" }),
      at("a", { backend: state }),
      at("b", { accountId: "444455556666", backend: state }),
      at("c", { caches: [{ upstream: "k8s" }] }),
    );
    expect(found).toEqual([
      ["wrong", ["accountId"]],
      ["b", ["backend"]],
      ["c", ["repositories.customRoleArn", "repositories.encryption", "scanning"]],
    ]);
  });

  test("are told all at once what state and what registry they share", () => {
    const state = { type: "local", path: "state" } as const;
    const found = pathsOf(at("a", { backend: state }), at("b", { backend: state, caches: [{ upstream: "k8s" }] }));
    expect(found).toEqual([["b", ["backend", "repositories.customRoleArn", "repositories.encryption", "scanning"]]]);
  });
});

describe("checkEnvironment", () => {
  test.each([
    [{ accountId: "12345" }, 'accountId must be 12 digits, got "12345"; write the account id, e.g. "111122223333"'],
    [{ region: "us-est-1" }, 'region must be the name of an AWS region, got "us-est-1"; write e.g. "us-east-1"'],
    [
      { caches: [{ upstream: "quay", prefix: "/quay/" }] },
      "caches[0].prefix must be lower-case letters and digits, joined by single '.', '_', '-' or '/', " +
        'got "/quay/"; write "quay"',
    ],
    [
      { caches: [{ upstream: "quay" }, { upstream: "k8s", prefix: "quay" }] },
      'caches[1].prefix must not repeat the prefix of another cache, got "quay"; give each its own, or remove one',
    ],
    [
      {
        caches: [
          { upstream: "quay", prefix: "a" + "b" },
          { upstream: "k8s", prefix: "ab/c" },
        ],
      },
      'caches[1].prefix must not lie inside the prefix "ab" of another cache, got "ab/c"; choose prefixes side by ' +
        "side: AWS does not document which of the two rules would apply [overlapping-caches]",
    ],
    [
      { caches: [{ upstream: "docker-hub" }] },
      "caches[0].credential is missing: ECR refuses a rule for Docker Hub without one; " +
        'add { type: "new-secret" } to create a secret, or { type: "existing-secret", secretArn: "arn:…" }',
    ],
    [
      { templates: [{ prefix: "a1" }, { prefix: "a1" }] },
      'templates[1].prefix must not repeat the prefix of another template, got "a1"; give each its own, or remove one',
    ],
    [
      { name: "Prod_1" },
      'name must be 1 to 50 lower-case letters and digits, joined by single \'-\', got "Prod_1"; write e.g. "prod"',
    ],
    [
      { backend: { type: "local", path: "/home/me/state" } },
      'backend.path must be a relative path, got "/home/me/state"; ' +
        'write it relative to the folder of cdktf.json, e.g. "state/prod.tfstate"',
    ],
    [
      { backend: { type: "s3", bucket: "My_Bucket", region: "us-east-1" } },
      'backend.bucket must be the name of an S3 bucket, got "My_Bucket"; write e.g. "example-terraform-state"',
    ],
    [
      { assumeRole: { roleArn: "TerraformDeploy" } },
      'assumeRole.roleArn must be the ARN of an IAM role, got "TerraformDeploy"; ' +
        'write e.g. "arn:aws:iam::111122223333:role/TerraformDeploy"',
    ],
    [
      { assumeRole: { roleArn: "arn:aws:iam::444455556666:role/Deploy" } },
      "assumeRole.roleArn must be a role of the environment's account 111122223333, but is of 444455556666, " +
        'got "arn:aws:iam::444455556666:role/Deploy"; name a role in account 111122223333',
    ],
  ])("refuses %j", (change, message) => {
    expect(problemsOf(change)).toEqual([message]);
  });

  const s3 = { type: "s3", bucket: "state", region: "us-east-1" };
  const cloud = { type: "cloud", organization: "example" };
  const role = { roleArn: "arn:aws:iam::111122223333:role/Deploy" };

  test.each([
    [{ backend: { ...s3, key: "" } }, /^backend\.key must name an object, .* got ""; write e\.g\. "ecr-pull-through/],
    [{ backend: { ...s3, key: "/prod" } }, /^backend\.key must name an object, without a slash at its start or end/],
    [{ backend: { ...s3, key: "prod/" } }, /^backend\.key must name an object, without a slash at its start or end/],
    [{ backend: { ...s3, region: "mars" } }, /^backend\.region must be the name of an AWS region, got "mars"/],
    [{ backend: { ...s3, kmsKeyArn: "alias/state" } }, /^backend\.kmsKeyArn must be the full ARN of a KMS key, not an/],
    [{ backend: { ...s3, bucket: "my..state" } }, /^backend\.bucket must be the name of an S3 bucket/],
    [{ backend: { ...s3, bucket: "10.0.0.1" } }, /^backend\.bucket must be the name of an S3 bucket/],
    [{ backend: { ...s3, bucket: "xn--state" } }, /^backend\.bucket must be the name of an S3 bucket/],
    [{ backend: { ...s3, bucket: "state--x-s3" } }, /^backend\.bucket must be the name of an S3 bucket/],
    [
      { backend: { ...s3, assumeRole: { ...role, sessionName: "a b" } } },
      /^backend\.assumeRole\.sessionName must be 2/,
    ],
    [
      { backend: { ...cloud, organization: "" } },
      /^backend\.organization must be letters, digits, '-' and '_', got ""/,
    ],
    [{ backend: { ...cloud, workspace: "ecr prod" } }, /^backend\.workspace must be 1 to 90 letters, digits, '-' and/],
    [{ backend: { ...cloud, hostname: "https://tfe.example.com" } }, /^backend\.hostname must be a host without a sch/],
    [{ backend: { ...cloud, hostname: "tfe.example.com/app" } }, /^backend\.hostname must be a host without a scheme/],
    [{ assumeRole: { ...role, sessionName: "a" } }, /^assumeRole\.sessionName must be 2 to 64 letters, digits and/],
    [{ assumeRole: { ...role, externalId: "x" } }, /^assumeRole\.externalId must be 2 to 1224 letters, digits and/],
    [{ assumeRole: { ...role, externalId: "x".repeat(1225) } }, /^assumeRole\.externalId must be 2 to 1224 letters/],
  ])("refuses %j, which Terraform would refuse later", (change, message) => {
    expect(problemsOf(change)).toEqual([expect.stringMatching(message)]);
  });

  test("says nothing about what only Terraform knows", () => {
    const token = "${var.x}";
    expect(problemsOf({ assumeRole: { roleArn: token, sessionName: token, externalId: token } })).toEqual([]);
  });

  test("refuses every expression in a backend, where Terraform evaluates none", () => {
    const token = "${var.x}";
    const backends = [
      { type: "local", path: token },
      { type: "s3", bucket: token, region: token, key: token, kmsKeyArn: token },
      { type: "cloud", organization: token, workspace: token, project: token, hostname: token },
      { type: "cloud", organization: "example", workspaceTags: [token] },
    ];
    expect(backends.map((backend) => problemsOf({ backend }).length)).toEqual([1, 4, 4, 1]);
    expect(problemsOf({ backend: backends[0] })).toEqual([
      expect.stringMatching(/^backend\.path must be written out, since Terraform evaluates no expression in a backend/),
    ]);
  });

  test.each([
    [{ acount: "1" }, /^acount is not a known field; use one of accountId, region, caches, .*backend/],
    [{ caches: [{ upstream: "quay", prefx: "q" }] }, /^caches\[0\]\.prefx is not a known field; use one of .*prefix/],
    [{ accountId: 111122223333 }, /^accountId must be of type string, got 111122223333; write text in quotes: "…"$/],
    [{ caches: ["quay"] }, /^caches\[0\] must be of type object, got "quay"; write an object: \{ … \}$/],
    [{ caches: {} }, /^caches must be of type array, got \{\}; write a list: \[ … \]$/],
    [{ caches: undefined }, /^caches is missing; add it$/],
    [{ backend: undefined }, /^backend is missing; add it$/],
    [{ backend: {} }, /^backend\.type is missing; write "local" or "s3" or "cloud"$/],
    [{ backend: { type: "gcs" } }, /^backend\.type is not a known value, got "gcs"; write "local" or "s3" or "cloud"$/],
    [{ backend: { type: "s3", region: "us-east-1" } }, /^backend\.bucket is missing; add it$/],
    [{ caches: [{}] }, /^caches\[0\]\.upstream must be an upstream that ECR can cache; choose one of docker-hub, /],
    [{ caches: [{ upstream: "docker.io" }] }, /^caches\[0\]\.upstream must be an upstream .* got "docker\.io"; choose/],
    [{ assumeRole: {} }, /^assumeRole\.roleArn is missing; add it$/],
    [{ scanning: "off" }, /^scanning has none of the forms that are known here, got "off"/],
    [
      { repositories: { encryption: { type: "SSE" } } },
      /^repositories\.encryption\.type must be "KMS" or "AES256", got "SSE"/,
    ],
  ])("says of %j, which the types would refuse, once what is wrong", (change, message) => {
    const problems = problemsOf(change);
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  test("measures nothing against an account that is missing or no text", () => {
    const credential = {
      type: "existing-secret",
      secretArn: "arn:aws:secretsmanager:us-east-1:444455556666:secret:ecr-pullthroughcache/hub-Ab12Cd",
    };
    const caches = [{ upstream: "docker-hub", credential }];
    expect(problemsOf({ accountId: undefined, caches })).toEqual(["accountId is missing; add it"]);
    expect(problemsOf({ accountId: 1, caches })).toHaveLength(1);
  });

  test("accepts each backend with the least that it needs", () => {
    const backends = [
      { type: "local", path: "state/qa.tfstate" },
      { type: "s3", bucket: "state", region: "eu-west-1" },
      { type: "s3", bucket: "my.state-1", region: "eu-west-1", key: "a/b.tfstate" },
      { type: "cloud", organization: "example" },
      { type: "cloud", organization: "example", workspace: "ecr_Prod-1", hostname: "tfe.example.com:8443" },
    ];
    for (const backend of backends) expect(problemsOf({ backend })).toEqual([]);
  });
});

describe("environments of one account and region", () => {
  const base = { accountId: "111122223333", region: "us-east-1", backend: { type: "local" as const } };
  const quay: Environment = { ...base, name: "a", caches: [{ upstream: "quay" }] };

  test("are refused where they own the same", () => {
    const found = checkEnvironments([quay, { ...quay, name: "b", caches: [{ upstream: "k8s" }] }]);
    expect(
      found.map(({ environment, diagnostics }) => [environment, diagnostics.map(({ path, code }) => [path, code])]),
    ).toEqual([
      [
        "b",
        [
          [["repositories", "customRoleArn"], "two-owners"],
          [["repositories", "encryption"], "two-owners"],
          [["scanning"], "two-owners"],
        ],
      ],
    ]);
  });

  test("are refused where only a further region is the same, and that is said", () => {
    const b = { ...quay, name: "b", region: "eu-west-1", additionalRegions: { "us-east-1": {} } };
    const paths = checkEnvironments([quay, b]).flatMap(({ diagnostics }) =>
      diagnostics.map(({ path }) => path.slice(0, 3)),
    );
    expect(paths).toContainEqual(["additionalRegions", "us-east-1", "scanning"]);
  });

  test("are fine in different regions", () => {
    expect(checkEnvironments([quay, { ...quay, name: "b", region: "eu-west-1" }])).toEqual([]);
  });
});
