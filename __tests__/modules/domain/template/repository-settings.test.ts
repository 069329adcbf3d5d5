import { checkImageTagMutability, ImageTagMutability } from "../../../../modules/domain/template/image-tag-mutability";
import { checkRegistryScanning, scanningFilters } from "../../../../modules/domain/registry/registry-scanning";
import {
  checkRepositoryEncryption,
  RepositoryEncryption,
} from "../../../../modules/domain/template/repository-encryption";
import { checkResourceTags, ResourceTags } from "../../../../modules/domain/naming/resource-tags";

const scope = { accountId: "111122223333", region: "us-east-1" };

describe("checkImageTagMutability", () => {
  const withFilters = (exclusionFilters: unknown): ImageTagMutability =>
    ({ type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters }) as ImageTagMutability;

  test.each([
    "MUTABLE",
    "IMMUTABLE",
    "${var.mutability}",
    withFilters(["latest"]),
    withFilters(["a", "b", "c", "d", "e"]),
    withFilters(["*-nightly-*", "x".repeat(128), "${var.tag}"]),
    { type: "MUTABLE_WITH_EXCLUSION", exclusionFilters: ["v*"] },
  ] as ImageTagMutability[])("accepts %j", (mutability) => {
    expect(checkImageTagMutability(mutability, [])).toEqual([]);
  });

  test("says how to name the exempt tags", () => {
    expect(checkImageTagMutability("IMMUTABLE_WITH_EXCLUSION" as "IMMUTABLE", ["imageTagMutability"])).toEqual([
      {
        severity: "error",
        path: ["imageTagMutability"],
        message: "must be a tag mutability",
        value: "IMMUTABLE_WITH_EXCLUSION",
        fix: 'name the tags that are exempt: { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: ["latest"] }',
      },
    ]);
  });

  test.each([
    ["immutable", [[]]],
    [{ type: "IMMUTABLE", exclusionFilters: ["latest"] }, [["type"]]],
    [withFilters([]), [["exclusionFilters"]]],
    [withFilters(undefined), [["exclusionFilters"]]],
    [withFilters(["a", "b", "c", "d", "e", "f"]), [["exclusionFilters"]]],
    [withFilters(["latest", "", "a b", "x".repeat(129), "***"]), [1, 2, 3, 4].map((i) => ["exclusionFilters", i])],
  ])("refuses %j", (mutability, paths) => {
    expect(checkImageTagMutability(mutability as ImageTagMutability, []).map(({ path }) => path)).toEqual(paths);
  });
});

describe("checkRepositoryEncryption", () => {
  const key = "key/1234abcd-12ab-34cd-56ef-1234567890ab";

  test.each([
    { type: "AES256" },
    { type: "KMS" },
    { type: "KMS", keyArn: `arn:aws:kms:us-east-1:444455556666:${key}` },
    { type: "KMS", keyArn: "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab" },
    { type: "KMS", keyArn: "${aws_kms_key.key.arn}" },
  ] as RepositoryEncryption[])("accepts %j", (encryption) => {
    expect(checkRepositoryEncryption(encryption, scope, [])).toEqual([]);
  });

  test.each(["alias/ecr", "arn:aws:kms:us-east-1:111122223333:alias/ecr", "1234abcd-12ab-34cd-56ef-1234567890ab", ""])(
    "refuses %j, which a template cannot take for a key",
    (keyArn) => {
      expect(checkRepositoryEncryption({ type: "KMS", keyArn }, scope, ["encryption"])).toEqual([
        {
          severity: "error",
          path: ["encryption", "keyArn"],
          message: "must be the full ARN of a KMS key, not an alias or a key id",
          value: keyArn,
          fix: 'write e.g. "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
        },
      ]);
    },
  );

  test("refuses a key of another region", () => {
    const keyArn = `arn:aws:kms:eu-west-1:111122223333:${key}`;
    expect(checkRepositoryEncryption({ type: "KMS", keyArn }, scope, ["encryption"])).toEqual([
      {
        severity: "error",
        path: ["encryption", "keyArn"],
        message: "must be in the registry's region us-east-1, but is in eu-west-1",
        value: keyArn,
        fix: "name a key in us-east-1; a multi-Region key has a replica ARN there",
        code: "key-elsewhere",
      },
    ]);
  });

  test("refuses a type that it does not know", () => {
    expect(
      checkRepositoryEncryption({ type: "SSE" } as unknown as RepositoryEncryption, scope, ["encryption"]),
    ).toEqual([
      {
        severity: "error",
        path: ["encryption", "type"],
        message: 'must be "KMS" or "AES256"',
        value: "SSE",
        fix: 'write { type: "KMS" } for a customer key, or { type: "AES256" }',
      },
    ]);
  });
});

describe("checkRegistryScanning", () => {
  test.each([
    {},
    { type: "BASIC", frequency: "SCAN_ON_PUSH" },
    { type: "ENHANCED", frequency: "CONTINUOUS_SCAN" },
    { additionalFilters: ["*", "team-a/*", "a".repeat(255), "${var.filter}"] },
  ] as const)("accepts %j", (scanning) => {
    expect(checkRegistryScanning(scanning, ["prod"], [])).toEqual([]);
  });

  test.each([
    [{ type: "FULL" }, [["type"]]],
    [{ frequency: "MANUAL" }, [["frequency"]]],
    [{ frequency: "CONTINUOUS_SCAN" }, [["frequency"]]],
    [{ additionalFilters: ["Team/*", "a".repeat(256), ""] }, [0, 1, 2].map((i) => ["additionalFilters", i])],
  ])("refuses %j", (scanning, paths) => {
    expect(checkRegistryScanning(scanning as object, [], []).map(({ path }) => path)).toEqual(paths);
  });

  test("allows 100 filters, those of the prefixes included, and no more", () => {
    const additionalFilters = Array.from({ length: 99 }, (_, i) => `team-${i}/*`);
    expect(checkRegistryScanning({ additionalFilters }, ["prod"], [])).toEqual([]);
    expect(checkRegistryScanning({ additionalFilters }, ["prod", "dev"], [])).toHaveLength(1);
  });
});

describe("scanningFilters", () => {
  test("sorts, and repeats nothing", () => {
    expect(scanningFilters({ additionalFilters: ["app/*", "prod/*"] }, ["prod", "dev"])).toEqual([
      "app/*",
      "dev/*",
      "prod/*",
    ]);
  });

  test.each([
    [["ROOT", "prod"], []],
    [["prod"], ["*"]],
  ])("needs nothing beside everything", (prefixes, additionalFilters) => {
    expect(scanningFilters({ additionalFilters }, prefixes)).toEqual(["*"]);
  });
});

describe("checkResourceTags", () => {
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));

  test.each<ResourceTags>([
    {},
    { "cost centre": "a/b:c@d" },
    { ["k".repeat(128)]: "v".repeat(256) },
    { équipe: "" },
    { k: "${var.v}" },
  ])("accepts %j", (value) => {
    expect(checkResourceTags(value, [])).toEqual([]);
  });

  test.each<ResourceTags>([
    { "": "v" },
    { ["k".repeat(129)]: "v" },
    { "aws:team": "v" },
    { "AWS:team": "v" },
    { "a?": "v" },
    { k: "v".repeat(257) },
    { k: "a?" },
    { k: 1 as unknown as string },
  ])("refuses %j", (value) => {
    expect(checkResourceTags(value, ["tags"])).toHaveLength(1);
  });

  test("allows 50 tags and no more", () => {
    expect(checkResourceTags(tags(50), [])).toEqual([]);
    expect(checkResourceTags(tags(51), ["tags"])).toEqual([
      { severity: "error", path: ["tags"], message: "must be at most 50 tags, but are 51", fix: "remove some" },
    ]);
  });
});
