/** The alias by which people find the key that is created with a registry. An account has one of it in each Region. */
const KEY_ALIAS = "alias/ecr-pull-through-cache";

/** The name of a topic or an EventBridge rule for alerts. An account has one of it in each Region. */
export function alertName(id: string): string {
  return `ecr-pull-through-cache-${id}`;
}

/** The alias of a registry's key: the given one, or the one that a registry's key has by default. */
export function keyAlias(alias: string | undefined): string {
  return alias === undefined ? KEY_ALIAS : `alias/${alias}`;
}

/** The name of the role with which ECR creates repositories. IAM has no Regions, so the name contains the Region. */
export function creationRoleName(region: string, namePrefix = ""): string {
  return `${namePrefix}EcrRepositoryCreation-${region}`;
}

/**
 * The name of the role with which ECR fills a cache of another account's registry. A role's name cannot contain a
 * slash, and a prefix cannot contain a plus sign.
 */
export function upstreamRoleName(region: string, cacheId: string, namePrefix = ""): string {
  return `${namePrefix}EcrPullThrough-${region}-${cacheId.replaceAll("/", "+")}`;
}
