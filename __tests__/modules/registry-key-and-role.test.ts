import { RegistryKey, RegistryPolicy, RepositoryCreationTemplateRole } from "../../modules";
import { onlyResource, synth } from "../helpers/synth";

const registry = { accountId: "111122223333", region: "eu-west-1" };
const OWNER = { AWS: "arn:aws:iam::111122223333:root" };

function parsed(text: unknown) {
  return JSON.parse(text as string) as { Statement: Record<string, unknown>[] };
}

describe("RegistryKey", () => {
  test("rotates, can be restored for 30 days, and is found by its alias", () => {
    const json = synth((stack) => new RegistryKey(stack, "key", { registry }));
    const { policy, ...key } = onlyResource(json, "aws_kms_key");
    expect(key).toEqual({
      description: "Images that ECR caches from upstream registries",
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      // The provider of the stack is in us-east-1.
      region: "eu-west-1",
    });
    expect(parsed(policy).Statement).toMatchObject([{ Effect: "Allow", Principal: OWNER, Action: "kms:*" }]);
    expect(parsed(policy).Statement).toHaveLength(1);
    expect(onlyResource(json, "aws_kms_alias")).toEqual({
      name: "alias/ecr-pull-through-cache",
      target_key_id: "${aws_kms_key.key_FEDD6EC0.key_id}",
      region: "eu-west-1",
    });
  });

  test("lets the role that creates repositories use it, and takes the rest of its props", () => {
    const json = synth((stack) => {
      const role = new RepositoryCreationTemplateRole(stack, "role", { registry });
      const templateRoleArn = role.roleArn;
      new RegistryKey(stack, "key", {
        registry,
        templateRoleArn,
        alias: "own",
        deletionWindowInDays: 7,
        tags: { a: "b" },
      });
    });
    const { policy, ...key } = onlyResource(json, "aws_kms_key");
    expect(key).toMatchObject({ deletion_window_in_days: 7, tags: { a: "b" } });
    expect(onlyResource(json, "aws_kms_alias")).toMatchObject({ name: "alias/own" });
    expect(parsed(policy).Statement[1]).toMatchObject({
      Effect: "Allow",
      Principal: { AWS: expect.stringMatching(/^\$\{aws_iam_role\.role_\w+\.arn\}$/) },
      Action: ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
    });
  });
});

describe("RepositoryCreationTemplateRole", () => {
  test("trusts ECR, and can do nothing until it is allowed", () => {
    const json = synth((stack) => new RepositoryCreationTemplateRole(stack, "role", { registry }));
    const { assume_role_policy, ...role } = onlyResource(json, "aws_iam_role");
    expect(role).toEqual({
      name: "EcrRepositoryCreation-eu-west-1",
      description: "ECR creates repositories with it, from repository creation templates",
    });
    expect(parsed(assume_role_policy).Statement).toMatchObject([
      { Effect: "Allow", Principal: { Service: "ecr.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(json.resource).not.toHaveProperty("aws_iam_role_policy");
  });

  test("may create, tag and replicate under the prefixes, and use the keys", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const json = synth((stack) => {
      const props = {
        registry,
        name: "Creator",
        permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/B",
        tags: { a: "b" },
      };
      const role = new RepositoryCreationTemplateRole(stack, "role", props);
      role.allow({ prefixes: ["prod", "ROOT"], kmsKeyArns: [kmsKeyArn], tags: true, replication: true });
    });
    expect(onlyResource(json, "aws_iam_role")).toMatchObject({
      name: "Creator",
      permissions_boundary: "arn:aws:iam::111122223333:policy/B",
      tags: { a: "b" },
    });
    const { policy, role } = onlyResource(json, "aws_iam_role_policy");
    expect(role).toMatch(/^\$\{aws_iam_role\.role_\w+\.name\}$/);
    expect(parsed(policy).Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"],
        "arn:aws:ecr:eu-west-1:111122223333:repository/*",
      ],
      [["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"], kmsKeyArn],
    ]);
  });
});

test("RegistryPolicy writes the document that it is given", () => {
  const document = {
    Version: "2012-10-17",
    Statement: [{ Sid: "A", Effect: "Allow", Principal: "*", Action: ["ecr:ReplicateImage"], Resource: ["*"] }],
  } as const;
  const json = synth((stack) => new RegistryPolicy(stack, "policy", { document }));
  expect(parsed(onlyResource(json, "aws_ecr_registry_policy").policy)).toMatchObject({ Statement: [{ Sid: "A" }] });
});
