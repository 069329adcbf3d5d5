import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";

/** The AWS partitions that the library can name. */
export type Partition = "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc";

/**
 * Which private registry is meant. Each AWS account has exactly one per region, so account and region name it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export interface RegistryScope {
  /**
   * The 12-digit id of the account that owns the registry. Quote it: a leading zero counts.
   *
   * @pattern ^\d{12}$
   */
  readonly accountId: string;
  /**
   * The registry's region, e.g. `us-east-1`.
   *
   * @pattern ^(?:us|us-gov|cn|eusc-[a-z]{2}|eu|ap|sa|ca|me|af|il|mx)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d$
   */
  readonly region: string;
}

const ACCOUNT_ID = /^\d{12}$/;
const DIRECTION = "(?:central|north|south|east|west|northeast|northwest|southeast|southwest)";

/**
 * Region names and endpoint suffix by partition. Names are matched by their form, as AWS's SDKs do, so that a new
 * region needs no release of this library; the compass word is spelled out, so that `us-est-1` is still refused.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
const PARTITIONS: readonly { partition: Partition; regions: RegExp; dnsSuffix: string; dualStackSuffix: string }[] = [
  {
    partition: "aws",
    regions: new RegExp(`^(?:us|eu|ap|sa|ca|me|af|il|mx)-${DIRECTION}-\\d$`),
    dnsSuffix: "amazonaws.com",
    dualStackSuffix: "on.aws",
  },
  {
    partition: "aws-us-gov",
    regions: new RegExp(`^us-gov-${DIRECTION}-\\d$`),
    dnsSuffix: "amazonaws.com",
    dualStackSuffix: "on.aws",
  },
  {
    partition: "aws-cn",
    regions: new RegExp(`^cn-${DIRECTION}-\\d$`),
    dnsSuffix: "amazonaws.com.cn",
    dualStackSuffix: "on.amazonwebservices.com.cn",
  },
  {
    partition: "aws-eusc",
    regions: new RegExp(`^eusc-[a-z]{2}-${DIRECTION}-\\d$`),
    dnsSuffix: "amazonaws.eu",
    dualStackSuffix: "on.amazonwebservices.eu",
  },
];

/** Every host name of a private registry, in any partition. */
const REGISTRY_HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com|com\.cn|eu)|on\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))$/;

/**
 * Regions in which ECR has no pull-through cache.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
const REGIONS_WITHOUT_PULL_THROUGH_CACHE: readonly string[] = [
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-east-1",
  "us-gov-west-1",
];

/** What is wrong with an AWS account id. */
export function checkAccountId(accountId: string, path: Path): Diagnostic[] {
  if (isUnresolved(accountId) || (typeof accountId === "string" && ACCOUNT_ID.test(accountId))) return [];
  return [
    diagnostic({
      path,
      message: "must be 12 digits",
      value: accountId,
      fix: 'write the account id, e.g. "111122223333"',
    }),
  ];
}

/** What is wrong with a region name. */
export function checkRegion(region: string, path: Path): Diagnostic[] {
  if (isUnresolved(region) || entryOf(region) !== undefined) return [];
  return [
    diagnostic({ path, message: "must be the name of an AWS region", value: region, fix: 'write e.g. "us-east-1"' }),
  ];
}

/** What is wrong with an account and a region as the home of pull-through caches. */
export function checkRegistryScope(scope: RegistryScope, path: Path = []): Diagnostic[] {
  const regionPath = [...path, "region"];
  const problems = [
    ...checkAccountId(scope.accountId, [...path, "accountId"]),
    ...checkRegion(scope.region, regionPath),
  ];
  if (REGIONS_WITHOUT_PULL_THROUGH_CACHE.includes(scope.region)) {
    problems.push(
      diagnostic({
        path: regionPath,
        message: "must be a region in which ECR has pull-through cache",
        value: scope.region,
        fix: `choose another region; ECR has none in ${REGIONS_WITHOUT_PULL_THROUGH_CACHE.join(", ")}`,
        code: "no-pull-through-cache",
      }),
    );
  }
  return problems;
}

/** The partition of a region; `aws` for a region that only Terraform knows. */
export function partitionOf(region: string): Partition {
  return entryOf(region)?.partition ?? "aws";
}

/** The host that `docker login` and `docker pull` name: `111122223333.dkr.ecr.us-east-1.amazonaws.com`. */
export function registryHost(scope: RegistryScope): string {
  return `${scope.accountId}.dkr.ecr.${scope.region}.${entryOf(scope.region)?.dnsSuffix ?? "amazonaws.com"}`;
}

/**
 * Every host name of a registry: first that of `registryHost`, then dual stack, FIPS, and both. FIPS endpoints do not
 * serve the first pull of an image.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
export function registryHosts(scope: RegistryScope): string[] {
  const { accountId, region } = scope;
  const { dnsSuffix = "amazonaws.com", dualStackSuffix = "on.aws" } = entryOf(region) ?? {};
  return [
    registryHost(scope),
    `${accountId}.dkr-ecr.${region}.${dualStackSuffix}`,
    `${accountId}.dkr.ecr-fips.${region}.${dnsSuffix}`,
    `${accountId}.dkr-ecr-fips.${region}.${dualStackSuffix}`,
  ];
}

/** The private registry that a host name stands for, if it is one of ECR's. */
export function parseRegistryHost(host: string): RegistryScope | undefined {
  const [, accountId, region] = REGISTRY_HOST.exec(host.toLowerCase()) ?? [];
  return accountId === undefined ? undefined : { accountId, region: region! };
}

/** The ARN of the account itself, which in a policy means every identity that the account's own IAM lets through. */
export function accountArn(scope: RegistryScope, accountId: string = scope.accountId): string {
  return `arn:${partitionOf(scope.region)}:iam::${accountId}:root`;
}

/** The ARN of an IAM role or user; `name` may carry a path, e.g. `ci/deployer`. */
export function identityArn(
  scope: RegistryScope,
  kind: "role" | "user",
  name: string,
  accountId: string = scope.accountId,
): string {
  return `arn:${partitionOf(scope.region)}:iam::${accountId}:${kind}/${name}`;
}

function entryOf(region: string) {
  return typeof region === "string" ? PARTITIONS.find((entry) => entry.regions.test(region)) : undefined;
}
