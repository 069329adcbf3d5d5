import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { partitionOf, RegistryScope } from "../naming";

/** Encryption with keys that Amazon S3 manages: what ECR does if nothing is said. */
export interface Aes256Encryption {
  /** Keys of Amazon S3. */
  readonly type: "AES256";
}

/** Encryption with a key of AWS KMS. */
export interface KmsEncryption {
  /** A key of AWS KMS. `KMS_DSSE` encrypts in two layers, which ECR supports in AWS GovCloud (US) only. */
  readonly type: "KMS" | "KMS_DSSE";
  /**
   * The full ARN of a customer key in the registry's region. Neither an alias nor a key id: ECR takes those when it
   * creates a repository, but not in a template. The key's policy must let the template's role create grants.
   *
   * @default - the key that `key` chooses
   */
  readonly keyArn?: string;
  /**
   * Which key is used where no ARN is given: the registry's own customer key, which is created when it is first needed,
   * or `aws-managed` for `aws/ecr`, the key that AWS manages in each account. Nobody can change the policy of that one.
   *
   * @default "created"
   */
  readonly key?: "created" | "aws-managed";
}

/**
 * How ECR encrypts the images of a repository. It is settled when the repository is created and can never be changed.
 *
 * @discriminator type
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export type RepositoryEncryption = Aes256Encryption | KmsEncryption;

/** What repositories get if nothing else is said: of the two, the one that cannot be added later. */
export const DEFAULT_ENCRYPTION: RepositoryEncryption = { type: "KMS" };

/** What a template takes as a key, from ECR's API model. */
const KEY_ARN = /^arn:aws[a-z0-9-]*:kms:([a-z0-9-]+):(\d{12}):key\/[a-z0-9-]+$/;

/** What is wrong with an encryption setting. */
export function checkRepositoryEncryption(
  encryption: RepositoryEncryption,
  scope: RegistryScope,
  path: Path,
): Diagnostic[] {
  if (encryption.type === "AES256") return [];
  if (encryption.type !== "KMS" && encryption.type !== "KMS_DSSE") {
    const { type } = encryption as { type: unknown };
    const fix = 'write { type: "KMS" } for a customer key, or { type: "AES256" }';
    return [diagnostic({ path: [...path, "type"], message: 'must be "KMS" or "AES256"', value: type, fix })];
  }
  const { type, keyArn, key } = encryption;
  return [
    ...(type === "KMS_DSSE" ? checkDsse(scope, [...path, "type"]) : []),
    ...(keyArn === undefined ? [] : checkKeyArn(keyArn, scope, [...path, "keyArn"])),
    ...(key === undefined ? [] : checkKeyChoice(key, keyArn, [...path, "key"])),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html */
function checkDsse({ region }: RegistryScope, path: Path): Diagnostic[] {
  if (isUnresolved(region) || partitionOf(region) === "aws-us-gov") return [];
  const message = `must be "KMS" in ${region}: ECR supports KMS_DSSE in AWS GovCloud (US) only`;
  return [diagnostic({ path, message, value: "KMS_DSSE", fix: 'write type: "KMS"' })];
}

function checkKeyChoice(key: string, keyArn: string | undefined, path: Path): Diagnostic[] {
  if (key !== "created" && key !== "aws-managed") {
    const fix = 'leave it out for a key that is created, or write "aws-managed"';
    return [diagnostic({ path, message: 'must be "created" or "aws-managed"', value: key, fix })];
  }
  if (keyArn === undefined) return [];
  return [diagnostic({ path, message: "must be left out where keyArn names a key", value: key, fix: "remove one" })];
}

/** The ARN of the customer key that an encryption names; none if AWS manages the key, or the registry creates it. */
export function namedKey(encryption: RepositoryEncryption): string | undefined {
  return encryption.type === "AES256" ? undefined : encryption.keyArn;
}

/** Whether images are encrypted with the customer key that is created with the registry. */
export function usesCreatedKey(encryption: RepositoryEncryption): boolean {
  return encryption.type !== "AES256" && encryption.keyArn === undefined && encryption.key !== "aws-managed";
}

function checkKeyArn(keyArn: string, scope: RegistryScope, path: Path): Diagnostic[] {
  if (isUnresolved(keyArn)) return [];
  const region = KEY_ARN.exec(keyArn)?.[1];
  if (region === undefined) {
    const fix = 'write e.g. "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"';
    return [
      diagnostic({ path, message: "must be the full ARN of a KMS key, not an alias or a key id", value: keyArn, fix }),
    ];
  }
  if (isUnresolved(scope.region) || region === scope.region) return [];
  const message = `must be in the registry's region ${scope.region}, but is in ${region}`;
  const fix = `name a key in ${scope.region}; a multi-Region key has a replica ARN there`;
  return [diagnostic({ path, message, value: keyArn, fix, code: "key-elsewhere" })];
}
