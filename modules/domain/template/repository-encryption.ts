import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { RegistryScope } from "../naming";

/** Encryption with keys that Amazon S3 manages: what ECR does if nothing is said. */
export interface Aes256Encryption {
  /** Keys of Amazon S3. */
  readonly type: "AES256";
}

/** Encryption with a customer key. */
export interface KmsEncryption {
  /** A customer key of AWS KMS. */
  readonly type: "KMS";
  /**
   * The full ARN of a customer key in the registry's region. Neither an alias nor a key id: ECR takes those when it
   * creates a repository, but not in a template. The key's policy must let the template's role create grants.
   *
   * @default - the registry's own key, which is created when it is first needed
   */
  readonly keyArn?: string;
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
  if (encryption.type !== "KMS") {
    const { type } = encryption as { type: unknown };
    const fix = 'write { type: "KMS" } for a customer key, or { type: "AES256" }';
    return [diagnostic({ path: [...path, "type"], message: 'must be "KMS" or "AES256"', value: type, fix })];
  }
  return encryption.keyArn === undefined ? [] : checkKeyArn(encryption.keyArn, scope, [...path, "keyArn"]);
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
