import { checkWholeNumber, isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { RegistryScope } from "../naming";

/** ECR reads a credential only from secrets whose name starts so. */
export const SECRET_NAME_PREFIX = "ecr-pullthroughcache/";

/** A secret that exists already, with the upstream's user name and access token in it. */
export interface ExistingSecret {
  /** The secret is made elsewhere. */
  readonly type: "existing-secret";
  /**
   * The full ARN of the secret, in the account and region of the rule. Its name starts with `ecr-pullthroughcache/`,
   * its value is JSON with the keys `username` and `accessToken`, and it is encrypted with the default key
   * `aws/secretsmanager`: ECR does not support a customer key here.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
   */
  readonly secretArn: string;
}

/**
 * A secret that is created with the cache. Its value, unless something else puts it in, comes from two sensitive
 * Terraform variables through a write-only argument, and is neither in the JSON, nor in a plan file, nor in the state.
 */
export interface ManagedSecret {
  /** The secret is made here. */
  readonly type: "new-secret";
  /**
   * The secret's name after `ecr-pullthroughcache/`. It names the Terraform variables too: `docker-hub` asks for
   * `docker_hub_username` and `docker_hub_access_token`. Caches that give the same name share one secret.
   *
   * @default - the upstream's name, e.g. `docker-hub`
   */
  readonly name?: string;
  /**
   * Where the value comes from: Terraform variables, or `elsewhere` if another tool or a person puts it in. An output
   * then says what to put in. Until that is done, ECR can import nothing.
   *
   * @default "variables"
   */
  readonly valueFrom?: "variables" | "outside-terraform";
  /**
   * A number to count up when the value changes: Terraform cannot see a write-only value, only this.
   *
   * @default 1
   */
  readonly version?: number;
  /**
   * For how many days Secrets Manager keeps a deleted secret restorable: 7 to 30, or 0 to delete at once. While it
   * is kept, its name cannot be used again.
   *
   * @default 30
   */
  readonly recoveryWindowInDays?: number;
  /**
   * A resource policy for the secret, as JSON. ECR needs none: it reads the secret with its service-linked role.
   *
   * @default - none
   */
  readonly policy?: string;
}

/**
 * Where ECR finds the user name and the access token for an upstream that needs them.
 *
 * @discriminator type
 */
export type Credential = ExistingSecret | ManagedSecret;

/** What ECR takes as a credential ARN, from its API model. */
const CREDENTIAL_ARN =
  /^arn:aws(-\w+)*:secretsmanager:([a-zA-Z0-9-]+):(\d{12}):secret:ecr-pullthroughcache\/[a-zA-Z0-9/_+=.@-]+$/;
const SHORTEST_CREDENTIAL_ARN = 50;
const LONGEST_CREDENTIAL_ARN = 612;
/** Secrets Manager's limit for a whole name, the prefix included. */
const LONGEST_SECRET_NAME = 512;
/** Secrets Manager takes a few more characters, but of these a Terraform variable can be named. */
const SECRET_NAME = /^[a-zA-Z][a-zA-Z0-9/_.-]*$/;

/** What is wrong with a credential for a cache in the given registry. */
export function checkCredential(credential: Credential, scope: RegistryScope, path: Path): Diagnostic[] {
  switch (credential.type) {
    case "existing-secret":
      return checkSecretArn(credential.secretArn, scope, [...path, "secretArn"]);
    case "new-secret":
      return checkManagedSecret(credential, path);
    default:
      return [
        diagnostic({
          path: [...path, "type"],
          message: 'must be "existing-secret" or "new-secret"',
          value: (credential as { type?: unknown }).type,
          fix: 'name an existing secret with { type: "existing-secret", secretArn: "arn:…" }',
        }),
      ];
  }
}

/** What is wrong with a secret's ARN: its shape, and that ECR reads it only in the rule's own account and region. */
export function checkSecretArn(secretArn: string, scope: RegistryScope, path: Path): Diagnostic[] {
  if (isUnresolved(secretArn)) return [];
  const match = typeof secretArn === "string" ? CREDENTIAL_ARN.exec(secretArn) : null;
  if (!match || secretArn.length < SHORTEST_CREDENTIAL_ARN || secretArn.length > LONGEST_CREDENTIAL_ARN) {
    return [
      diagnostic({
        path,
        message: `must be the full ARN of a Secrets Manager secret whose name starts with ${SECRET_NAME_PREFIX}`,
        value: secretArn,
        fix: `write e.g. "arn:aws:secretsmanager:us-east-1:111122223333:secret:${SECRET_NAME_PREFIX}docker-hub-AbCdEf"`,
      }),
    ];
  }
  const [, , region, accountId] = match;
  const problems: Diagnostic[] = [];
  if (!isUnresolved(scope.region) && region !== scope.region) {
    problems.push(
      diagnostic({
        path,
        message: `must be in the registry's region ${scope.region}, but is in ${region}`,
        value: secretArn,
        fix: `replicate the secret to ${scope.region} and name the replica`,
        code: "secret-elsewhere",
      }),
    );
  }
  if (!isUnresolved(scope.accountId) && accountId !== scope.accountId) {
    problems.push(
      diagnostic({
        path,
        message: `must be in the registry's account ${scope.accountId}, but is in ${accountId}`,
        value: secretArn,
        fix: `create the secret in account ${scope.accountId}`,
        code: "secret-elsewhere",
      }),
    );
  }
  return problems;
}

/** The name of a secret from its full ARN, to whose end Secrets Manager appends `-` and six characters. */
export function secretNameOf(secretArn: string): string | undefined {
  const name = secretArn.split(":")[6] ?? "";
  return /^-[A-Za-z0-9]{6}$/.test(name.slice(-7)) ? name.slice(0, -7) : undefined;
}

/** What is wrong with a secret to create. */
export function checkManagedSecret(secret: Omit<ManagedSecret, "type">, path: Path): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const { name, valueFrom = "variables", version, recoveryWindowInDays: days, policy } = secret;
  if (name !== undefined && !isSecretName(name)) {
    problems.push(
      diagnostic({
        path: [...path, "name"],
        message: "must start with a letter and hold only letters, digits and . _ - /",
        value: name,
        fix: `write the part after ${SECRET_NAME_PREFIX}, e.g. "docker-hub"`,
      }),
    );
  }
  if (version !== undefined) {
    problems.push(...checkWholeNumber(version, 1, [...path, "version"], "start with 1 and add 1 at each rotation"));
  }
  if (
    days !== undefined &&
    !isUnresolved(days) &&
    !(Number.isInteger(days) && (days === 0 || (days >= 7 && days <= 30)))
  ) {
    problems.push(
      diagnostic({
        path: [...path, "recoveryWindowInDays"],
        message: "must be 0 or a whole number from 7 to 30",
        value: days,
        fix: "leave it out for 30 days",
      }),
    );
  }
  if (!["variables", "outside-terraform"].includes(valueFrom)) {
    const fix = 'write "variables" or "outside-terraform"';
    problems.push(diagnostic({ path: [...path, "valueFrom"], message: "is not a known value", value: valueFrom, fix }));
  }
  if (valueFrom === "outside-terraform" && version !== undefined) {
    const fix = "leave it out: whoever puts the value in rotates it";
    problems.push(
      diagnostic({
        path: [...path, "version"],
        message: "has no effect on a value from elsewhere",
        value: version,
        fix,
      }),
    );
  }
  if (policy !== undefined && !isPolicy(policy)) {
    const fix = 'write a policy document as JSON, e.g. \'{"Version":"2012-10-17","Statement":[…]}\'';
    // It may be the credential itself, put into the wrong field: its value is not shown.
    problems.push(diagnostic({ path: [...path, "policy"], message: "must be a policy with statements, as JSON", fix }));
  }
  return problems;
}

const POLICY_FIELDS: readonly string[] = ["Version", "Id", "Statement"];

/** Whether a text is a policy, or an expression that makes one, and not for instance the credential itself. */
function isPolicy(text: string): boolean {
  if (typeof text !== "string") return isUnresolved(text);
  if (!/^\s*\{/.test(text)) return isUnresolved(text);
  try {
    const policy = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const statements = [policy.Statement].flat();
    return Object.keys(policy).every((field) => POLICY_FIELDS.includes(field)) && allStatements(statements);
  } catch {
    return false;
  }
}

function allStatements(statements: readonly unknown[]): boolean {
  return statements.length > 0 && statements.every(isStatement);
}

function isStatement(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("Effect" in value)) return false;
  return "Action" in value || "NotAction" in value;
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && SECRET_NAME_PREFIX.length + name.length <= LONGEST_SECRET_NAME;
}

/** The Terraform variables that a managed secret's value is read from. */
export function secretVariableNames(secretName: string): {
  /** The variable of the user name. */
  readonly username: string;
  /** The variable of the access token. */
  readonly accessToken: string;
} {
  const stem = secretName.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return { username: `${stem}_username`, accessToken: `${stem}_access_token` };
}
