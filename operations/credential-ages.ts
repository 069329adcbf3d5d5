import { EcrPort, LiveRule } from "./ecr-port";
import { inParallel } from "./in-parallel";

/** The age of a credential that cache rules use. */
export interface CredentialAge {
  /** The ARN of the secret. */
  readonly secret: string;
  /** The prefixes of the rules that use it. */
  readonly rules: readonly string[];
  /** The age of the secret's current value in whole days; left out if it could not be read. */
  readonly ageDays?: number;
  /** How many days a token of the upstream lasts, where they expire. */
  readonly tokenDays?: number;
  /** Why the age is unknown. */
  readonly failure?: string;
}

/**
 * How many days the tokens of an upstream last by default, where they expire.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */
const TOKEN_DAYS: Readonly<Record<string, number>> = { "cgr.dev": 30 };
/** A warning comes so many days before a token expires. */
export const WARN_DAYS = 7;
const DAY = 24 * 60 * 60 * 1000;

/**
 * The ages of the credentials of cache rules.
 *
 * @param tokenDays how many days tokens that expire last; without it, the upstream's default
 */
export async function credentialAges(
  port: Pick<EcrPort, "secretValueSetAt">,
  rules: readonly LiveRule[],
  now: Date,
  tokenDays?: number,
): Promise<CredentialAge[]> {
  const bySecret = new Map<string, LiveRule[]>();
  for (const rule of rules) {
    if (rule.credentialArn === undefined) continue;
    bySecret.set(rule.credentialArn, [...(bySecret.get(rule.credentialArn) ?? []), rule]);
  }
  return inParallel([...bySecret].sort(), async ([secret, users]): Promise<CredentialAge> => {
    const lasts = TOKEN_DAYS[users[0]!.upstreamRegistryUrl];
    const known = {
      secret,
      rules: users.map(({ prefix }) => prefix).sort(),
      ...(lasts !== undefined && { tokenDays: tokenDays ?? lasts }),
    };
    try {
      const setAt = await port.secretValueSetAt(secret);
      if (setAt === undefined) return { ...known, failure: "the secret has no value" };
      return { ...known, ageDays: Math.floor((now.getTime() - setAt.getTime()) / DAY) };
    } catch (error) {
      return { ...known, failure: (error as Error).message };
    }
  });
}

/** Why a credential has to be renewed; `undefined` if it does not. */
export function expiryOf({ ageDays, tokenDays }: CredentialAge): string | undefined {
  if (ageDays === undefined || tokenDays === undefined || ageDays < tokenDays - WARN_DAYS) return undefined;
  const set = ageDays === 1 ? "was set a day ago" : `was set ${ageDays} days ago`;
  const left = tokenDays - ageDays;
  return `${set}; tokens of this upstream last ${tokenDays} days${left > 0 ? `, so it expires in ${left}` : ""}`;
}
