import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { prefixesOverlap } from "../naming";
import { MOST_CACHES } from "../registry";
import { ofKind, Reader, RegistryPlan } from "./planned-resource";

/** Resources that are described elsewhere in the same app, in the same account and Region. */
export interface OtherPlan {
  /** The stack or construct that has them. */
  readonly name: string;
  /** The resources. */
  readonly plan: RegistryPlan;
}

type Collision = Pick<Diagnostic, "message" | "fix"> & { readonly path?: Path };

/** What is wrong with two resources of one kind and name. */
const COLLISIONS: Reader<((other: string) => Collision) | undefined> = {
  aws_iam_role: ({ name }) => created(`the role ${name!}`, "name a role as customRoleArn"),
  aws_iam_role_policy: () => undefined,
  aws_kms_key: () => undefined,
  aws_kms_alias: ({ name }) => created(`the key with the alias ${name!}`, "name a key as keyArn"),
  aws_secretsmanager_secret: ({ name }) => created(`the secret ${name!}`, "give one of them another name"),
  aws_secretsmanager_secret_version: () => undefined,
  aws_ecr_repository_creation_template: ({ name }) =>
    created(`a template for the prefix ${name!}`, "keep one of the two"),
  // Of two rules not only equal prefixes collide: see checkCaches.
  aws_ecr_pull_through_cache_rule: () => undefined,
  aws_ecr_registry_policy: () => owned("registry policy"),
  aws_ecr_registry_scanning_configuration: () => owned("scanning configuration"),
  aws_ecr_account_setting: ({ name }) => created(`the account setting ${name!}`, "keep one of the two"),
  aws_ecr_pull_time_update_exclusion: ({ name }) =>
    created(`the pull-time exclusion of ${name!}`, "keep one of the two"),
  aws_ecr_replication_configuration: () =>
    created("the replication configuration", "describe all rules in one of them"),
  aws_sns_topic: ({ name }) => created(`the topic ${name!}`, "name a topic as alerts.topicArn"),
  aws_sns_topic_policy: () => undefined,
  aws_cloudwatch_event_rule: ({ name }) =>
    created(`the EventBridge rule ${name!}, which is for the whole registry`, "keep alerts in one of the two"),
  aws_cloudwatch_event_target: () => undefined,
};

function created(thing: string, fix: string): (other: string) => Collision {
  return (other) => ({
    message: `must not create ${thing}, which ${other} creates in the same account and Region`,
    fix,
  });
}

function owned(thing: string): (other: string) => Collision {
  return (other) => ({
    message: `must not be managed here: ${other} manages the ${thing} of the same account and Region, and a registry has only one`,
    fix: 'write "unmanaged" in one of the two, or describe them as one environment',
  });
}

/**
 * Checks a plan against others of the same account and Region: what both would create, what each would overwrite of
 * the other, and cache rules that cover the same repositories.
 */
export function checkCollisions(plan: RegistryPlan, others: readonly OtherPlan[]): Diagnostic[] {
  if (others.length === 0) return [];
  return [
    ...others.flatMap((other) => [...checkNames(plan, other), ...checkRules(plan, other)]),
    ...checkCount(plan, others),
  ];
}

function checkNames(plan: RegistryPlan, other: OtherPlan): Diagnostic[] {
  const theirs = new Set(other.plan.resources.map(identity));
  const rules = new Set(ofKind(plan, "aws_ecr_pull_through_cache_rule").map(({ name }) => name));
  const theirRules = new Set(ofKind(other.plan, "aws_ecr_pull_through_cache_rule").map(({ name }) => name));
  return plan.resources.flatMap((resource): Diagnostic[] => {
    const { kind, name, path } = resource;
    if (name === undefined || isUnresolved(name) || !theirs.has(identity(resource))) return [];
    // Where both cache one prefix, that says it already.
    if (kind === "aws_ecr_repository_creation_template" && rules.has(name) && theirRules.has(name)) return [];
    const collision = (
      COLLISIONS[kind] as (one: typeof resource, plan: RegistryPlan) => ReturnType<typeof created> | undefined
    )(resource, plan);
    return collision === undefined ? [] : [diagnostic({ path, ...collision(other.name), code: "two-owners" })];
  });
}

/** What AWS tells a resource by. IAM does not distinguish the case of role names. */
function identity({ kind, name }: { readonly kind: string; readonly name: string | undefined }): string {
  return `${kind} ${kind === "aws_iam_role" ? name?.toLowerCase() : name}`;
}

function checkRules(plan: RegistryPlan, other: OtherPlan): Diagnostic[] {
  const theirs = ofKind(other.plan, "aws_ecr_pull_through_cache_rule");
  return ofKind(plan, "aws_ecr_pull_through_cache_rule").flatMap(({ name: prefix, path }): Diagnostic[] => {
    const overlapping = theirs.find((one) => prefixesOverlap(one.name!, prefix!));
    if (overlapping === undefined) return [];
    const message = `overlaps the cache "${overlapping.name}" of ${other.name} in the same account and Region`;
    const fix = "use separate prefixes, or cache it in one of them only";
    return [diagnostic({ path: [...path, "prefix"], message, value: prefix, fix, code: "overlapping-caches" })];
  });
}

function checkCount(plan: RegistryPlan, others: readonly OtherPlan[]): Diagnostic[] {
  const [own = 0, ...theirs] = [plan, ...others.map((other) => other.plan)].map(
    (one) => ofKind(one, "aws_ecr_pull_through_cache_rule").length,
  );
  const count = theirs.reduce((sum, one) => sum + one, own);
  if (own === 0 || own > MOST_CACHES || count <= MOST_CACHES) return [];
  const message = `must be at most ${MOST_CACHES} with those of ${others.map(({ name }) => name).join(", ")}, but are ${count}`;
  const fix = "ECR keeps no more rules in one registry; use another Region or account";
  return [diagnostic({ path: ["caches"], message, fix, code: "too-many-caches" })];
}
