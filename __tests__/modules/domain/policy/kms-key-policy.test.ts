import { checkKmsKeyPolicy, kmsKeyPolicy, KmsKeyUsers, renderPolicyDocument } from "../../../../modules/domain/policy";

const SCOPE = { accountId: "111122223333", region: "us-east-1" };
const ACCOUNT =
  '{"Sid":"EnableIAMUserPermissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},' +
  '"Action":"kms:*","Resource":"*"}';

describe("kmsKeyPolicy", () => {
  function text(users: KmsKeyUsers): string {
    return renderPolicyDocument(kmsKeyPolicy(SCOPE, users));
  }

  test("leaves a key to the IAM policies of its account, as KMS does by default", () => {
    expect(text({})).toBe(`{"Version":"2012-10-17","Statement":[${ACCOUNT}]}`);
    expect(text({ templateRoleArn: undefined, administrators: [] })).toBe(text({}));
  });

  test("lets the template role create repositories with the key, and not use it itself", () => {
    expect(text({ templateRoleArn: "${TfToken[TOKEN.1]}" })).toBe(
      `{"Version":"2012-10-17","Statement":[${ACCOUNT},` +
        '{"Sid":"AllowCreationTemplateRole","Effect":"Allow","Principal":{"AWS":"${TfToken[TOKEN.1]}"},' +
        '"Action":["kms:CreateGrant","kms:DescribeKey","kms:RetireGrant"],"Resource":"*"}]}',
    );
  });

  test("lets administrators run the key, and neither use it nor grant its use", () => {
    expect(text({ administrators: [{ role: "KeyAdmin" }] })).toBe(
      `{"Version":"2012-10-17","Statement":[${ACCOUNT},` +
        '{"Sid":"AllowAdministrators","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::111122223333:role/KeyAdmin"},' +
        '"Action":["kms:CancelKeyDeletion","kms:CreateAlias","kms:DeleteAlias","kms:DescribeKey","kms:DisableKey",' +
        '"kms:DisableKeyRotation","kms:EnableKey","kms:EnableKeyRotation","kms:GetKeyPolicy",' +
        '"kms:GetKeyRotationStatus","kms:ListGrants","kms:ListKeyPolicies","kms:ListKeyRotations",' +
        '"kms:ListResourceTags","kms:PutKeyPolicy","kms:RevokeGrant","kms:RotateKeyOnDemand",' +
        '"kms:ScheduleKeyDeletion","kms:TagResource","kms:UntagResource","kms:UpdateAlias",' +
        '"kms:UpdateKeyDescription"],"Resource":"*"}]}',
    );
  });
});

describe("checkKmsKeyPolicy", () => {
  test("accepts a role by its ARN or as a token", () => {
    expect(checkKmsKeyPolicy(SCOPE, { templateRoleArn: "arn:aws:iam::111122223333:role/EcrTemplates" })).toEqual([]);
    expect(checkKmsKeyPolicy(SCOPE, { templateRoleArn: "${TfToken[TOKEN.1]}" })).toEqual([]);
    expect(checkKmsKeyPolicy(SCOPE, {})).toEqual([]);
  });

  test("finds every kind of mistake at its place", () => {
    const users: KmsKeyUsers = { templateRoleArn: "EcrTemplates", administrators: [{ everyone: true }] };
    expect(checkKmsKeyPolicy(SCOPE, users, ["key"])).toEqual([
      {
        severity: "error",
        path: ["key", "templateRoleArn"],
        message: "must be the ARN of an IAM role or user",
        value: "EcrTemplates",
        fix: 'write e.g. "arn:aws:iam::111122223333:role/deployer"',
      },
      expect.objectContaining({ path: ["key", "administrators", 0], message: "must not stand for every AWS account" }),
    ]);
  });

  test("accepts a policy of 32,768 characters and refuses one of 32,769", () => {
    const padded = (padding: number): KmsKeyUsers => ({
      administrators: [{ role: `${"p".repeat(padding)}/KeyAdmin` }],
    });
    const length = (padding: number) => renderPolicyDocument(kmsKeyPolicy(SCOPE, padded(padding))).length;
    const padding = 32_768 - length(0);
    expect(length(padding)).toBe(32_768);
    expect(checkKmsKeyPolicy(SCOPE, padded(padding))).toEqual([]);
    expect(checkKmsKeyPolicy(SCOPE, padded(padding + 1), ["key"])).toEqual([
      {
        severity: "error",
        path: ["key"],
        message: "must make a key policy of at most 32768 characters, but makes 32769",
        fix: "name fewer administrators",
      },
    ]);
  });
});
