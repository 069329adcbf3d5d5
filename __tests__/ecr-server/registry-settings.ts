import { EcrError, invalidParameter } from "./ecr-error";
import type { EcrRegistryState } from "./ecr-registry-state";
import { optionalList, RequestInput, required, text } from "./request-input";

/** A replication rule, as ECR describes it. */
export interface ReplicationRule {
  readonly destinations: readonly { readonly region: string; readonly registryId: string }[];
  readonly repositoryFilters?: readonly { readonly filter: string; readonly filterType: string }[];
}

/** What an account has before anybody sets it. */
export const DEFAULT_ACCOUNT_SETTINGS: readonly (readonly [string, string])[] = [
  ["BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"],
  ["BLOB_MOUNTING", "DISABLED"],
  ["REGISTRY_POLICY_SCOPE", "V2"],
];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  BASIC_SCAN_TYPE_VERSION: ["AWS_NATIVE", "CLAIR"],
  BLOB_MOUNTING: ["ENABLED", "DISABLED"],
  REGISTRY_POLICY_SCOPE: ["V1", "V2"],
};
const PRINCIPAL_ARN = {
  max: 200,
  pattern: /^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\/[\w+=,.@-]+(\/[\w+=,.@-]+)*$/,
};
const FILTER = { min: 2, max: 256, pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*\/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$/ };

type Action = (state: EcrRegistryState, input: RequestInput) => object;

/** Replication, account settings and pull-time exclusions. */
export const SETTING_ACTIONS: Readonly<Record<string, Action>> = {
  PutReplicationConfiguration: (state, input) => {
    const configuration = input.replicationConfiguration as RequestInput;
    const rules = required(
      optionalList(configuration, "rules", (rule) => readRule(rule, state), { max: 25 }),
      "rules",
    );
    state.replication = rules;
    return { replicationConfiguration: { rules } };
  },
  GetAccountSetting: ({ accountSettings }, input) => {
    const name = text(input, "name", { values: Object.keys(VALUES) });
    return { name, value: accountSettings.get(name) };
  },
  PutAccountSetting: ({ accountSettings }, input) => {
    const name = text(input, "name", { values: Object.keys(VALUES) });
    const value = text(input, "value", { values: VALUES[name]! });
    accountSettings.set(name, value);
    return { name, value };
  },
  RegisterPullTimeUpdateExclusion: ({ pullTimeExclusions }, input) => {
    const principalArn = text(input, "principalArn", PRINCIPAL_ARN);
    if (pullTimeExclusions.has(principalArn)) throw new EcrError("ExclusionAlreadyExistsException", principalArn);
    pullTimeExclusions.add(principalArn);
    return { principalArn };
  },
  DeregisterPullTimeUpdateExclusion: ({ pullTimeExclusions }, input) => {
    const principalArn = text(input, "principalArn", PRINCIPAL_ARN);
    if (!pullTimeExclusions.delete(principalArn)) throw new EcrError("ExclusionNotFoundException", principalArn);
    return { principalArn };
  },
  ListPullTimeUpdateExclusions: ({ pullTimeExclusions }) => ({ pullTimeUpdateExclusions: [...pullTimeExclusions] }),
};

function readRule(rule: RequestInput, { identity }: EcrRegistryState): ReplicationRule {
  const readDestination = (one: RequestInput) => ({
    region: text(one, "region", { min: 2, max: 25 }),
    registryId: text(one, "registryId", { pattern: /^[0-9]{12}$/ }),
  });
  const readFilter = (one: RequestInput) => ({
    filter: text(one, "filter", FILTER),
    filterType: text(one, "filterType", { values: ["PREFIX_MATCH"] }),
  });
  const destinations = required(optionalList(rule, "destinations", readDestination, { max: 100 }), "destinations");
  if (destinations.some(({ region, registryId }) => region === identity.region && registryId === identity.accountId)) {
    throw invalidParameter("destinations", "The registry itself is not a destination");
  }
  const repositoryFilters = optionalList(rule, "repositoryFilters", readFilter, { max: 100 });
  return { destinations, ...(repositoryFilters && { repositoryFilters }) };
}
