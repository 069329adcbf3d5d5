import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { resolveRegistry } from "../../modules";
import {
  checkEnvironment,
  EnvironmentFileError,
  loadEnvironments,
  parseEnvironments,
  regionalEnvironments,
} from "../../stacks";
import { samples } from "../../stacks/samples";
import schema from "../../stacks/environments.schema.json";

const SAMPLE = join(__dirname, "..", "..", "help", "environments.yaml");

/** Every problem of a text, in a file of the given name. */
function problemsOf(text: string, file = "environments.yaml"): readonly string[] {
  try {
    parseEnvironments(text, file);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentFileError) return error.problems;
    throw error;
  }
}

describe("loadEnvironments", () => {
  test("reads from YAML what the samples say in TypeScript", () => {
    expect(loadEnvironments(SAMPLE)).toEqual(samples.filter(({ name }) => name !== "staging"));
  });

  test("reads JSON just so", () => {
    const json = JSON.stringify(parse(readFileSync(SAMPLE, "utf8")), null, "\t");
    expect(parseEnvironments(json, "environments.json")).toEqual(loadEnvironments(SAMPLE));
  });

  test("joins tags and repositories of the shared part, and replaces everything else", () => {
    const text = `
shared:
  accountId: "111122223333"
  region: us-east-1
  backend: { type: s3, bucket: state, region: us-east-1 }
  tags: { team: platform, cost: a }
  repositories: { imageTagMutability: MUTABLE }
  pullers: [{ role: A }]
environments:
  - name: qa
    backend: { type: local }
    caches: [{ upstream: quay }]
    tags: { cost: b }
    repositories: { encryption: { type: AES256 } }
    pullers: [{ role: B }]
`;
    expect(parseEnvironments(text, "e.yaml")).toEqual([
      {
        name: "qa",
        accountId: "111122223333",
        region: "us-east-1",
        backend: { type: "local" },
        caches: [{ upstream: "quay" }],
        tags: { team: "platform", cost: "b" },
        repositories: { imageTagMutability: "MUTABLE", encryption: { type: "AES256" } },
        pullers: [{ role: "B" }],
      },
    ]);
  });

  test("gives every problem with its place: in the environment, in the shared part, or where something lacks", () => {
    const text = `shared:
  region: mars
  tags:
    aws:x: y
environments:
  - name: qa
    accountId: 111122223333
    backend: { type: local }
    caches:
      - upstream: quay
      - upstream: docker-hub
        prefix: Prod
    colour: red
`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^environments\.yaml:2:3 qa: region must be the name of an AWS region, got "mars"/),
      expect.stringMatching(/^environments\.yaml:12:9 qa: caches\[1\]\.prefix must be lower-case/),
      expect.stringMatching(/^environments\.yaml:11:9 qa: caches\[1\]\.credential is missing/),
      expect.stringMatching(/^environments\.yaml:4:5 qa: tags\["aws:x"\] must have a key of/),
      expect.stringMatching(/^environments\.yaml:13:5 qa: colour is not a known field/),
      expect.stringMatching(
        /^environments\.yaml:7:5 qa: accountId must be of type string, got 111122223333; write text/,
      ),
    ]);
  });

  test("says a problem of the shared part once for each environment, by name", () => {
    const text = `{"shared": {"region": "mars", "accountId": "111122223333", "backend": {"type": "local"}, "caches": []},
"environments": [{"name": "a"}, {"name": "b"}]}`;
    expect(problemsOf(text, "e.json")).toEqual([
      expect.stringMatching(/^e\.json:1:13 a: region must be/),
      expect.stringMatching(/^e\.json:1:13 b: region must be/),
    ]);
  });

  test.each([
    ["a: [", ["e.yaml:1:5 Flow sequence in block collection must be sufficiently indented and end with a ]"]],
    ["", ["e.yaml:1:1 must be an object with a list `environments`"]],
    ["environments: 3", ["e.yaml:1:1 environments must be a list; write one entry for each environment"]],
    ["environments: [3]", [expect.stringMatching(/^e\.yaml:1:16 environments\[0\]: must be of type object, got 3/)]],
    [
      "environments: []\nshared: { name: x }\nmore: 1",
      [
        "e.yaml:3:1 more is not a known field; use one of shared, environments, or start it with x-",
        "e.yaml:2:11 shared.name must not be given; each environment has its own",
      ],
    ],
    ["environments: *all", ["e.yaml:1:15 *all must come after an anchor &all"]],
    ["environments: [&a { name: a, tags: { self: *a } }]", ["e.yaml:1:44 *a must not repeat what holds it"]],
    ["environments: [{ <<: 3 }]", ["e.yaml:1:22 << must be followed by an alias of an object"]],
    ["environments: []\nenvironments: []", ["e.yaml:2:1 Map keys must be unique"]],
  ])("refuses %j", (text, problems) => {
    expect(problemsOf(text, "e.yaml")).toEqual(problems);
  });

  test("refuses a text whose aliases multiply", () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      return `x-${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]\n`;
    });
    expect(problemsOf(`x-0: &a0 [1]\n${levels.join("")}environments: *a9`, "e.yaml")).toEqual([
      "e.yaml:1:1 must repeat less by aliases of aliases",
    ]);
  });

  test("lists all in its message, under the file's name", () => {
    expect(() => parseEnvironments("environments: 3", "e.yaml")).toThrow(
      "Nothing was read from e.yaml: 1 problem to fix.\n\ne.yaml:1:1 environments must be a list; write one entry for " +
        "each environment",
    );
  });

  test("takes what an alias repeats from where it was first written", () => {
    const text = `shared: { accountId: "111122223333", region: us-east-1, backend: { type: local } }
environments:
  - { name: a, caches: &caches [{ upstream: nowhere }] }
  - { name: b, caches: *caches }
`;
    expect(problemsOf(text).map((problem) => problem.split(" ", 2).join(" "))).toEqual([
      "environments.yaml:3:35 a:",
      "environments.yaml:3:35 b:",
    ]);
  });
});

describe("what environments of a file repeat", () => {
  const text = (change: string) => `
x-base: &base
  accountId: "111122223333"
  region: us-east-1
  backend: { type: local }
x-caches: &caches
  caches:
    - upstream: quay
environments:
  - <<: [*base, *caches]
    name: a
  - <<: [*caches, *base]
    name: b
    region: eu-west-1
    ${change}
`;

  test("can stand under x- fields and be merged, and what an environment says itself counts", () => {
    const base = { accountId: "111122223333", backend: { type: "local" }, caches: [{ upstream: "quay" }] };
    expect(parseEnvironments(text("importExisting: false"), "e.yaml")).toEqual([
      { ...base, name: "a", region: "us-east-1" },
      { ...base, name: "b", region: "eu-west-1", importExisting: false },
    ]);
  });

  test("is wrong where it stands, or where an environment says otherwise", () => {
    const wrong = text("pullers: [3]").replace('"111122223333"', '"1"').replace("eu-west-1", "mars");
    expect(
      problemsOf(wrong.replace("upstream: quay", "upstream: nowhere")).map((problem) => problem.slice(17, 35)),
    ).toEqual([
      ":3:3 a: accountId ",
      ":8:7 a: caches[0].",
      ":3:3 b: accountId ",
      ":14:5 b: region mu",
      ":8:7 b: caches[0].",
      ":15:15 b: pullers[",
    ]);
  });

  test("are not taken over where one says `importExisting: false` over what all share", () => {
    const shared = `shared: { accountId: "111122223333", importExisting: true, backend: { type: local }, caches: [{ upstream: quay }] }
environments:
  - { name: a, region: us-east-1, importExisting: false, additionalRegions: { eu-west-1: { importExisting: true }, eu-west-2: {} } }
`;
    const [a] = parseEnvironments(shared, "e.yaml");
    expect(regionalEnvironments(a!).map((one) => [...resolveRegistry(one).importExisting.caches])).toEqual([
      [],
      ["quay"],
      [],
    ]);
  });
});

describe("environments.schema.json", () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

  test.each([
    ["accountId", ["111122223333", "012345678901", "12", "1111222233334", "11112222333a"]],
    [
      "region",
      ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "mx-central-1", "mars", "us-est-1", "us-1"],
    ],
    ["name", ["prod", "prod-eu-1", "Prod", "prod_1", "-prod", "prod-", "a".repeat(50), "a".repeat(51), ""]],
  ])("lets editors flag of %s what the library refuses", (field, values) => {
    for (const value of values) {
      const own = { name: "qa", accountId: "111122223333", region: "us-east-1", [field]: value };
      const environment = { ...own, backend: { type: "local" as const }, caches: [] };
      const refused = checkEnvironment(environment).some(({ path, code }) => path[0] === field && code === undefined);
      expect([value, validate({ environments: [environment] })]).toEqual([value, !refused]);
      const { name: _, ...shared } = environment;
      if (field !== "name") expect(validate({ shared, environments: [{ name: "qa" }] })).toBe(!refused);
    }
  });

  test("lets editors flag prefixes that are too short or too long", () => {
    const cached = (prefix: string) => ({ environments: [{ name: "qa", caches: [{ upstream: "quay", prefix }] }] });
    const template = (prefix: string) => ({ environments: [{ name: "qa", templates: [{ prefix }] }] });
    expect(["a", "ab", "a".repeat(30), "a".repeat(31)].map((prefix) => validate(cached(prefix)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(["a", "ab", "a".repeat(256), "a".repeat(257)].map((prefix) => validate(template(prefix)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("takes the sample, and refuses what the reader refuses", () => {
    const sample = parse(readFileSync(SAMPLE, "utf8")) as { environments: object[] };
    expect(validate(sample)).toBe(true);
    expect(validate({ ...sample, more: 1 })).toBe(false);
    expect(validate({ ...sample, "x-more": 1 })).toBe(true);
    expect(validate({ environments: [{ ...sample.environments[0], colour: "red" }] })).toBe(false);
    expect(validate({ environments: [{ caches: [] }] })).toBe(false);
  });
});

describe("settings of a file", () => {
  const text = (pullers: string) => `
shared:
  region: us-east-1
  backend: { type: local }
  pullers: [{ role: node }]
  repositories: { access: { denyOthers: true }, lifecycle: [{ expireUntagged: { afterDays: 9 } }] }
environments:
  - name: qa
    accountId: "111122223333"
    pullers: ${pullers}
    caches:
      - upstream: quay
        repositories: { access: { push: [{ role: mirror }] } }
    additionalRegions:
      eu-west-1: { pullers: { add: [{ role: europe }] }, repositories: { access: { denyOthers: false } } }
`;

  test("are laid over each other, from the shared ones to those of a cache in a region", () => {
    const [qa] = parseEnvironments(text("{ add: [{ role: ci }] }"), "qa.yaml");
    const seen = regionalEnvironments(qa!).map((environment) => {
      const { pullers } = environment;
      const { access, lifecyclePolicy } = resolveRegistry(environment).templates[0]!;
      return { pullers, access, days: lifecyclePolicy.rules.map(({ selection }) => selection.countNumber) };
    });
    const roles = (...names: string[]) => names.map((role) => ({ role }));
    expect(seen).toEqual([
      {
        pullers: roles("node", "ci"),
        access: { pull: roles("node", "ci"), denyOthers: true, push: roles("mirror") },
        days: [9],
      },
      {
        pullers: roles("node", "ci", "europe"),
        access: { pull: roles("node", "ci", "europe"), denyOthers: false, push: roles("mirror") },
        days: [9],
      },
    ]);
  });

  test("have their mistakes where they are written", () => {
    expect(problemsOf(text('{ add: [{ role: ci }, { role: "" }] }'))).toEqual([
      expect.stringMatching(/^environments\.yaml:10:38 qa: pullers\[2\]\.role must be the name of a role/),
    ]);
  });
});
