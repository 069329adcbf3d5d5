/** The alias by which people find the key that is created with a registry. An account has one of it in each Region. */
export const KEY_ALIAS = "alias/ecr-pull-through-cache";

/** The name of the role with which ECR creates repositories. IAM has no Regions, so the name contains the Region. */
export function creationRoleName(region: string): string {
  return `EcrRepositoryCreation-${region}`;
}

/**
 * The name of the role with which ECR fills a cache of another account's registry. A role's name cannot contain a
 * slash, and a prefix cannot contain a plus sign.
 */
export function upstreamRoleName(region: string, cacheId: string): string {
  return `EcrPullThrough-${region}-${cacheId.replaceAll("/", "+")}`;
}
