import { isUnresolved, secretNameOf } from "../modules/domain";
import { compareDescriptions } from "./compare-descriptions";
import { LiveRule, LiveScanning, LiveTemplate } from "./ecr-port";
import { ExpectedRegistry, ExpectedRule, ExpectedTemplate } from "./expected-registry";
import { policyDifferences } from "./policy-differences";

/** A registry as ECR describes it. */
export interface LiveRegistry {
  /** Its rules. */
  readonly rules: readonly LiveRule[];
  /** Its templates. */
  readonly templates: readonly LiveTemplate[];
  /** Its policy's text, if it has one. */
  readonly registryPolicy: string | undefined;
  /** How it scans. */
  readonly scanning: LiveScanning;
}

/** Something in a registry that is not as its environment says. */
export interface RegistryDifference {
  /** What it is: `rule prod`. */
  readonly subject: string;
  /** `broken`: it is there, and ECR says that it does not work. `expiring`: its token expires soon, or has expired. */
  readonly state: "missing" | "different" | "extra" | "broken" | "expiring";
  /** What is different about it. */
  readonly what: string;
  /** What the environment says, where that is a value. */
  readonly expected?: string;
  /** What is there instead. */
  readonly actual?: string;
  /** An explanation of what is there. */
  readonly note?: string;
}

/** The prefixes of what other environments have in a registry. */
export interface OwnedElsewhere {
  /** The prefixes of their rules. */
  readonly rules: ReadonlySet<string>;
  /** The prefixes of their templates. */
  readonly templates: ReadonlySet<string>;
}

/**
 * What in a registry is not as it should be.
 *
 * @param owned what is there for other environments
 */
export function compareRegistry(
  expected: ExpectedRegistry,
  live: LiveRegistry,
  owned: OwnedElsewhere = { rules: new Set(), templates: new Set() },
): RegistryDifference[] {
  return [
    ...compareByPrefix("rule", expected.rules, live.rules, owned.rules, compareRule),
    ...compareByPrefix("template", expected.templates, live.templates, owned.templates, compareTemplate),
    ...(expected.registryPolicy ? comparePolicy(expected.registryPolicy.text, live.registryPolicy) : []),
    ...(expected.scanning ? compareScanning(expected.scanning, live.scanning) : []),
  ];
}

type Field = Pick<RegistryDifference, "what" | "expected" | "actual" | "note">;

function compareByPrefix<E extends { readonly prefix: string }, L extends { readonly prefix: string }>(
  kind: string,
  expected: readonly E[],
  live: readonly L[],
  owned: ReadonlySet<string>,
  compare: (expected: E, live: L) => Field[],
): RegistryDifference[] {
  if (expected.some(({ prefix }) => isUnresolved(prefix))) return [];
  const byPrefix = new Map(live.map((one) => [one.prefix, one]));
  const known = new Set(expected.map(({ prefix }) => prefix));
  const extra = live.filter(({ prefix }) => !known.has(prefix) && !owned.has(prefix));
  return [
    ...expected.flatMap((one): RegistryDifference[] => {
      const subject = `${kind} ${one.prefix}`;
      const found = byPrefix.get(one.prefix);
      if (found === undefined) return [{ subject, state: "missing", what: "is not there" }];
      return compare(one, found).map((field) => ({ subject, state: "different", ...field }));
    }),
    ...extra.map(({ prefix }): RegistryDifference => {
      return { subject: `${kind} ${prefix}`, state: "extra", what: "is in no environment" };
    }),
  ];
}

function compareRule(expected: ExpectedRule, live: LiveRule): Field[] {
  const { ownSecret } = expected;
  const liveSecret = secretNameOf(live.credentialArn ?? "");
  return [
    ...field("upstream", expected.upstreamRegistryUrl, live.upstreamRegistryUrl),
    ...field("upstream prefix", expected.upstreamRepositoryPrefix ?? "ROOT", live.upstreamRepositoryPrefix ?? "ROOT"),
    ...(ownSecret === undefined
      ? field("credential", expected.credentialArn ?? "none", live.credentialArn ?? "none")
      : field("credential", ownSecret, liveSecret ?? live.credentialArn ?? "none")),
    ...field("role", expected.customRoleArn ?? "none", live.customRoleArn ?? "none"),
  ];
}

function compareTemplate(expected: ExpectedTemplate, live: LiveTemplate): Field[] {
  return [
    ...field("applied for", [...expected.appliedFor].sort().join(", "), [...live.appliedFor].sort().join(", ")),
    ...compareDescriptions(expected, live, true).map(({ setting, revokes: _, ...values }) => {
      return { what: setting, ...values };
    }),
    ...field("role", expected.customRoleArn ?? "none", live.customRoleArn ?? "none"),
  ];
}

function comparePolicy(expected: string | undefined, live: string | undefined): RegistryDifference[] {
  const differences = isUnresolved(expected) ? [] : policyDifferences(expected, live);
  if (differences.length === 0) return [];
  const subject = "registry policy";
  if (live === undefined) return [{ subject, state: "missing", what: "is not there" }];
  if (expected === undefined) return [{ subject, state: "extra", what: "is in no environment", actual: live }];
  return differences.map(({ revokes: _, ...values }) => {
    return { subject, state: "different", what: "what it says", ...values };
  });
}

function compareScanning(expected: LiveScanning, live: LiveScanning): RegistryDifference[] {
  const words = ({ scanType, rules }: LiveScanning) => {
    const texts = rules.map(({ scanFrequency, filters }) => `${scanFrequency} of ${[...filters].sort().join(", ")}`);
    return [scanType, ...texts.sort()].join(" ");
  };
  return field("how", words(expected), words(live)).map((one) => ({ subject: "scanning", state: "different", ...one }));
}

function field(what: string, expected: string, actual: string): Field[] {
  return expected === actual || isUnresolved(expected) ? [] : [{ what, expected, actual }];
}
