import { describeStatement } from "./describe-statement";
import { ImageTagMutability, RepositoryEncryption, ResolvedTemplate, usesOwnRole } from "../template";
import { describeLifecycleRule, LifecyclePolicy } from "../lifecycle";
import { describePrincipal, Principal, RepositoryAccess } from "../policy";
import { Kinds } from "../plan";
import { ResourceTags } from "../naming";
import { isUnresolved } from "../basics";

/** A mutability setting as a phrase: `no tag except latest can move`. */
export function describeMutability(mutability: ImageTagMutability): string {
  if (mutability === "IMMUTABLE") return "no tag can move";
  if (mutability === "MUTABLE") return "every tag can move";
  if (typeof mutability === "string" || isUnresolved(mutability)) return "known to Terraform only";
  const filters = mutability.exclusionFilters.join(", ");
  return mutability.type === "MUTABLE_WITH_EXCLUSION"
    ? `every tag except ${filters} can move`
    : `no tag except ${filters} can move`;
}

/** An encryption setting as a phrase: `with the registry's own customer key`. */
export function describeEncryption(encryption: RepositoryEncryption): string {
  if (encryption.type === "AES256") return "with keys of Amazon S3 (AES256)";
  const layers = encryption.type === "KMS_DSSE" ? " in two layers" : "";
  if (encryption.keyArn !== undefined) return `with the key ${encryption.keyArn}${layers}`;
  return encryption.key === "aws-managed"
    ? `with the key aws/ecr, which AWS manages${layers}`
    : `with the registry's own customer key${layers}`;
}

/** The rules of a lifecycle policy as phrases, in the order in which they apply. */
export function describeLifecyclePolicy({ rules }: LifecyclePolicy): string[] {
  return rules.map(describeLifecycleRule);
}

/** Who may do what with a repository, as phrases; none where only identity policies decide. */
export function describeAccess(access: RepositoryAccess): string[] {
  const { pull = [], push = [], audit = [], lambdaPull, denyOthers = false, statements = [] } = access;
  return [
    ...(pull.length > 0 ? [`${names(pull)} may pull`] : []),
    ...(push.length > 0 ? [`${names(push)} may push`] : []),
    ...(audit.length > 0 ? [`${names(audit)} may look at it`] : []),
    ...(lambdaPull === undefined ? [] : [`Lambda may pull for ${lambdaPull.accounts.join(", ")}`]),
    ...(denyOthers ? ["nobody else may pull or push, whatever their own policies say"] : []),
    ...statements.map((statement) => `${describeStatement(statement)} (${statement.sid})`),
  ];
}

/** A scanning configuration as a phrase: `basic scanning on push, of quay/*`. */
export function describeScanning({
  scanType,
  rules,
}: Kinds["aws_ecr_registry_scanning_configuration"]["settings"]): string {
  const parts = rules.map(({ scanFrequency, filters }) => {
    return `${scanFrequency === "CONTINUOUS_SCAN" ? "continuously" : "on push"}, of ${filters.join(", ")}`;
  });
  return `${scanType === "ENHANCED" ? "enhanced" : "basic"} scanning ${parts.join("; ")}`;
}

/** A replication rule as a phrase: `prod/* to 111122223333 in eu-west-1`. */
export function describeReplication({
  destinations,
  prefixes,
}: Kinds["aws_ecr_replication_configuration"]["settings"]["rules"][number]): string {
  const what =
    prefixes.length === 0
      ? "every repository"
      : [...prefixes]
          .sort()
          .map((one) => `${one}*`)
          .join(", ");
  const to = destinations.map(({ region, registryId }) => `${registryId} in ${region}`).sort();
  return `${what} to ${to.join(", ")}`;
}

/** The limits of a role as the end of a sentence; nothing for a role with the defaults. */
export function describeRole({ path, permissionsBoundary }: Kinds["aws_iam_role"]["settings"]): string {
  const parts = [
    ...(path === undefined ? [] : [`the path ${path}`]),
    ...(permissionsBoundary === undefined ? [] : [`the permissions boundary ${permissionsBoundary}`]),
  ];
  return parts.length === 0 ? "" : `; with ${parts.join(" and ")}`;
}

/** Tags as a phrase, in the order of their keys. */
export function describeTags(tags: ResourceTags): string {
  const entries = isUnresolved(Object.keys(tags)) ? [] : Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${value}`).join(", ") || "none";
}

/** One setting in words. */
export interface DescribedSetting {
  /** Which setting: `encryption`. */
  readonly name: string;
  /** What it is set to, in words. */
  readonly value: string;
}

/** A template's settings in words. */
export function describeTemplate(template: ResolvedTemplate): DescribedSetting[] {
  const { appliedFor, imageTagMutability, encryption, lifecyclePolicy, access, resourceTags, customRoleArn } = template;
  return [
    { name: "created by", value: appliedFor.map((occasion) => OCCASIONS[occasion]).join(", ") },
    { name: "image tags", value: describeMutability(imageTagMutability) },
    { name: "encryption", value: describeEncryption(encryption) },
    { name: "lifecycle", value: describeLifecyclePolicy(lifecyclePolicy).join("; ") || "every image is kept" },
    { name: "access", value: describeAccess(access).join("; ") || "only what identity policies allow" },
    { name: "tags", value: describeTags(resourceTags) },
    {
      name: "ECR's role",
      value: customRoleArn ?? (usesOwnRole(template) ? "the registry's own" : "its service-linked role"),
    },
  ];
}

const OCCASIONS = {
  CREATE_ON_PUSH: "a push",
  PULL_THROUGH_CACHE: "a pull through a cache",
  REPLICATION: "replication",
} as const;

function names(principals: readonly Principal[]): string {
  return principals.map(describePrincipal).join(", ");
}
