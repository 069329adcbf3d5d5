import { Registry } from "../modules/domain";
import { compareRegistry, RegistryDifference } from "./compare-registry";
import { CredentialAge, credentialAges, expiryOf } from "./credential-ages";
import { EcrPort } from "./ecr-port";
import { expectedRegistry } from "./expected-registry";
import { inParallel } from "./in-parallel";
import { refuseOtherAccount } from "./refuse-other-account";

/** What was compared, and what is not as it should be. */
export interface Verification {
  /** How many rules the environment has. */
  readonly rules: number;
  /** How many templates. */
  readonly templates: number;
  /** What something else owns, and was not compared. */
  readonly skipped: readonly string[];
  /** What is different, and the credentials that expire soon. */
  readonly differences: readonly RegistryDifference[];
  /** The ages of the credentials that the environment's rules use. */
  readonly credentials: readonly CredentialAge[];
}

/**
 * Compares a registry with its description, and has ECR try each rule's upstream and credential.
 *
 * @param others further descriptions of the same account and Region, whose rules and templates are not reported
 * @param tokenDays how many days the tokens of upstreams where they expire last; without it, the upstream's default
 * @throws OtherAccountError before anything is read, if the credentials are of another account
 */
export async function verify(
  port: EcrPort,
  registry: Registry,
  others: readonly Registry[] = [],
  tokenDays?: number,
): Promise<Verification> {
  await refuseOtherAccount(port, registry.accountId);
  const expected = expectedRegistry(registry);
  const [rules, templates, registryPolicy, scanning] = await Promise.all([
    port.rules(),
    port.templates(),
    port.registryPolicy(),
    port.scanning(),
  ]);
  const theirs = others.map(expectedRegistry);
  const owned = {
    rules: new Set(theirs.flatMap((other) => other.rules.map(({ prefix }) => prefix))),
    templates: new Set(theirs.flatMap((other) => other.templates.map(({ prefix }) => prefix))),
  };
  const live = { rules, templates, registryPolicy, scanning };
  const there = expected.rules.filter(({ prefix }) => rules.some((rule) => rule.prefix === prefix));
  const broken = await inParallel(there, async ({ prefix }): Promise<RegistryDifference[]> => {
    const failure = await port.ruleFailure(prefix);
    return failure === undefined ? [] : [{ subject: `rule ${prefix}`, state: "broken", what: failure }];
  });
  const own = new Set(expected.rules.map(({ prefix }) => prefix));
  const used = rules.filter(({ prefix }) => own.has(prefix));
  const credentials = await credentialAges(port, used, (await port.clock()).aws, tokenDays);
  const expiring = credentials.flatMap((credential): RegistryDifference[] => {
    const what = expiryOf(credential);
    const subject = `credential of rule ${credential.rules.join(", ")}`;
    return what === undefined ? [] : [{ subject, state: "expiring", what }];
  });
  return {
    rules: expected.rules.length,
    templates: expected.templates.length,
    skipped: [
      ...(expected.registryPolicy === undefined ? ["registry policy"] : []),
      ...(expected.scanning === undefined ? ["scanning"] : []),
    ],
    differences: [...compareRegistry(expected, live, owned), ...broken.flat(), ...expiring],
    credentials,
  };
}
