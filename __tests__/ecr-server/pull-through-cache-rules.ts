import { EcrError, invalidParameter } from "./ecr-error";
import { pageOf, refusePaging } from "./page";
import { RegistryIdentity } from "./registry-identity";
import { mostSpecific, RULE_PREFIX } from "./repository-prefix";
import { optionalText, optionalTexts, RequestInput, text, TextConstraint } from "./request-input";
import { KnownUpstream, knownUpstream, UPSTREAM_REGISTRIES } from "./upstream-registries";

/** A rule as ECR describes it. */
export interface PullThroughCacheRule {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRegistry: string;
  readonly upstreamRepositoryPrefix?: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
  readonly registryId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const CREDENTIAL_ARN: TextConstraint = {
  min: 50,
  max: 612,
  pattern: /^arn:aws(-\w+)*:secretsmanager:[a-zA-Z0-9-:]+:secret:ecr-pullthroughcache\/[a-zA-Z0-9/_+=.@-]+$/,
};
const ROLE_ARN: TextConstraint = { max: 2048 };
/** It cannot be raised. */
const MOST_RULES = 50;

/** The pull through cache rules of a registry. */
export class PullThroughCacheRules {
  private readonly byPrefix = new Map<string, PullThroughCacheRule>();

  constructor(private readonly identity: RegistryIdentity) {}

  public get all(): readonly PullThroughCacheRule[] {
    return [...this.byPrefix.values()];
  }

  /** The rule that is asked when a repository of a name is pulled. */
  public covering(repositoryName: string): PullThroughCacheRule | undefined {
    return mostSpecific(this.all, ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix, repositoryName);
  }

  public create(input: RequestInput): PullThroughCacheRule {
    const ecrRepositoryPrefix = text(input, "ecrRepositoryPrefix", RULE_PREFIX);
    const upstreamRegistryUrl = text(input, "upstreamRegistryUrl");
    const upstream = upstreamOf(upstreamRegistryUrl, input);
    const access = this.readAccess(input);
    this.checkAccess(upstream, access);
    const upstreamRepositoryPrefix = readUpstreamPrefix(input, ecrRepositoryPrefix, upstream);
    if (this.byPrefix.has(ecrRepositoryPrefix)) {
      const message = `A pull through cache rule with prefix '${ecrRepositoryPrefix}' already exists`;
      throw new EcrError("PullThroughCacheRuleAlreadyExistsException", message);
    }
    if (this.byPrefix.size >= MOST_RULES) {
      throw new EcrError("LimitExceededException", `The registry has ${MOST_RULES} pull through cache rules already`);
    }
    const now = this.identity.now();
    const rule: PullThroughCacheRule = {
      ecrRepositoryPrefix,
      upstreamRegistryUrl,
      upstreamRegistry: upstream.registry,
      upstreamRepositoryPrefix,
      ...access,
      registryId: this.identity.accountId,
      createdAt: now,
      updatedAt: now,
    };
    this.byPrefix.set(ecrRepositoryPrefix, rule);
    return rule;
  }

  /** Only the credential and the role can be changed, and neither can be taken away. */
  public update(input: RequestInput): PullThroughCacheRule {
    const rule = this.get(input);
    const { credentialArn = rule.credentialArn, customRoleArn = rule.customRoleArn } = this.readAccess(input);
    const updated = { ...rule, credentialArn, customRoleArn, updatedAt: this.identity.now() };
    this.byPrefix.set(rule.ecrRepositoryPrefix, updated);
    return updated;
  }

  public delete(input: RequestInput): PullThroughCacheRule {
    const rule = this.get(input);
    this.byPrefix.delete(rule.ecrRepositoryPrefix);
    return rule;
  }

  public describe(input: RequestInput) {
    const prefixes = optionalTexts(input, "ecrRepositoryPrefixes", RULE_PREFIX, { min: 1, max: 100 });
    if (prefixes === undefined) {
      const { items, nextToken } = pageOf(this.all, input);
      return { pullThroughCacheRules: items, nextToken };
    }
    refusePaging(input, "ecrRepositoryPrefixes");
    return {
      pullThroughCacheRules: prefixes.map((ecrRepositoryPrefix) => this.get({ ecrRepositoryPrefix })),
      nextToken: undefined,
    };
  }

  public get(input: RequestInput): PullThroughCacheRule {
    const prefix = text(input, "ecrRepositoryPrefix", RULE_PREFIX);
    const rule = this.byPrefix.get(prefix);
    if (rule !== undefined) return rule;
    const { accountId } = this.identity;
    const message = `The pull through cache rule with prefix '${prefix}' does not exist in the registry with id '${accountId}'`;
    throw new EcrError("PullThroughCacheRuleNotFoundException", message);
  }

  private readAccess(input: RequestInput) {
    const { accountId, region } = this.identity;
    const credentialArn = optionalText(input, "credentialArn", CREDENTIAL_ARN);
    const customRoleArn = optionalText(input, "customRoleArn", ROLE_ARN);
    if (credentialArn !== undefined && !credentialArn.includes(`:${region}:${accountId}:secret:`)) {
      const message = `The secret must be in the registry's account ${accountId} and region ${region}`;
      throw new EcrError("UnableToAccessSecretException", message);
    }
    if (customRoleArn !== undefined && !customRoleArn.includes(`:iam::${accountId}:role/`)) {
      throw invalidParameter("customRoleArn", "Role must be in the account of the registry");
    }
    return { credentialArn, customRoleArn };
  }

  private checkAccess(upstream: KnownUpstream, access: { credentialArn?: string; customRoleArn?: string }): void {
    if (upstream.needsCredential && access.credentialArn === undefined) {
      const message =
        "The specified upstream registry requires authentication. Specify a valid Secrets Manager ARN as a credential";
      throw new EcrError("UnsupportedUpstreamRegistryException", message);
    }
    const { accountId, region } = this.identity;
    if (upstream.accountId === undefined) return;
    if (upstream.accountId === accountId && upstream.region === region) {
      throw new EcrError("UnsupportedUpstreamRegistryException", "A registry cannot be its own upstream");
    }
    if (upstream.accountId !== accountId && access.customRoleArn === undefined) {
      throw invalidParameter("customRoleArn", "Member must not be null for the registry of another account");
    }
  }
}

function upstreamOf(url: string, input: RequestInput): KnownUpstream {
  const upstream = knownUpstream(url);
  const named = optionalText(input, "upstreamRegistry", { values: UPSTREAM_REGISTRIES });
  if (upstream !== undefined && (named ?? upstream.registry) === upstream.registry) return upstream;
  const message = `The upstream registry URL '${url}' is invalid`;
  throw new EcrError("UnsupportedUpstreamRegistryException", message);
}

/** ECR answers `ROOT` for a rule of another ECR registry that named none, and for other upstreams nothing. */
function readUpstreamPrefix(input: RequestInput, prefix: string, { registry }: KnownUpstream): string | undefined {
  const upstreamPrefix = optionalText(input, "upstreamRepositoryPrefix", RULE_PREFIX);
  if (prefix === "ROOT" && (upstreamPrefix ?? "ROOT") !== "ROOT") {
    throw invalidParameter("upstreamRepositoryPrefix", "Member must be ROOT where ecrRepositoryPrefix is");
  }
  return upstreamPrefix ?? (registry === "ecr" ? "ROOT" : undefined);
}
