import { SECRET_NAME_PREFIX } from "../cache";
import { identityArn, KEY_ALIAS, partitionOf, RegistryScope, ROOT_PREFIX } from "../naming";
import { EcrAction, PolicyAction, PolicyDocument, policyDocument, PolicyStatement, repositoryArn } from "../policy";
import { Registry } from "../registry";
import {
  KEY_CHANGE_ACTIONS,
  KEY_CREATION_ACTIONS,
  KEY_READ_ACTIONS,
  READ_ACTIONS,
  ROLE_ACTIONS,
  SECRET_ACTIONS,
  SECRET_VALUE_ACTIONS,
} from "./deploy-actions";
import { withKnownValues } from "./known-values";
import { planRegistry } from "./plan-registry";
import { Reader, readPlan } from "./planned-resource";

const SERVICE = "pullthroughcache.ecr.amazonaws.com";
const TEMPLATE_SERVICE = "ecr.amazonaws.com";

/**
 * ECR's actions for rules and templates, which cannot be narrowed to a resource. They are needed even when a
 * description no longer has any: Terraform then deletes the last ones.
 */
const REGISTRY_ACTIONS: readonly EcrAction[] = [
  "ecr:CreatePullThroughCacheRule",
  "ecr:CreateRepositoryCreationTemplate",
  "ecr:DeletePullThroughCacheRule",
  "ecr:DeleteRepositoryCreationTemplate",
  "ecr:DescribePullThroughCacheRules",
  "ecr:DescribeRepositoryCreationTemplates",
  "ecr:UpdatePullThroughCacheRule",
  "ecr:UpdateRepositoryCreationTemplate",
];

/**
 * The permissions that ECR demands of a principal that writes a template, for the repositories that it will create.
 * AWS documents these actions for repositories, but not which repository ECR names when it checks them here, so they are
 * allowed for the prefix itself and for everything under it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
const TEMPLATE_ACTIONS: readonly EcrAction[] = [
  "ecr:CreateRepository",
  "ecr:PutLifecyclePolicy",
  "ecr:SetRepositoryPolicy",
];

/**
 * The policy of the role that deploys a registry: what Terraform calls for exactly these resources, to create, read,
 * change and destroy them. Reaching the backend is the backend's own matter.
 *
 * A key has no name before it is there, so the policy tells keys by their aliases. What Terraform calls before the key
 * has its alias, or after the alias is gone, is allowed on keys that have no other alias than the registry's; all
 * other changes only on a key that has it. AWS may take five minutes to notice an alias.
 *
 * @param registry a description in which `checkRegistry` finds no error
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function deployerPolicy(registry: Registry): PolicyDocument {
  const own: PolicyStatement = { Sid: "Registry", Effect: "Allow", Action: REGISTRY_ACTIONS, Resource: "*" };
  return policyDocument(joinBySid([own, ...readPlan(withKnownValues(planRegistry(registry)), DEPLOY).flat()]));
}

/**
 * The policy of a role that only plans: what of the deployer's actions the provider calls to read these resources.
 * Reaching the backend is the backend's own matter.
 *
 * It allows `secretsmanager:GetSecretValue` on secrets whose value is managed here, since the provider reads the
 * version at each refresh: whoever may plan can read these credentials. A value from elsewhere is never read.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function plannerPolicy(registry: Registry): PolicyDocument {
  return policyDocument(
    deployerPolicy(registry).Statement.flatMap((statement) => {
      const actions = [statement.Action].flat().filter((action) => READ_ACTIONS.includes(action));
      return actions.length === 0 ? [] : [{ ...statement, Action: actions }];
    }),
  );
}

/** What Terraform calls for each kind of resource. Statements of one Sid become one. */
const DEPLOY: Reader<readonly PolicyStatement[]> = {
  aws_iam_role: ({ name }, { scope }) => {
    const arn = identityArn(scope, "role", name!);
    return [allow("Roles", ROLE_ACTIONS, arn), passRole(arn)];
  },
  aws_iam_role_policy: () => [],
  aws_kms_key: (_, { scope }) => {
    const keys = regionalArn(scope, "kms", "key/*");
    return [
      allow("CreateKey", ["kms:CreateKey"], "*"),
      allow("ReadKey", KEY_READ_ACTIONS, keys),
      keyWithoutOtherAlias(keys),
      {
        ...allow("ChangeKey", KEY_CHANGE_ACTIONS, keys),
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": KEY_ALIAS } },
      },
    ];
  },
  aws_kms_alias: ({ name }, { scope }) => [
    allow("ListAliases", ["kms:ListAliases"], "*"),
    keyWithoutOtherAlias(regionalArn(scope, "kms", name!)),
  ],
  aws_secretsmanager_secret: ({ name }, { scope }) => [allow("Secrets", SECRET_ACTIONS, secretArn(scope, name!))],
  aws_secretsmanager_secret_version: ({ settings }, { scope }) => [
    allow("SecretValues", SECRET_VALUE_ACTIONS, secretArn(scope, `${SECRET_NAME_PREFIX}${settings.secretName}`)),
  ],
  aws_ecr_repository_creation_template: ({ name, settings }, { scope }) => [
    ...templateRepositories(scope, name!).map((arn) => allow("CreatedRepositories", TEMPLATE_ACTIONS, arn)),
    serviceLinkedRole("TemplateServiceLinkedRole", scope, TEMPLATE_SERVICE, "AWSServiceRoleForECRTemplate"),
    ...(settings.customRoleArn === undefined ? [] : [passRole(settings.customRoleArn)]),
  ],
  aws_ecr_pull_through_cache_rule: ({ settings }, { scope }) => [
    serviceLinkedRole("ServiceLinkedRole", scope, SERVICE, "AWSServiceRoleForECRPullThroughCache"),
    ...(settings.customRoleArn === undefined ? [] : [passRole(settings.customRoleArn)]),
  ],
  aws_ecr_registry_policy: () => [
    allow("Registry", ["ecr:DeleteRegistryPolicy", "ecr:GetRegistryPolicy", "ecr:PutRegistryPolicy"], "*"),
  ],
  aws_ecr_registry_scanning_configuration: () => [
    allow("Registry", ["ecr:GetRegistryScanningConfiguration", "ecr:PutRegistryScanningConfiguration"], "*"),
  ],
};

function templateRepositories(scope: RegistryScope, prefix: string): string[] {
  const under = repositoryArn(scope, prefix);
  return prefix === ROOT_PREFIX ? [under] : [under.replace(/\/\*$/, ""), under];
}

function allow(Sid: string, Action: readonly PolicyAction[], Resource: string): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}

/** ECR can be given a role by those only who are allowed to pass it, whether it is created here or not. */
function passRole(arn: string): PolicyStatement {
  const services = [TEMPLATE_SERVICE, SERVICE];
  return {
    ...allow("PassRoles", ["iam:PassRole"], arn),
    Condition: { StringEquals: { "iam:PassedToService": services } },
  };
}

/** A key without any alias meets the condition, too. */
function keyWithoutOtherAlias(arn: string): PolicyStatement {
  const Condition = { "ForAllValues:StringEquals": { "kms:ResourceAliases": KEY_ALIAS } };
  return { ...allow("Key", KEY_CREATION_ACTIONS, arn), Condition };
}

/**
 * ECR creates its own roles with the first rule and the first template of an account, by the caller's permission.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-pullthroughcache.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-rct.html
 */
function serviceLinkedRole(sid: string, scope: RegistryScope, service: string, name: string): PolicyStatement {
  const arn = identityArn(scope, "role", `aws-service-role/${service}/${name}`);
  const Condition = { StringEquals: { "iam:AWSServiceName": service } };
  return { ...allow(sid, ["iam:CreateServiceLinkedRole"], arn), Condition };
}

/** Secrets Manager ends a secret's name in the ARN with a hyphen and six characters. */
function secretArn(scope: RegistryScope, name: string): string {
  return regionalArn(scope, "secretsmanager", `secret:${name}-??????`);
}

function regionalArn({ accountId, region }: RegistryScope, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

function joinBySid(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const bySid = new Map<string, PolicyStatement>();
  for (const statement of statements) {
    const { Action = [], Resource = [] } = bySid.get(statement.Sid) ?? {};
    bySid.set(statement.Sid, {
      ...statement,
      Action: oneOrMore([Action, statement.Action].flat()),
      Resource: oneOrMore([Resource, statement.Resource!].flat()),
    });
  }
  return [...bySid.values()];
}

function oneOrMore<T>(values: readonly T[]): T | T[] {
  const unique = [...new Set(values)];
  return unique.length === 1 ? unique[0]! : unique;
}
