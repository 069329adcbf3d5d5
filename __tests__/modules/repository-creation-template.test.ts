import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { RepositoryCreationTemplate, RepositoryCreationTemplateProps } from "../../modules";
import { onlyResource, synth } from "../helpers/synth";

const registry = { accountId: "111122223333", region: "us-east-1" };
const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const customRoleArn = "arn:aws:iam::111122223333:role/EcrRepositoryCreation";
const aes: RepositoryCreationTemplateProps = { registry, prefix: "prod", encryption: { type: "AES256" } };

function templateOf(props: RepositoryCreationTemplateProps) {
  return onlyResource(
    synth((stack) => new RepositoryCreationTemplate(stack, "template", props)),
    "aws_ecr_repository_creation_template",
  );
}

const UNTAGGED_30_DAYS = {
  rules: [
    {
      rulePriority: 1,
      description: expect.any(String) as string,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};

describe("RepositoryCreationTemplate", () => {
  test("is safe with the least that it needs, and says nothing that was not asked for", () => {
    const { lifecycle_policy, ...rest } = templateOf({
      registry,
      prefix: "prod",
      encryption: { type: "KMS", keyArn },
      customRoleArn,
    });
    expect(rest).toEqual({
      prefix: "prod",
      applied_for: ["PULL_THROUGH_CACHE"],
      custom_role_arn: customRoleArn,
      encryption_configuration: [{ encryption_type: "KMS", kms_key: keyArn }],
      image_tag_mutability: "IMMUTABLE_WITH_EXCLUSION",
      image_tag_mutability_exclusion_filter: [{ filter: "latest", filter_type: "WILDCARD" }],
    });
    expect(JSON.parse(lifecycle_policy as string)).toEqual(UNTAGGED_30_DAYS);
  });

  test("needs no role without key and tags", () => {
    const { lifecycle_policy: _, ...rest } = templateOf(aes);
    expect(rest).toEqual({
      prefix: "prod",
      applied_for: ["PULL_THROUGH_CACHE"],
      encryption_configuration: [{ encryption_type: "AES256" }],
      image_tag_mutability: "IMMUTABLE_WITH_EXCLUSION",
      image_tag_mutability_exclusion_filter: [{ filter: "latest", filter_type: "WILDCARD" }],
    });
  });

  test("takes every setting", () => {
    const { repository_policy, ...rest } = templateOf({
      registry,
      prefix: "ROOT",
      description: "everything else",
      appliedFor: ["REPLICATION", "PULL_THROUGH_CACHE", "REPLICATION"],
      imageTagMutability: "IMMUTABLE",
      encryption: { type: "AES256" },
      lifecycle: [],
      access: { pull: [{ role: "ECRDeveloperRole" }] },
      resourceTags: { team: "platform" },
      customRoleArn,
    });
    expect(rest).toEqual({
      prefix: "ROOT",
      description: "everything else",
      applied_for: ["PULL_THROUGH_CACHE", "REPLICATION"],
      custom_role_arn: customRoleArn,
      encryption_configuration: [{ encryption_type: "AES256" }],
      image_tag_mutability: "IMMUTABLE",
      resource_tags: { team: "platform" },
    });
    expect(JSON.parse(repository_policy as string)).toMatchObject({
      Statement: [{ Effect: "Allow", Principal: { AWS: expect.anything() as unknown } }],
    });
    expect(repository_policy).not.toContain("Resource");
  });

  test("passes values through that only Terraform knows", () => {
    const json = synth((stack) => {
      const key = new KmsKey(stack, "key");
      new RepositoryCreationTemplate(stack, "template", {
        registry: { accountId: key.id, region: key.region },
        prefix: key.keyId,
        description: key.description,
        encryption: { type: "KMS", keyArn: key.arn },
        access: { pull: [{ arn: key.arn }] },
        resourceTags: { key: key.id },
        customRoleArn: key.policy,
        imageTagMutability: { type: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters: [key.keyId] },
      });
    });
    expect(onlyResource(json, "aws_ecr_repository_creation_template")).toMatchObject({
      prefix: "${aws_kms_key.key.key_id}",
      description: "${aws_kms_key.key.description}",
      encryption_configuration: [{ encryption_type: "KMS", kms_key: "${aws_kms_key.key.arn}" }],
      repository_policy: expect.stringContaining('"${aws_kms_key.key.arn}"') as string,
      resource_tags: { key: "${aws_kms_key.key.id}" },
      custom_role_arn: "${aws_kms_key.key.policy}",
      image_tag_mutability_exclusion_filter: [{ filter: "${aws_kms_key.key.key_id}", filter_type: "WILDCARD" }],
    });
  });

  test("leaves IAM's own variables to IAM", () => {
    const { repository_policy } = templateOf({
      ...aes,
      access: {
        statements: [
          {
            sid: "SameTeam",
            principals: [{ account: "444455556666" }],
            actions: ["ecr:BatchGetImage"],
            conditions: { StringEquals: { "aws:ResourceTag/team": ["${aws:PrincipalTag/team}"] } },
          },
        ],
      },
    });
    expect(repository_policy).toContain("$${aws:PrincipalTag/team}");
  });

  test.each([
    [{ encryption: { type: "KMS" } }, ["encryption.keyArn", "customRoleArn"]],
    [{ encryption: { type: "KMS", keyArn } }, ["customRoleArn"]],
    [{ encryption: { type: "AES256" }, resourceTags: { team: "a" } }, ["customRoleArn"]],
    [{ encryption: { type: "KMS", keyArn: "alias/x" }, customRoleArn }, ["encryption.keyArn"]],
    [{ encryption: { type: "AES256" }, prefix: "/prod" }, ["prefix"]],
    [{ encryption: { type: "AES256" }, description: "x".repeat(256) }, ["description"]],
    [{ encryption: { type: "AES256" }, appliedFor: [] }, ["appliedFor"]],
    [{ encryption: { type: "AES256" }, appliedFor: ["PUSH"] }, ["appliedFor.0"]],
  ])("refuses %j", (change, places) => {
    const props = { registry, prefix: "prod", ...change } as RepositoryCreationTemplateProps;
    expect(() => templateOf(props)).toThrow(
      expect.objectContaining({
        diagnostics: places.map((place) => expect.objectContaining({ path: pathOf(place) }) as object),
      }),
    );
  });

  test("allows a description of 255 characters", () => {
    expect(templateOf({ ...aes, description: "x".repeat(255) })).toMatchObject({ description: "x".repeat(255) });
  });
});

function pathOf(place: string) {
  return place.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
