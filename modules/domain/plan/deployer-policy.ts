import { Registry, ResolvedRegistry, resolveRegistry, upstreamRoleName } from "../registry";
import { EcrAction, PolicyDocument, policyDocument, PolicyStatement } from "../policy";
import {
  KEY_CHANGE_ACTIONS,
  KEY_CREATION_ACTIONS,
  KEY_READ_ACTIONS,
  READ_ACTIONS,
  ROLE_ACTIONS,
  SECRET_ACTIONS,
  SECRET_VALUE_ACTIONS,
} from "./deploy-actions";
import { needsUpstreamRole, SECRET_NAME_PREFIX } from "../cache";
import { identityArn, partitionOf } from "../naming";
import { creationRoleName, usesOwnRole } from "../template";

const SERVICE = "pullthroughcache.ecr.amazonaws.com";
const TEMPLATE_SERVICE = "ecr.amazonaws.com";
const KEY_ALIAS = "alias/ecr-pull-through-cache";

/** ECR's own actions for rules, templates and the registry's settings: none of them can be narrowed to a resource. */
const REGISTRY_ACTIONS: readonly EcrAction[] = [
  "ecr:CreatePullThroughCacheRule",
  "ecr:CreateRepository",
  "ecr:CreateRepositoryCreationTemplate",
  "ecr:DeletePullThroughCacheRule",
  "ecr:DeleteRepositoryCreationTemplate",
  "ecr:DescribePullThroughCacheRules",
  "ecr:DescribeRepositoryCreationTemplates",
  "ecr:PutLifecyclePolicy",
  "ecr:SetRepositoryPolicy",
  "ecr:UpdatePullThroughCacheRule",
  "ecr:UpdateRepositoryCreationTemplate",
];

/**
 * The policy of the role that deploys a registry: what Terraform calls for exactly these resources, to create, read,
 * change and destroy them. Reaching the backend is the backend's own matter.
 *
 * A key has no name before it is there, so the policy tells keys by their aliases. What Terraform calls before the key
 * has its alias, or after the alias is gone, is allowed on keys that have no other alias than the registry's; all
 * other changes only on a key that has it. AWS may take five minutes to notice an alias.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function deployerPolicy(registry: Registry): PolicyDocument {
  const resolved = resolveRegistry(registry);
  return policyDocument([
    { Sid: "Registry", Effect: "Allow", Action: registryActions(resolved), Resource: "*" },
    ...serviceLinkedRoleStatements(registry, resolved),
    ...roleStatements(registry, resolved),
    ...keyStatements(registry, resolved),
    ...secretStatements(registry, resolved),
  ]);
}

/**
 * The policy of a role that only plans: what of the deployer's actions the provider calls to read these resources.
 * Reaching the backend is the backend's own matter.
 *
 * It allows `secretsmanager:GetSecretValue` on secrets whose value is managed here, since the provider reads the
 * version at each refresh: whoever may plan can read these credentials. A value from elsewhere is never read.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with
 */
export function plannerPolicy(registry: Registry): PolicyDocument {
  return policyDocument(
    deployerPolicy(registry).Statement.flatMap((statement) => {
      const actions = [statement.Action].flat().filter((action) => READ_ACTIONS.includes(action));
      return actions.length === 0 ? [] : [{ ...statement, Action: actions }];
    }),
  );
}

/**
 * ECR makes its own roles with the first rule and the first template of an account, by the permission of the caller.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-pullthroughcache.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-rct.html
 */
function serviceLinkedRoleStatements(registry: Registry, { caches, templates }: ResolvedRegistry): PolicyStatement[] {
  const allow = (Sid: string, service: string, name: string): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Action: "iam:CreateServiceLinkedRole",
    Resource: identityArn(registry, "role", `aws-service-role/${service}/${name}`),
    Condition: { StringEquals: { "iam:AWSServiceName": service } },
  });
  return [
    ...(caches.length > 0 ? [allow("ServiceLinkedRole", SERVICE, "AWSServiceRoleForECRPullThroughCache")] : []),
    ...(templates.length > 0
      ? [allow("TemplateServiceLinkedRole", TEMPLATE_SERVICE, "AWSServiceRoleForECRTemplate")]
      : []),
  ];
}

function registryActions({ registryPolicy, scanning }: ResolvedRegistry): EcrAction[] {
  return [
    ...REGISTRY_ACTIONS,
    ...(registryPolicy
      ? (["ecr:DeleteRegistryPolicy", "ecr:GetRegistryPolicy", "ecr:PutRegistryPolicy"] as const)
      : []),
    ...(scanning ? (["ecr:GetRegistryScanningConfiguration", "ecr:PutRegistryScanningConfiguration"] as const) : []),
  ];
}

/** Roles that are created here may be changed and passed on; roles that are brought along only passed on. */
function roleStatements(registry: Registry, { templates, caches, needsRole }: ResolvedRegistry): PolicyStatement[] {
  const ownRoles = [
    ...(needsRole ? [creationRoleName(registry.region)] : []),
    ...caches.flatMap(({ cache, id }) => {
      const needsOne = needsUpstreamRole(cache, registry) && cache.customRoleArn === undefined;
      return needsOne ? [upstreamRoleName(registry.region, id)] : [];
    }),
  ].map((name) => identityArn(registry, "role", name));
  const brought = [
    ...templates.flatMap((template) => (usesOwnRole(template) ? [] : [template.customRoleArn])),
    ...caches.map(({ cache }) => (cache.upstream === "ecr" ? cache.customRoleArn : undefined)),
  ].filter((arn) => arn !== undefined);
  const passed = [...ownRoles, ...brought];
  if (passed.length === 0) return [];
  const services = [TEMPLATE_SERVICE, SERVICE];
  const pass: PolicyStatement = {
    Sid: "PassRoles",
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource: passed,
    Condition: { StringEquals: { "iam:PassedToService": services } },
  };
  if (ownRoles.length === 0) return [pass];
  return [{ Sid: "Roles", Effect: "Allow", Action: ROLE_ACTIONS, Resource: ownRoles }, pass];
}

function keyStatements(registry: Registry, { needsKey }: ResolvedRegistry): PolicyStatement[] {
  if (!needsKey) return [];
  const keys = regionalArn(registry, "kms", "key/*");
  const alias = regionalArn(registry, "kms", KEY_ALIAS);
  const byAlias = { "kms:ResourceAliases": KEY_ALIAS };
  return [
    { Sid: "CreateKey", Effect: "Allow", Action: "kms:CreateKey", Resource: "*" },
    { Sid: "ListAliases", Effect: "Allow", Action: "kms:ListAliases", Resource: "*" },
    { Sid: "ReadKey", Effect: "Allow", Action: KEY_READ_ACTIONS, Resource: keys },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: KEY_CREATION_ACTIONS,
      Resource: [alias, keys],
      // A key without any alias meets it too.
      Condition: { "ForAllValues:StringEquals": byAlias },
    },
    {
      Sid: "ChangeKey",
      Effect: "Allow",
      Action: KEY_CHANGE_ACTIONS,
      Resource: keys,
      Condition: { "ForAnyValue:StringEquals": byAlias },
    },
  ];
}

function secretStatements(registry: Registry, { secrets }: ResolvedRegistry): PolicyStatement[] {
  // Secrets Manager ends the name with a hyphen and six characters of its own.
  const arns = (some: typeof secrets) =>
    some.map(({ name }) => regionalArn(registry, "secretsmanager", `secret:${SECRET_NAME_PREFIX}${name}-??????`));
  const filled = secrets.filter(({ valueFrom }) => valueFrom !== "outside-terraform");
  const statements: PolicyStatement[] = [
    { Sid: "Secrets", Effect: "Allow", Action: SECRET_ACTIONS, Resource: arns(secrets) },
    { Sid: "SecretValues", Effect: "Allow", Action: SECRET_VALUE_ACTIONS, Resource: arns(filled) },
  ];
  return statements.filter(({ Resource }) => Resource!.length > 0);
}

function regionalArn({ accountId, region }: Registry, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}
