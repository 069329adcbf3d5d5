import fc from "fast-check";
import { formatDiagnostic, isError } from "../../modules";
import {
  checkEnvironment,
  checkEnvironments,
  Environment,
  EnvironmentError,
  regionalEnvironments,
  reportEnvironment,
  synthesize,
} from "../../stacks";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { renderPage } from "../../commands/report-page";
import { HOSTILE_TEXTS } from "../helpers/hostile-texts";

/** An environment in which every kind of thing is said somewhere. */
const everything: Environment = {
  name: "qa",
  accountId: "111122223333",
  region: "us-east-1",
  backend: {
    type: "s3",
    bucket: "state",
    region: "us-east-1",
    assumeRole: { roleArn: "arn:aws:iam::111122223333:role/State" },
  },
  assumeRole: { roleArn: "arn:aws:iam::111122223333:role/Deploy", externalId: "xy" },
  tags: { team: "platform" },
  caches: [
    { upstream: "docker-hub", credential: { type: "new-secret", name: "hub", version: 2 } },
    { upstream: "azure-container-registry", registryName: "contoso", credential: { type: "new-secret" } },
    {
      upstream: "ecr",
      upstreamRegistry: { accountId: "444455556666", region: "us-east-1" },
      upstreamRepositoryPrefix: "prod",
    },
    { upstream: "quay", prefix: "team/quay", id: "quay", only: ["argoproj/*"] },
  ],
  templates: [{ prefix: "team", appliedFor: ["REPLICATION"], encryption: { type: "AES256" }, description: "x" }],
  repositories: {
    imageTagMutability: { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["latest"] },
    encryption: { type: "KMS" },
    lifecycle: [{ expireUntagged: { afterDays: 3 } }],
    access: {
      push: [{ user: "ann" }],
      lambdaPull: { accounts: ["111122223333"] },
      statements: [
        {
          sid: "Own",
          principals: [{ organization: "o-a1b2c3d4e5" }],
          actions: ["ecr:DescribeImages"],
          conditions: { Bool: { "aws:SecureTransport": "true" } },
        },
      ],
    },
    resourceTags: { a: "b" },
  },
  pullers: [{ role: "Puller" }, { account: "444455556666" }],
  downstreamAccounts: ["777788889999"],
  endpoint: "dual-stack",
  roles: {
    permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/Boundary",
    path: "/platform/",
    namePrefix: "acme-",
    tags: { owner: "iam" },
  },
  key: { rotationPeriodInDays: 180, deletionWindowInDays: 7, administrators: [{ role: "Admin" }], alias: "images" },
  alerts: { criticalFindings: true },
  accountSettings: { registryPolicyScope: "V2", basicScanTypeVersion: "AWS_NATIVE" },
  replication: [{ destinations: [{ accountId: "444455556666", region: "eu-west-1" }], prefixes: ["team/"] }],
  replicationSources: [{ accountId: "444455556666", prefixes: ["team"] }],
  registryPolicy: {
    statements: [{ sid: "Own", principals: [{ role: "R" }], actions: ["ecr:ReplicateImage"], prefixes: ["a1"] }],
  },
  importExisting: {
    caches: ["docker-hub"],
    templates: true,
    registryPolicy: true,
    scanning: true,
    secrets: { hub: "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/hub-Ab12Cd" },
  },
  preventDestroy: true,
  additionalRegions: {
    "eu-west-1": {
      importExisting: false,
      tags: { region: "europe" },
      caches: [{ upstream: "quay" }],
      templates: [{ prefix: "app" }],
    },
    "eu-west-2": { importExisting: true },
  },
  scanning: { type: "ENHANCED", frequency: "CONTINUOUS_SCAN", additionalFilters: ["app/*"] },
  workloads: [
    { name: "web", images: ["nginx:1.27.3", `quay.io/org/app@sha256:${"a".repeat(64)}`], pullIntervalDays: 2 },
  ],
  acknowledged: [{ code: "lambda-cannot-pull-through", construct: "templates/docker-hub", reason: "pulled before" }],
};

type Path = (string | number)[];

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...at, key]))];
}

function withValueAt(value: unknown, [head, ...rest]: Path, replacement: unknown): unknown {
  if (head === undefined) return replacement;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[head] = withValueAt(copy[head], rest, replacement);
  return copy;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown>)[part], value);
}

const garbage = fc.oneof(
  fc.constantFrom(undefined, null, "", 0, true, [], {}, [null], "ROOT", "${var.x}", { type: "x" }, ["a", "a"]),
  fc.jsonValue({ maxDepth: 2 }),
);

test("an environment with everything in it is right", () => {
  expect(checkEnvironment(everything).filter(isError).map(formatDiagnostic)).toEqual([]);
});

test("whatever stands at whatever place, there is a list of problems or a stack, and never a crash", () => {
  const paths = pathsIn(everything);
  const folder = mkdtempSync(join(tmpdir(), "ecr-garbage-"));
  let refused = 0;
  try {
    fc.assert(
      fc.property(fc.constantFrom(...paths), garbage, (path, value) => {
        const environment = withValueAt(everything, path, value) as Environment;
        const problems = checkEnvironment(environment).filter(isError);
        for (const problem of problems) expect(formatDiagnostic(problem)).toMatch(/\S/);
        if (problems.length > 0) refused++;
        else
          expect(synthesize([environment], join(folder, "out"))).toHaveLength(regionalEnvironments(environment).length);
      }),
      { numRuns: 1000 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(refused).toBeGreaterThan(500);
});

/** What a reader does not see, but for the ends of lines. */
const UNSEEN = /[^\P{C}\n]/u;
const COMMAND = /^\s*::[a-z]|##(?:vso|teamcity)?\[/m;

/** What no text may do to whoever reads an output. */
function expectSafe(output: string): void {
  expect(output).not.toMatch(UNSEEN);
  expect(output).not.toMatch(COMMAND);
  expect(output).not.toContain("ghp_");
}

/** A browser's view of a report: no element and no address that a text has become. */
function expectInert(report: string): void {
  expectSafe(report);
  const html = new MarkdownIt({ html: true, linkify: true }).render(report);
  expect(html).not.toMatch(/<(?:script|img|iframe|a)[\s>]/);
}

test("a hostile text at the place of any other is refused or does no harm, in JSON, reports and messages", async () => {
  const paths = pathsIn(everything).filter((path) => typeof valueAt(everything, path) === "string");
  const folder = mkdtempSync(join(tmpdir(), "ecr-hostile-"));
  let accepted = 0;
  try {
    for (const text of HOSTILE_TEXTS) {
      // Every place that accepts the text has it in the end, all at once.
      let hostile = everything;
      for (const path of paths) {
        const candidate = withValueAt(hostile, path, text) as Environment;
        const found = checkEnvironments([candidate]);
        for (const { diagnostics } of found) for (const one of diagnostics) expectSafe(formatDiagnostic(one));
        const errors = found.filter(({ diagnostics }) => diagnostics.some(isError));
        if (errors.length > 0) expectSafe(new EnvironmentError(errors).message);
        else {
          hostile = candidate;
          accepted++;
        }
      }
      for (const { file, report, warnings } of synthesize([hostile], join(folder, "out"))) {
        const json = readFileSync(file, "utf8");
        expect(json).not.toMatch(UNSEEN);
        expect(() => JSON.parse(json) as unknown).not.toThrow();
        expectInert(readFileSync(report, "utf8"));
        warnings.forEach(expectSafe);
      }
      const page = await renderPage(text, reportEnvironment(regionalEnvironments(hostile)[0]!));
      expect(page).not.toMatch(UNSEEN);
      expect(page).not.toMatch(/<(?:script|img|iframe)[\s>]/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(accepted).toBeGreaterThan(100);
  expect(accepted).toBeLessThan(paths.length * HOSTILE_TEXTS.length * 0.5);
});
