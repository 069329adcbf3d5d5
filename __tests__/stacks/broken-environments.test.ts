import { formatDiagnostic } from "../../modules";
import { checkEnvironments, Environment, EnvironmentError, parseEnvironments, synthesize } from "../../stacks";

const base = { name: "qa", accountId: "111122223333", region: "us-east-1", backend: { type: "local" } };
const quay = { upstream: "quay" };
const hub = { upstream: "docker-hub", credential: { type: "new-secret" } };

/** Every error of every environment, each as one line. */
function errorsOf(...environments: object[]): string[] {
  const found = checkEnvironments(environments as Environment[]);
  return found.flatMap(({ environment, diagnostics }) => {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.map((one) => `${environment}: ${formatDiagnostic(one)}`);
  });
}

const errorsWith = (change: object) => errorsOf({ ...base, caches: [quay], ...change });

describe("credentials in the wrong place", () => {
  const secret = "hunter2-not-a-known-form";
  const tokens = {
    "Docker Hub": "dckr_pat_AbCdEfGhIjKlMnOpQrStUvWxYz0",
    GitHub: `ghp_${"aB3".repeat(12)}`,
    "GitHub, fine-grained": `github_pat_${"aB3_".repeat(20)}`,
    GitLab: "glpat-aBcDeFgHiJkLmNoPqRsT",
    Azure: `${"aB3/".repeat(10)}aB+ACRAbCdEf`,
    "Azure AD": `aB38Q~${"aB3-".repeat(8)}`,
    Chainguard: `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0${"aB3_".repeat(4)}.${"aB3_".repeat(8)}`,
    Quay: "AB3D".repeat(16),
    "Amazon ECR": `eyJwYXlsb2FkIjoi${"aB3+".repeat(20)}`,
    AWS: "AKIAIOSFODNN7EXAMPLE",
  };

  const places: [string, (text: string) => object][] = [
    [
      "the ARN of a secret",
      (text) => ({ caches: [{ ...hub, credential: { type: "existing-secret", secretArn: text } }] }),
    ],
    ["the policy of a secret", (text) => ({ caches: [{ ...hub, credential: { type: "new-secret", policy: text } }] })],
    [
      "the policy of a secret, as JSON",
      (text) => ({
        caches: [{ ...hub, credential: { type: "new-secret", policy: JSON.stringify({ accessToken: text }) } }],
      }),
    ],
    [
      "the name of a secret",
      (text) => ({ caches: [{ ...hub, credential: { type: "new-secret", name: `${text} ` } }] }),
    ],
    ["the type of a credential", (text) => ({ caches: [{ ...hub, credential: { type: text } }] })],
    [
      "a field of a credential",
      (text) => ({ caches: [{ ...hub, credential: { type: "new-secret", accessToken: text } }] }),
    ],
    ["the credential itself", (text) => ({ caches: [{ ...hub, credential: text }] })],
    [
      "where the value comes from",
      (text) => ({ caches: [{ ...hub, credential: { type: "new-secret", valueFrom: text } }] }),
    ],
    [
      "a number of a credential",
      (text) => ({ caches: [{ ...hub, credential: { type: "new-secret", version: text } }] }),
    ],
    ["a secret to import", (text) => ({ caches: [hub], importExisting: { secrets: { "docker-hub": text } } })],
    ["a cache that is none, with a credential in it", (text) => ({ caches: { credential: { accessToken: text } } })],
    ["a list of what is none", (text) => ({ caches: [[{ token: text, password: text }]] })],
    ["an unknown field", (text) => ({ caches: [{ ...hub, accessToken: text }] })],
  ];

  test.each(places)("are refused as %s, and never shown", (_, place) => {
    for (const text of [secret, ...Object.values(tokens)]) {
      const lines = errorsWith(place(text));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.join("\n")).not.toContain(text.slice(0, 16));
      const problems = checkEnvironments([{ ...base, caches: [quay], ...place(text) } as Environment]);
      expect(new EnvironmentError(problems).message).not.toContain(text.slice(0, 16));
    }
  });

  const anywhere: [string, (text: string) => object][] = [
    ["a tag", (text) => ({ tags: { team: text } })],
    ["the key of a tag", (text) => ({ tags: { [text]: "x" } })],
    ["a description", (text) => ({ templates: [{ prefix: "app", description: `use ${text} here` }] })],
    ["a reason", (text) => ({ acknowledged: [{ code: "root-prefix", reason: text }] })],
    ["a workload", (text) => ({ workloads: [{ name: text, images: [] }] })],
    ["a role", (text) => ({ pullers: [{ role: text }] })],
    ["an external id", (text) => ({ assumeRole: { roleArn: "arn:aws:iam::111122223333:role/A", externalId: text } })],
    ["a bucket", (text) => ({ backend: { type: "s3", region: "us-east-1", bucket: text } })],
    ["another region", (text) => ({ additionalRegions: { "eu-west-1": { tags: { team: text } } } })],
  ];

  test.each(anywhere)("that have the form of a token are refused as %s, and shown as …", (_, place) => {
    for (const [issuer, text] of Object.entries(tokens)) {
      const lines = errorsWith(place(text));
      expect([issuer, lines]).toEqual([
        issuer,
        expect.arrayContaining([expect.stringMatching(/must not hold a cred.*…/)]),
      ]);
      expect(lines.join("\n")).not.toContain(text.slice(0, 16));
    }
  });

  test("are hidden in the problems of a file, too", () => {
    const text = `environments:\n  - name: ${tokens.GitHub}\n    region: *${tokens.GitLab}\n`;
    const read = () => parseEnvironments(text, "a.yaml");
    expect(read).toThrow(/a\.yaml:3/);
    expect(read).not.toThrow(new RegExp(tokens.GitLab));
  });
});

describe("expressions", () => {
  test.each([
    ["${USER}", "write $${USER} if you mean the text itself"],
    ["costs ${}", "write $${}"],
    ["half ${var.x", "write $${var.x"],
    ["%{time}", "write %%{time} if you mean the text itself"],
    ["${aws:PrincipalAccount}", "write $${aws:PrincipalAccount}"],
    ["${VAR:-none}", "write $${VAR:-none}"],
  ])("that Terraform cannot evaluate are refused: %s", (text, fix) => {
    const lines = errorsWith({ templates: [{ prefix: "app", description: text }] });
    expect(lines).toEqual([expect.stringContaining("templates[0].description must not hold ")]);
    expect(lines[0]).toContain(fix);
  });

  test.each([
    "${var.team}",
    '${data.aws_iam_role.r["dev"].arn}',
    '${upper("{x}")}',
    "$${USER} and %%{x}",
    "%{ if var.x }a%{ else }b%{ endif }",
    "costs $5 and 5%",
    "${true}",
  ])("that Terraform can evaluate are accepted: %s", (text) => {
    expect(errorsWith({ templates: [{ prefix: "app", description: text }] })).toEqual([]);
  });

  test("in a backend are refused, since Terraform evaluates none there", () => {
    expect(errorsWith({ backend: { type: "local", path: "${var.folder}/x.tfstate" } })).toEqual([
      expect.stringMatching(
        /^qa: backend\.path must be written out, since Terraform evaluates no expression in a backend/,
      ),
    ]);
  });
});

describe("registries that AWS or Terraform would refuse later", () => {
  const arn = (service: string, rest: string) => `arn:aws-cn:${service}:${rest}`;
  const spoke = (change: object = {}) => ({
    ...base,
    name: "spoke",
    accountId: "444455556666",
    caches: [
      {
        upstream: "ecr",
        prefix: "copy",
        upstreamRegistry: { accountId: "111122223333", region: "us-east-1" },
        ...change,
      },
    ],
  });
  const azure = (registryName: string) => ({
    upstream: "azure-container-registry",
    prefix: registryName,
    registryName,
    credential: { type: "new-secret" },
  });

  test.each<[string, object, RegExp]>([
    [
      "a role of another partition",
      { pullers: [{ arn: arn("iam", ":111122223333:role/a") }] },
      /partition aws, in which us-east-1 is/,
    ],
    [
      "a key of another partition",
      {
        repositories: {
          encryption: {
            type: "KMS",
            keyArn: arn("kms", "us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
          },
        },
      },
      /partition aws, in which/,
    ],
    [
      "a deploy role of another partition",
      { assumeRole: { roleArn: arn("iam", ":111122223333:role/a") } },
      /partition aws, in which/,
    ],
    [
      "tags that differ by case",
      { tags: { Team: "a", team: "b" } },
      /must not have the key of the tag "Team" in another case/,
    ],
    [
      "a tag that JavaScript drops",
      { tags: JSON.parse('{"__proto__":"x"}') as object },
      /tags\.__proto__ must have a key of/,
    ],
    [
      "ids that differ by case",
      {
        caches: [
          { ...quay, id: "Hub", prefix: "p1" },
          { ...quay, id: "hub", prefix: "p2" },
        ],
      },
      /caches\[1\]\.id must differ from the id "Hub" of another cache/,
    ],
    [
      "ids that are one construct",
      {
        caches: [
          { ...quay, prefix: "a1/b1" },
          { ...quay, prefix: "p2", id: "a1--b1" },
        ],
      },
      /caches\[1\]\.id must differ from the id "a1\/b1" of another cache/,
    ],
    [
      "the id __proto__",
      { caches: [{ ...quay, id: "__proto__" }] },
      /caches\[0\]\.id must be 1 to 30 letters.*start with a letter or digit/,
    ],
    [
      "the id toString",
      { caches: [{ ...quay, id: "toString" }] },
      /caches\[0\]\.id must not be toString, which JavaScript keeps/,
    ],
    [
      "the prefix constructor",
      { caches: [{ ...quay, prefix: "constructor" }] },
      /caches\[0\]\.id must not be constructor.*give the cache an id/,
    ],
    ["the name constructor", { name: "constructor" }, /name must not be constructor/],
    [
      "one secret for two upstreams",
      {
        caches: [
          { ...hub, credential: { type: "new-secret", name: "one" } },
          { upstream: "github-container-registry", credential: { type: "new-secret", name: "one" } },
        ],
      },
      /caches\[1\]\.credential must not be the secret that another cache reads registry-1\.docker\.io with/,
    ],
    [
      "one secret for two Azure registries",
      { caches: [azure("contoso"), azure("fabrikam")] },
      /caches\[1\]\.credential must not be the secret/,
    ],
    [
      "a state's key of a form that Terraform refuses",
      {
        backend: {
          type: "s3",
          bucket: "state",
          region: "us-east-1",
          kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      },
      /backend\.kmsKeyArn must be the full ARN of a KMS key/,
    ],
    [
      "a state's key in another Region than the bucket",
      {
        backend: {
          type: "s3",
          bucket: "state",
          region: "us-east-1",
          kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        },
      },
      /backend\.kmsKeyArn must be a key in the bucket's region us-east-1, but is in eu-west-1/,
    ],
    [
      "a state's object with an empty part",
      { backend: { type: "s3", bucket: "state", region: "us-east-1", key: "a//b" } },
      /backend\.key must name an object/,
    ],
    [
      "an empty workspace tag",
      { backend: { type: "cloud", organization: "example", workspaceTags: [""] } },
      /workspaceTags\[0\] must be letters/,
    ],
    [
      "an empty project",
      { backend: { type: "cloud", organization: "example", project: "" } },
      /backend\.project must be 3 to 40/,
    ],
    [
      "a number out of range",
      { workloads: [{ name: "a", images: [], pullIntervalDays: 1e21 }] },
      /must be a whole number from 1 to 2147483647/,
    ],
    [
      "a version out of range",
      { caches: [{ ...hub, credential: { type: "new-secret", version: 2 ** 40 } }] },
      /version must be a whole number from 1 to/,
    ],
  ])("%s is refused", (_, change, message) => {
    expect(errorsWith(change)).toEqual([expect.stringMatching(message)]);
  });

  const upstream = { ...base, caches: [{ ...quay, prefix: "copy" }] };

  test("a spoke that the hub does not allow is refused, whichever comes first", () => {
    const message =
      'spoke: caches[0].upstreamRegistry must allow account 444455556666 to cache it, but qa does not; add "444455556666" to downstreamAccounts of qa';
    expect(errorsOf(upstream, spoke())).toEqual([message]);
    expect(errorsOf(spoke(), upstream)).toEqual([message]);
    expect(errorsOf({ ...upstream, downstreamAccounts: ["444455556666"] }, spoke())).toEqual([]);
    expect(errorsOf({ ...upstream, registryPolicy: "unmanaged" }, spoke())).toEqual([]);
  });

  test("a spoke of a prefix that the hub does not have is refused", () => {
    const allowed = { ...upstream, downstreamAccounts: ["444455556666"] };
    expect(errorsOf(allowed, spoke({ upstreamRepositoryPrefix: "other" }))).toEqual([
      'spoke: caches[0].upstreamRepositoryPrefix must be a prefix of qa, got "other"; use one of copy, or add a template with this prefix to qa',
    ]);
    expect(errorsOf(allowed, spoke({ upstreamRepositoryPrefix: "copy" }))).toEqual([]);
  });

  test("registries that cache each other are refused, but not where the prefixes are apart", () => {
    const from = (accountId: string, prefix: string, upstreamRepositoryPrefix?: string) => ({
      upstream: "ecr",
      prefix,
      upstreamRegistry: { accountId, region: "us-east-1" },
      upstreamRepositoryPrefix,
    });
    const one = { ...base, name: "one", downstreamAccounts: ["444455556666"] };
    const two = { ...base, name: "two", accountId: "444455556666", downstreamAccounts: ["111122223333"] };
    const circle = errorsOf(
      { ...one, caches: [from("444455556666", "aa")] },
      { ...two, caches: [from("111122223333", "bb")] },
    );
    expect(circle).toEqual([
      expect.stringMatching(
        /^one: caches\[0\]\.upstreamRegistry must not be a registry that caches the same reposit.*as two does/,
      ),
      expect.stringMatching(
        /^two: caches\[0\]\.upstreamRegistry must not be a registry that caches the same reposit.*as one does/,
      ),
    ]);
    const apart = errorsOf(
      { ...one, caches: [from("444455556666", "aa", "apps")], templates: [{ prefix: "base" }] },
      { ...two, caches: [from("111122223333", "bb", "base")], templates: [{ prefix: "apps" }] },
    );
    expect(apart).toEqual([]);
  });
});

describe("size", () => {
  test("a hundred thousand caches are one problem", () => {
    const caches = Array.from({ length: 100_000 }, () => ({ upstream: "quey" }));
    expect(errorsWith({ caches })).toEqual([
      "qa: caches must have at most 1000 entries, but has 100000; describe the rest in another environment",
    ]);
  });

  test("of many problems the first fifty are listed, with how many there are", () => {
    const environment = { ...base, caches: Array.from({ length: 900 }, () => ({ upstream: "quey" })) };
    const write = () => synthesize([environment as Environment], "never-written");
    expect(write).toThrow(/^Nothing was written: 901 problems to fix\.\n\nqa:\n(?: {2}- .*\n){50}and 851 more\n\nhelp/);
  });

  test.each([
    ["lists in lists", "[".repeat(100_000)],
    ["lists in lists that end", `environments: ${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["objects in objects", `environments: ${"{a: ".repeat(100_000)}${"}".repeat(100_000)}`],
    ["items in items", `environments:\n${"- ".repeat(100_000)}x`],
    ["blocks in blocks", Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("%s are refused before they are parsed", (_, text) => {
    expect(() => parseEnvironments(text, "a.yaml")).toThrow(
      /Nothing was read from a\.yaml: 1 problem to fix\.\n\na\.yaml:\d+:1 must not hold more than 100 levels of values in values/,
    );
  });

  test("a file of more than five million characters is refused", () => {
    expect(() => parseEnvironments(`# ${"x".repeat(5_000_000)}`, "a.yaml")).toThrow(
      "must have at most 5000000 characters",
    );
  });

  test("values of any depth and kind are problems, and no crash", () => {
    let deep: unknown = "x";
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const own: Record<string, unknown> = {};
    own.own = own;
    const places = (value: unknown) => [{ caches: value }, { caches: [value] }, { pullers: [{ role: value }] }];
    for (const value of [deep, own, 1n, Symbol.iterator, () => 1, new Map([["a", 1]]), new Date(Number.NaN)]) {
      for (const change of places(value)) expect(errorsWith(change)).not.toEqual([]);
    }
  });
});
