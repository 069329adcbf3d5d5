import { upstreamRoleName } from "./cache-fillers";
import { PolicyDocument, PolicyStatement } from "./policy";
import { ROLE_ACTIONS, SECRET_ACTIONS } from "./policy/deploy-action";
import { EcrAction } from "./policy/ecr-action";
import { KEY_ADMINISTRATION_ACTIONS } from "./policy/kms-action";
import { policyDocument } from "./policy/policy-document";
import { needsUpstreamRole } from "./pull-through-cache";
import { SECRET_NAME_PREFIX } from "./pull-through-cache-secret";
import { Registry, ResolvedRegistry, resolveRegistry } from "./registry";
import { identityArn, partitionOf } from "./registry-scope";
import { creationRoleName, usesOwnRole } from "./repository-template";

const SERVICE = "pullthroughcache.ecr.amazonaws.com";

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
 * @param registry a description that `checkRegistry` found nothing wrong with
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export function deployerPolicy(registry: Registry): PolicyDocument {
  const resolved = resolveRegistry(registry);
  return policyDocument([
    { Sid: "Registry", Effect: "Allow", Action: registryActions(resolved), Resource: "*" },
    {
      Sid: "ServiceLinkedRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: identityArn(registry, "role", `aws-service-role/${SERVICE}/AWSServiceRoleForECRPullThroughCache`),
      Condition: { StringEquals: { "iam:AWSServiceName": SERVICE } },
    },
    ...roleStatements(registry, resolved),
    ...keyStatements(registry, resolved),
    ...secretStatements(registry, resolved),
  ]);
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
  const services = ["ecr.amazonaws.com", SERVICE];
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
  const arn = (resource: string) => regionalArn(registry, "kms", resource);
  return [
    { Sid: "CreateKey", Effect: "Allow", Action: ["kms:CreateKey", "kms:ListAliases"], Resource: "*" },
    // A key has no name before it is there; its own policy leaves it to the account.
    {
      Sid: "Key",
      Effect: "Allow",
      Action: KEY_ADMINISTRATION_ACTIONS,
      Resource: [arn("alias/ecr-pull-through-cache"), arn("key/*")],
    },
  ];
}

function secretStatements(registry: Registry, { secrets }: ResolvedRegistry): PolicyStatement[] {
  if (secrets.length === 0) return [];
  // Secrets Manager ends the name with a hyphen and six characters of its own.
  const own = secrets.map(({ name }) =>
    regionalArn(registry, "secretsmanager", `secret:${SECRET_NAME_PREFIX}${name}-??????`),
  );
  return [{ Sid: "Secrets", Effect: "Allow", Action: SECRET_ACTIONS, Resource: own }];
}

function regionalArn({ accountId, region }: Registry, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}
