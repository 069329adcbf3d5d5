import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatDiagnostic, isError } from "../../modules";
import { checkEnvironments, Environment, regionalEnvironments, synthesize } from "../../stacks";

const prod: Environment = {
  name: "prod",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "s3", bucket: "state", region: "us-east-1" },
  tags: { team: "platform" },
  caches: [{ upstream: "quay" }],
  repositories: { imageTagMutability: "IMMUTABLE" },
};

function problemsOf(...environments: Environment[]): string[] {
  return checkEnvironments(environments).flatMap(({ environment, diagnostics }) =>
    diagnostics.filter(isError).map((problem) => `${environment}: ${formatDiagnostic(problem)}`),
  );
}

describe("additionalRegions", () => {
  test("an environment without any is one stack of its own name", () => {
    expect(regionalEnvironments(prod)).toEqual([prod]);
  });

  test("each becomes a stack of its own, joined tags and repositories, everything else replaced", () => {
    const differences = {
      tags: { region: "europe" },
      repositories: { encryption: { type: "AES256" as const } },
      caches: [{ upstream: "k8s" as const }],
    };
    const stacks = regionalEnvironments({ ...prod, additionalRegions: { "eu-west-1": differences, "eu-west-2": {} } });
    expect(stacks).toEqual([
      prod,
      {
        ...prod,
        name: "prod-eu-west-1",
        region: "eu-west-1",
        tags: { team: "platform", region: "europe" },
        repositories: { imageTagMutability: "IMMUTABLE", encryption: { type: "AES256" } },
        caches: [{ upstream: "k8s" }],
      },
      { ...prod, name: "prod-eu-west-2", region: "eu-west-2" },
    ]);
  });

  test("are written as stacks with a provider, a state and roles of their own, and leave the first as it was", () => {
    const folder = mkdtempSync(join(tmpdir(), "ecr-regions-"));
    try {
      const before = readFileSync(synthesize([prod], join(folder, "one"))[0]!.file, "utf8");
      const written = synthesize([{ ...prod, additionalRegions: { "eu-west-1": {} } }], join(folder, "two"));
      expect(written.map(({ name }) => name)).toEqual(["prod", "prod-eu-west-1"]);
      expect(readFileSync(written[0]!.file, "utf8")).toBe(before);
      const { provider, terraform, resource } = JSON.parse(readFileSync(written[1]!.file, "utf8"));
      expect(provider.aws).toEqual([{ region: "eu-west-1", allowed_account_ids: ["111122223333"] }]);
      expect(terraform.backend.s3.key).toBe("ecr-pull-through-cache/prod-eu-west-1.tfstate");
      const names = Object.values<{ name: string }>(resource.aws_iam_role).map(({ name }) => name);
      expect(names).toEqual(["EcrRepositoryCreation-eu-west-1"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("are checked each by itself: what is inherited says in which region it is wrong", () => {
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const wrong: Environment = {
      ...prod,
      repositories: { encryption: { type: "KMS", keyArn } },
      additionalRegions: { "eu-west-1": { caches: [{ upstream: "quay", prefix: "Quay" }] }, mars: {}, "us-east-1": {} },
    };
    expect(problemsOf(wrong)).toEqual([
      expect.stringMatching(/^prod: additionalRegions\.eu-west-1\.caches\[0\]\.prefix must be lower-case/),
      expect.stringMatching(/^prod: repositories\.encryption\.keyArn must be in .*\(in eu-west-1\), got "arn/),
      expect.stringMatching(/^prod: additionalRegions\.mars must be the name of an AWS region, got "mars"/),
      expect.stringMatching(/^prod: repositories\.encryption\.keyArn .*\(in mars\), got "arn/),
      expect.stringMatching(/^prod: additionalRegions\.us-east-1 must not be the environment's own region/),
    ]);
  });

  test("are in the partition of the environment's own Region", () => {
    const gov = { ...prod, region: "us-gov-west-1" };
    expect(problemsOf({ ...gov, additionalRegions: { "us-gov-east-1": {} } })).toEqual([]);
    expect(problemsOf({ ...gov, additionalRegions: { "us-west-2": {}, "cn-north-1": {} } })).toEqual([
      expect.stringMatching(/^prod: additionalRegions\.us-west-2 must be in the partition aws-us-gov of us-gov-west-1/),
      expect.stringMatching(/^prod: additionalRegions\.cn-north-1 must be in the partition aws-us-gov/),
    ]);
  });

  test("cannot make two stacks of one name", () => {
    const europe = { ...prod, name: "prod-eu-west-1", accountId: "444455556666" };
    expect(problemsOf(europe, { ...prod, additionalRegions: { "eu-west-1": {} } })).toEqual([
      expect.stringMatching(/^prod: additionalRegions\S+ must not become a stack of the same name as another environm/),
    ]);
  });
});

describe("the state's place", () => {
  test.each<[Environment["backend"]]>([
    [{ type: "local", path: "one.tfstate" }],
    [{ type: "s3", bucket: "state", region: "us-east-1", key: "one" }],
    [{ type: "cloud", organization: "example", workspace: "one" }],
  ])("%j is refused for two stacks", (backend) => {
    expect(problemsOf({ ...prod, backend, additionalRegions: { "eu-west-1": {} } })).toEqual([
      expect.stringMatching(
        /^prod: additionalRegions\S+backend must not keep its state where the stack prod keeps its/,
      ),
    ]);
    expect(problemsOf({ ...prod, backend }, { ...prod, name: "qa", accountId: "444455556666", backend })).toEqual([
      expect.stringMatching(/^qa: backend must not keep its state where the stack prod keeps its own, got/),
    ]);
  });

  test.each([
    ["x.tfstate", "./x.tfstate"],
    ["b", "a/../b"],
    ["terraform.prod.tfstate", undefined],
  ])("in a local file is the same however its path is written: %s and %s", (path, other) => {
    const local = (name: string, accountId: string, file?: string): Environment => {
      return { ...prod, name, accountId, backend: { type: "local", path: file } };
    };
    expect(problemsOf(local("prod", "111122223333", other), local("qa", "444455556666", path))).toEqual([
      expect.stringMatching(/^qa: backend must not keep its state where the stack prod keeps its own, got/),
    ]);
  });

  test("in S3 is another under another key, however alike", () => {
    const s3 = (name: string, accountId: string, key: string): Environment => {
      return { ...prod, name, accountId, backend: { type: "s3", bucket: "state", region: "us-east-1", key } };
    };
    expect(problemsOf(s3("prod", "111122223333", "a/../b"), s3("qa", "444455556666", "b"))).toEqual([]);
  });

  test("can be chosen at each run, among workspaces with tags", () => {
    const backend = { type: "cloud" as const, organization: "example", workspaceTags: ["ecr"] };
    expect(problemsOf({ ...prod, backend, additionalRegions: { "eu-west-1": {} } })).toEqual([]);
  });
});
