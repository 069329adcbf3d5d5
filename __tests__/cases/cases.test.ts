import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  explainPull,
  formatDiagnostic,
  lifecycleWarnings,
  parseLifecyclePolicy,
  Registry,
  registryErrors,
  registryPolicy,
  registryWarnings,
} from "../../modules";
import { EnvironmentFileError, parseEnvironments, regionalEnvironments } from "../../stacks";

const HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const credential = { type: "new-secret" } as const;
const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [
    { upstream: "docker-hub", credential },
    { upstream: "k8s" },
    { upstream: "github-container-registry", credential },
  ],
};

function read(file: string): string {
  return readFileSync(join(__dirname, file), "utf8");
}

function environmentOf(file: string): Registry {
  return regionalEnvironments(parseEnvironments(read(file), file)[0]!)[0]!;
}

/** The images of a file, without what stands behind them. */
function imagesOf(file: string): string[] {
  return read(file)
    .split("\n")
    .map((line) => line.trim().split(/\s/)[0]!)
    .filter((name) => name !== "");
}

function explained(name: string) {
  const found = explainPull(name, registry);
  return "pulls" in found
    ? found.pulls.map(({ uri, notes }) => ({ uri, notes }))
    : found.diagnostics.map(({ fix }) => fix);
}

/** Everything that is wrong with the only environment of a file, in whatever step it is found. */
function errorsOf(file: string): string[] {
  try {
    return registryErrors(environmentOf(file)).map(formatDiagnostic);
  } catch (error) {
    if (error instanceof EnvironmentFileError) return [...error.problems];
    throw error;
  }
}

describe("inputs that gave a wrong answer", () => {
  test("01: the official image lacks library/", () => {
    expect(imagesOf("01-own-uri-without-library.txt").map(explained)).toEqual([
      [`write "${HOST}/docker-hub/library/nginx:1.27"`],
    ]);
  });

  test("01b: the same in a workload is a warning", () => {
    const warnings = registryWarnings(environmentOf("01b-workload-own-uri-without-library.yaml"));
    expect(warnings.filter(({ code }) => code === "image-not-served")).toEqual([
      expect.objectContaining({
        path: ["workloads", 0, "images", 0],
        effect: "ECR answers 403 Forbidden: the pull fails",
        fix: `write "${HOST}/docker-hub/library/nginx:1.27"`,
      }),
    ]);
  });

  test("02: a prefix that is the name of a repository is refused, with the way to write it", () => {
    expect(errorsOf("02-registry-statement-for-one-repository.yaml")).toEqual([
      expect.stringMatching(
        /c11: registryPolicy\.statements\[0\]\.prefixes\[0\] must not be the name of a repository.*; write repositories: \["quay\/prometheus\/node-exporter"\]$/,
      ),
    ]);
  });

  test("03: a pattern is refused as a prefix, with the way to write it", () => {
    expect(errorsOf("03-registry-statement-by-name-pattern.yaml")).toEqual([
      '03-registry-statement-by-name-pattern.yaml:7:136 d02: registryPolicy.statements[0].prefixes[0] must be a prefix, which has no \'*\', got "prod-*"; write repositories: ["prod-*"] for names that match',
    ]);
  });

  test("02 and 03 as they are to be written", () => {
    const statement = { sid: "A", principals: [{ role: "ci" }], actions: ["ecr:ReplicateImage"] as const };
    const repositories = ["quay/prometheus/node-exporter", "prod-*"];
    expect(registryPolicy(registry, { statements: [{ ...statement, repositories }] })!.Statement[0]!.Resource).toEqual([
      "arn:aws:ecr:us-east-1:111122223333:repository/prod-*",
      "arn:aws:ecr:us-east-1:111122223333:repository/quay/prometheus/node-exporter",
    ]);
  });

  test("05: a list that means AND is a warning, with a recipe", () => {
    const parsed = parseLifecyclePolicy(read("05-lifecycle-list-means-and.json"));
    if ("diagnostics" in parsed) throw new Error("it is valid");
    const warning = {
      code: "lifecycle-list-means-and",
      severity: "warning",
      fix: expect.stringContaining("ruleForEachTag"),
    };
    expect(lifecycleWarnings(parsed.policy)).toEqual([expect.objectContaining(warning)]);
    const warnings = registryWarnings({ ...registry, repositories: { lifecycle: parsed.policy.rules } });
    expect(warnings.filter(({ code }) => code === "lifecycle-list-means-and")).toHaveLength(1);
  });

  test.each([
    ["06-lifecycle-prefix-with-star.json", /must not contain '\*'.*; write "v", or write tagPatternList: \["v\*"\]$/],
    ["07-lifecycle-empty-prefix.json", /write e\.g\. tagPatternList: \["v\*"\], or \["\*"\] for every tagged image$/],
    ["08-lifecycle-comment-wrong-place.json", /^must be JSON: line 2, column 14 is a comment; /],
  ])("%s is refused", (file, message) => {
    const parsed = parseLifecyclePolicy(read(file));
    expect("diagnostics" in parsed && parsed.diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test.each(["09-lifecycle-cli-output.json", "10-lifecycle-bare-list.json"])("%s is read", (file) => {
    expect(parseLifecyclePolicy(read(file))).toEqual({
      policy: {
        rules: [
          {
            rulePriority: 1,
            selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 3 },
            action: { type: "expire" },
          },
        ],
      },
    });
  });

  test("11: the message says how to allow HealthOmics", () => {
    expect(errorsOf("11-service-as-puller.yaml")).toEqual([
      expect.stringMatching(/c09: pullers\[2\] .*such as HealthOmics, add withoutConditions: true$/),
    ]);
  });

  test("13: the message says where a permissions boundary is set", () => {
    expect(errorsOf("13-permissions-boundary.yaml")).toEqual([
      expect.stringMatching(
        /repositories\.permissionsBoundaryArn is not a known field; write it for all roles of the environment/,
      ),
    ]);
  });

  test("14: other names of an upstream are explained as what they stand for", () => {
    expect(imagesOf("14-image-aliases.txt").map(explained)).toEqual(
      [
        ["kubernetes/pause:3.9", "k8s.gcr.io is the old name of registry.k8s.io"],
        ["docker-hub/library/python:3.11", "mirror.gcr.io is a mirror of docker.io"],
        ["github/linuxserver/sonarr:latest", "lscr.io is another name of ghcr.io"],
        ["docker-hub/library/nginx:1.25", "registry.hub.docker.com is another name of docker.io"],
        ["docker-hub/grafana/grafana:11.0.0", "hub.docker.com/r is a web address, and the image is one of docker.io"],
      ].map(([name, note]) => [{ uri: `${HOST}/${name!}`, notes: [note] }]),
    );
  });

  test("15: other hosts of the registry are understood, or answered with the name to write", () => {
    const uri = `${HOST}/docker-hub/library/nginx:1.27`;
    expect(imagesOf("15-own-registry-other-hosts.txt").map(explained)).toEqual([
      [{ uri, notes: [expect.stringContaining("the FIPS endpoint does not import images")] }],
      [{ uri, notes: undefined }],
      [`write "${uri}"`],
      [`write "${uri}"`],
    ]);
  });
});
