import { EcrPort } from "./ecr-port";
import { inParallel } from "./in-parallel";

/** A policy names a role or a user that does not exist. ECR would refuse it for every repository. */
export class MissingPrincipalError extends Error {
  /** Names the principals. */
  constructor(principals: readonly string[]) {
    const what = principals.length === 1 ? "a principal that does not exist" : "principals that do not exist";
    super(
      `the template's repository policy names ${what}: ${principals.join(", ")}; nothing was changed; ` +
        "create the role or the user, or remove it from the description and deploy",
    );
    this.name = "MissingPrincipalError";
  }
}

/** An id in place of an ARN: AWS writes it into a stored policy when the role or the user is deleted. */
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]+$/;

/**
 * Looks for the roles and users of an account that policies name. Those of other accounts cannot be looked up, and
 * neither can any if the caller is not allowed to call IAM.
 *
 * @throws MissingPrincipalError if one does not exist
 */
export async function refuseMissingPrincipals(
  port: Pick<EcrPort, "principalExists">,
  accountId: string,
  policies: readonly (string | undefined)[],
): Promise<void> {
  const principals = [...new Set(policies.flatMap((text) => principalsOf(text)))].sort();
  const own = { test: (arn: string) => ["role", "user"].some((kind) => arn.includes(`:iam::${accountId}:${kind}/`)) };
  const found = await inParallel(principals, async (arn) => {
    if (DELETED.test(arn)) return [arn];
    return own.test(arn) && (await port.principalExists(arn)) === false ? [arn] : [];
  });
  if (found.flat().length > 0) throw new MissingPrincipalError(found.flat());
}

function principalsOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  const { Statement } = JSON.parse(text) as { readonly Statement?: unknown };
  return [Statement].flat().flatMap((statement) => {
    const { Principal } = (statement ?? {}) as { readonly Principal?: { readonly AWS?: string | string[] } | string };
    return typeof Principal === "object" ? [Principal.AWS ?? []].flat() : [];
  });
}
