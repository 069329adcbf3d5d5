import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EnvironmentError,
  EnvironmentFileError,
  loadEnvironments,
  loadEnvironmentsFolder,
  synthesize,
} from "../../stacks";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ecr-files-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, ...environments: object[]): string {
  const base = { accountId: "111122223333", backend: { type: "local" }, caches: [{ upstream: "quay" }] };
  const all = environments.map((environment) => `  - ${JSON.stringify({ ...base, ...environment })}\n`);
  return writeText(file, `environments:\n${all.join("")}`);
}

function writeText(file: string, text: string): string {
  writeFileSync(join(folder, file), text);
  return join(folder, file);
}

/** The lines of the error, with the folder's name cut off. */
function problemsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof EnvironmentFileError) return error.problems.map((line) => line.replaceAll(`${folder}/`, ""));
    throw error;
  }
}

describe("loadEnvironmentsFolder", () => {
  test("reads the files in the order of their names, and none where there is no folder", () => {
    write("b.yaml", { name: "b", region: "us-east-1" });
    write("a.json", { name: "a", region: "eu-west-1" });
    writeText("notes.txt", "not read");
    expect(loadEnvironmentsFolder(folder).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(loadEnvironmentsFolder(join(folder, "none"))).toEqual([]);
  });

  test("lists the problems of all files at once, under the folder's name", () => {
    writeText("a.yaml", "environments: [");
    write("b.yaml", { name: "b", region: "mars" }, { name: "b2", region: "us-east-1", colour: "red" });
    mkdirSync(join(folder, "c.yaml"));
    const load = () => loadEnvironmentsFolder(folder);
    expect(load).toThrow(`Nothing was read from ${folder}: 4 problems to fix.`);
    expect(problemsOf(load)).toEqual([
      expect.stringMatching(/^a\.yaml:1:16 Flow sequence/),
      "c.yaml cannot be read: it is a folder",
      expect.stringMatching(/^b\.yaml:2:\d+ b: region must be the name of an AWS region/),
      expect.stringMatching(/^b\.yaml:3:\d+ b2: colour is not a known field/),
    ]);
  });

  test("finds what is wrong between two files, beside what is wrong in one", () => {
    write("a.yaml", { name: "a", region: "us-east-1" });
    write("b.yaml", { name: "a", region: "eu-west-1" }, { name: "b", region: "us-east-1", scanning: "unmanaged" });
    write("c.yaml", { name: "c", region: "mars" });
    expect(problemsOf(() => loadEnvironmentsFolder(folder))).toEqual([
      expect.stringMatching(/^b\.yaml:2:\d+ a: name must not be the name of another environment, got "a"/),
      expect.stringMatching(
        /^b\.yaml:3:5 b: repositories\.customRoleArn must not create the role EcrRepositoryCreation-us/,
      ),
      expect.stringMatching(/^b\.yaml:3:5 b: repositories\.encryption must not create the key with the alias/),
      expect.stringMatching(/^b\.yaml:3:\d+ b: caches\[0\]\.prefix overlaps the cache "quay" of a/),
      expect.stringMatching(/^c\.yaml:2:\d+ c: region must be/),
    ]);
  });

  test("refuses a file in the place of the folder", () => {
    const file = writeText("environments", "");
    expect(problemsOf(() => loadEnvironmentsFolder(file))).toEqual(["environments cannot be read: it is no folder"]);
  });
});

test("a file that is not there, or is a folder, is a mistake like any other", () => {
  expect(problemsOf(() => loadEnvironments(join(folder, "none.yaml")))).toEqual([
    "none.yaml cannot be read: there is no such file",
  ]);
  mkdirSync(join(folder, "a.yaml"));
  expect(problemsOf(() => loadEnvironments(join(folder, "a.yaml")))).toEqual(["a.yaml cannot be read: it is a folder"]);
});

describe("an environment that was read from a file", () => {
  test("is named with its place when it is found to clash with one from elsewhere", () => {
    const [a] = loadEnvironments(write("a.yaml", { name: "a", region: "us-east-1" }));
    const [b] = loadEnvironments(write("b.yaml", { region: "eu-west-1", name: "a" }));
    const clash = () => synthesize([a!, b!], join(folder, "out"));
    expect(clash).toThrow(EnvironmentError);
    expect(clash).toThrow(/\na:\n {2}- \S+\/b\.yaml:2:\d+ name must not be the name of another environment, got "a"; /);
  });

  if (process.env.ENGINE !== "cdktn") {
    test("is so too when the engine's provider cannot do what it asks for", () => {
      const templates = [{ prefix: "app", appliedFor: ["CREATE_ON_PUSH"] }];
      const own = { name: "a", region: "us-east-1", templates, additionalRegions: { "eu-west-1": {} } };
      const environments = loadEnvironments(write("a.yaml", own));
      expect(() => synthesize(environments, join(folder, "out"))).toThrow(
        /\na:\n {2}- \S+\/a\.yaml:2:\d+ templates\[0\]\.appliedFor must not hold[^]*\na-eu-west-1:\n {2}- \S+\/a\.yaml:2:\d+ addit/,
      );
    });
  }
});
