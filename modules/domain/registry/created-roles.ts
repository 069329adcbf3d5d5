import { checkPolicyArn, checkResourceTags, RegistryScope, ResourceTags } from "../naming";
import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";

/** What every IAM role that is created here has, for accounts that demand it. */
export interface CreatedRoles {
  /**
   * The ARN of a policy that limits what each role can do. The policy for deploying then allows to create roles with
   * this boundary only.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * The IAM path of each role, e.g. `/platform/ecr/`. Changing it replaces the roles.
   *
   * @maxLength 512
   * @default "/"
   */
  readonly path?: string;
  /**
   * Text before the name of each role, e.g. `acme-` for `acme-EcrRepositoryCreation-us-east-1`. A role's name has at most
   * 64 characters. Changing it replaces the roles.
   *
   * @default - none
   */
  readonly namePrefix?: string;
  /**
   * Tags of the roles, in addition to the registry's.
   *
   * @default - only the registry's
   */
  readonly tags?: ResourceTags;
}

const PATH = /^\/(?:[\u0021-\u007e]{1,510}\/)?$/;
const NAME_PREFIX = /^[\w+=,.@-]*$/;
/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE_NAME = 64;

/**
 * Checks what the created roles have.
 *
 * @param names the names of the roles, with the prefix
 */
export function checkCreatedRoles(
  roles: CreatedRoles,
  names: readonly string[],
  scope: RegistryScope,
  path: Path,
): Diagnostic[] {
  const { permissionsBoundaryArn: boundary, path: iamPath, namePrefix = "", tags } = roles;
  const problems = [
    ...(boundary === undefined ? [] : checkPolicyArn(boundary, scope, [...path, "permissionsBoundaryArn"])),
    ...(tags ? checkResourceTags(tags, [...path, "tags"]) : []),
  ];
  if (iamPath !== undefined && !isUnresolved(iamPath) && !(typeof iamPath === "string" && PATH.test(iamPath))) {
    const message = "must start and end with '/'";
    problems.push(diagnostic({ path: [...path, "path"], message, value: iamPath, fix: 'write e.g. "/platform/"' }));
  }
  const at = [...path, "namePrefix"];
  if (isUnresolved(namePrefix)) return problems;
  if (typeof namePrefix !== "string" || !NAME_PREFIX.test(namePrefix)) {
    const message = "must be letters, digits and + = , . @ _ -";
    return [...problems, diagnostic({ path: at, message, value: namePrefix, fix: 'write e.g. "acme-"' })];
  }
  const tooLong = names.filter((name) => !isUnresolved(name) && name.length > LONGEST_ROLE_NAME);
  if (tooLong.length > 0) {
    const message = `must leave each role a name of at most ${LONGEST_ROLE_NAME} characters, but makes ${tooLong.join(", ")}`;
    problems.push(diagnostic({ path: at, message, value: namePrefix, fix: "shorten it, or the id of the cache" }));
  }
  return problems;
}
