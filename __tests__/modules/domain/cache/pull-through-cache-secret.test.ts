import {
  checkCredential,
  checkManagedSecret,
  checkSecretArn,
  Credential,
  secretVariableNames,
} from "../../../../modules/domain/cache/pull-through-cache-secret";

const scope = { accountId: "111122223333", region: "us-east-1" };
const arn = (name: string, region = "us-east-1", account = "111122223333") =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;

describe("checkSecretArn", () => {
  test.each([arn("ecr-pullthroughcache/docker-hub-Ab12Cd"), "${aws_secretsmanager_secret.hub.arn}"])(
    "accepts %s",
    (secretArn) => {
      expect(checkSecretArn(secretArn, scope, [])).toEqual([]);
    },
  );

  test.each([
    "",
    "docker-hub",
    arn("docker-hub-Ab12Cd"),
    arn("ecr-pullthroughcache/"),
    arn("ecr-pullthroughcache/a b"),
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    arn("ecr-pullthroughcache/docker-hub-Ab12Cd", "us-east-1", "1111"),
  ])("refuses %j for its shape", (secretArn) => {
    expect(checkSecretArn(secretArn, scope, ["secretArn"])).toEqual([
      {
        severity: "error",
        path: ["secretArn"],
        message: "must be the full ARN of a Secrets Manager secret whose name starts with ecr-pullthroughcache/",
        value: secretArn,
        fix: 'write e.g. "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf"',
      },
    ]);
  });

  test("allows 612 characters and no more", () => {
    const room = 612 - arn("ecr-pullthroughcache/").length;
    expect(checkSecretArn(arn(`ecr-pullthroughcache/${"a".repeat(room)}`), scope, [])).toEqual([]);
    expect(checkSecretArn(arn(`ecr-pullthroughcache/${"a".repeat(room + 1)}`), scope, [])).toHaveLength(1);
  });

  test("refuses a secret in another region and account, since ECR does", () => {
    const secretArn = arn("ecr-pullthroughcache/hub-Ab12Cd", "eu-west-1", "444455556666");
    expect(checkSecretArn(secretArn, scope, ["secretArn"])).toEqual([
      {
        severity: "error",
        path: ["secretArn"],
        message: "must be in the registry's region us-east-1, but is in eu-west-1",
        value: secretArn,
        fix: "replicate the secret to us-east-1 and name the replica",
        code: "secret-elsewhere",
      },
      {
        severity: "error",
        path: ["secretArn"],
        message: "must be in the registry's account 111122223333, but is in 444455556666",
        value: secretArn,
        fix: "create the secret in account 111122223333",
        code: "secret-elsewhere",
      },
    ]);
  });

  test("compares with no account or region that only Terraform knows", () => {
    const secretArn = arn("ecr-pullthroughcache/hub-Ab12Cd", "eu-west-1", "444455556666");
    expect(checkSecretArn(secretArn, { accountId: "${var.account}", region: "${var.region}" }, [])).toEqual([]);
  });
});

describe("checkManagedSecret", () => {
  test.each([
    {},
    { name: "docker-hub", version: 1, recoveryWindowInDays: 7 },
    { name: "team/a_b.c-D1", version: 99, recoveryWindowInDays: 30 },
    { recoveryWindowInDays: 0 },
    { valueFrom: "outside-terraform", policy: '{"Statement":{"Effect":"Deny","NotAction":"secretsmanager:*"}}' },
    { valueFrom: "variables", version: 2, policy: "${var.policy}" },
    { version: -1e289, recoveryWindowInDays: -1e289 },
  ])("accepts %j", (secret) => {
    expect(checkManagedSecret(secret as Parameters<typeof checkManagedSecret>[0], [])).toEqual([]);
  });

  test.each([
    [{ name: "" }, "name"],
    [{ name: "1password" }, "name"],
    [{ name: "docker hub" }, "name"],
    [{ name: "a".repeat(492) }, "name"],
    [{ valueFrom: "vault" }, "valueFrom"],
    [{ valueFrom: "outside-terraform", version: 2 }, "version"],
    [{ policy: "[]" }, "policy"],
    [{ policy: "{" }, "policy"],
    [{ policy: "{}" }, "policy"],
    [{ policy: '{"Version":"2012-10-17","Statement":[]}' }, "policy"],
    [{ policy: '{"Statement":[{"Action":"*"}]}' }, "policy"],
    [{ policy: '{"username":"ann","accessToken":"x","Statement":[{"Effect":"Deny","Action":"*"}]}' }, "policy"],
    [{ policy: "hunter2" }, "policy"],
    [{ version: 0 }, "version"],
    [{ version: 1.5 }, "version"],
    [{ recoveryWindowInDays: 6 }, "recoveryWindowInDays"],
    [{ recoveryWindowInDays: 31 }, "recoveryWindowInDays"],
    [{ recoveryWindowInDays: 7.5 }, "recoveryWindowInDays"],
  ])("refuses %j for its %s", (secret, field) => {
    const problems = checkManagedSecret(secret as Parameters<typeof checkManagedSecret>[0], ["credential"]);
    expect(problems.map(({ path }) => path)).toEqual([["credential", field]]);
  });

  test("allows a whole name of 512 characters", () => {
    expect(checkManagedSecret({ name: "a".repeat(491) }, [])).toEqual([]);
  });
});

describe("checkCredential", () => {
  test("refuses a kind that it does not know", () => {
    const credential = { type: "password" } as unknown as Credential;
    expect(checkCredential(credential, scope, ["credential"])).toEqual([
      {
        severity: "error",
        path: ["credential", "type"],
        message: 'must be "existing-secret" or "new-secret"',
        value: "password",
        fix: 'name an existing secret with { type: "existing-secret", secretArn: "arn:…" }',
      },
    ]);
  });
});

test.each([
  ["docker-hub", "docker_hub_username", "docker_hub_access_token"],
  ["Team/GHCR.bot", "team_ghcr_bot_username", "team_ghcr_bot_access_token"],
])("the secret %s is filled from the variables %s and %s", (name, username, accessToken) => {
  expect(secretVariableNames(name)).toEqual({ username, accessToken });
});
