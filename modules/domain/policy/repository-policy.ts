import { Path, Diagnostic, diagnostic } from "../basics";
import { checkAccountId, identityArn, partitionOf, RegistryScope } from "../naming";
import { Conditions } from "./conditions";
import {
  AUDIT_ACTIONS,
  EcrAction,
  LAMBDA_PULL_ACTIONS,
  PULL_ACTIONS,
  PUSH_ACTIONS,
  UPLOAD_ACTIONS,
} from "./ecr-action";
import { checkSize, PolicyDocument, policyDocument, PolicyLimit, PolicyStatement } from "./policy-document";
import { policyDecision } from "./policy-decision";
import { checkPrincipals, namedBy, Principal } from "./principal";
import { checkSids, checkStatement, policyStatements, RepositoryPolicyStatement } from "./statement";

/**
 * Pulls by the Lambda service, for functions that run an image of the repository. Whoever creates or updates such a
 * function has to be under `pull` as well. Lambda does not pull through a cache: something else must have pulled the
 * image before.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 */
export interface LambdaPull {
  /** The ids of the accounts whose functions use the images. They run in the repository's region. */
  readonly accounts: readonly string[];
}

/** Who may do what with a repository. */
export interface RepositoryAccess {
  /**
   * Who may pull what the repository holds. That ECR imports an image first is the registry policy's to allow.
   *
   * @default - where a registry lists its pullers, those; else only identities that their own IAM policies allow it
   */
  readonly pull?: readonly Principal[];
  /**
   * Who may push. Pulls through a cache need nobody here, but for caches of another account's registry: the role
   * that ECR takes for them.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly push?: readonly Principal[];
  /**
   * Who may read settings, image names and scan findings, but no image.
   *
   * @default - only identities that their own IAM policies allow it
   */
  readonly audit?: readonly Principal[];
  /**
   * The accounts in whose name Lambda may pull.
   *
   * @default - none
   */
  readonly lambdaPull?: LambdaPull;
  /**
   * Whether nobody else may pull or push, whatever their own IAM policies say. That includes administrators and the
   * account's root user, who can still change the policy. AWS services and their service-linked roles are not shut
   * out, since they are what fills, copies and scans the repository. Deleting images is not affected.
   *
   * @default false
   */
  readonly denyOthers?: boolean;
  /**
   * Further statements. Beside `denyOthers` none may allow pulls or pushes: those it takes from `pull` and `push` only.
   *
   * @default - none
   */
  readonly statements?: readonly RepositoryPolicyStatement[];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html */
export const REPOSITORY_POLICY_LIMIT: PolicyLimit = {
  kind: "repository policy",
  characters: 10_240,
  fix: "name accounts or an organization instead of single identities",
};

/** What an exclusive repository denies to everybody but those who pull or push. */
const EXCLUSIVE_PULL_ACTIONS: readonly EcrAction[] = [...PULL_ACTIONS, "ecr:BatchImportUpstreamImage"];

/** Actions that AWS documents for identity policies, and one also for registry policies, but for no repository's. */
const FOREIGN_ACTIONS: readonly EcrAction[] = [
  "ecr:CreatePullThroughCacheRule",
  "ecr:CreateRepository",
  "ecr:CreateRepositoryCreationTemplate",
  "ecr:DeleteRepositoryCreationTemplate",
  "ecr:DescribeRepositoryCreationTemplates",
  "ecr:GetAuthorizationToken",
  "ecr:UpdateRepositoryCreationTemplate",
];

/**
 * The policy of a repository, or nothing if it would say nothing. Its statements have no `Resource`: ECR refused
 * policies with one, while it always took them without.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function repositoryPolicy(scope: RegistryScope, access: RepositoryAccess): PolicyDocument | undefined {
  const { statements = [] } = access;
  const all = [...grants(scope, access), ...statements.flatMap((one) => policyStatements(scope, one))];
  return all.length === 0 ? undefined : policyDocument(all);
}

function grants(scope: RegistryScope, access: RepositoryAccess): PolicyStatement[] {
  const { pull = [], push = [], audit = [], lambdaPull, denyOthers = false } = access;
  return [
    ...policyStatements(scope, { sid: "AllowPull", principals: pull, actions: PULL_ACTIONS }),
    ...policyStatements(scope, { sid: "AllowPush", principals: push, actions: PUSH_ACTIONS }),
    ...policyStatements(scope, { sid: "AllowAudit", principals: audit, actions: AUDIT_ACTIONS }),
    ...(lambdaPull ? policyStatements(scope, lambdaPullStatement(scope, lambdaPull)) : []),
    ...(denyOthers
      ? [
          denyToOthers(scope, "DenyPullToOthers", EXCLUSIVE_PULL_ACTIONS, [...pull, ...push]),
          denyToOthers(scope, "DenyPushToOthers", UPLOAD_ACTIONS, push),
        ]
      : []),
  ];
}

/** AWS documents `aws:SourceArn` for Lambda, and recommends to list the accounts rather than their organization. */
function lambdaPullStatement(scope: RegistryScope, { accounts }: LambdaPull): RepositoryPolicyStatement {
  const { region } = scope;
  const functions = accounts.map((account) => `arn:${partitionOf(region)}:lambda:${region}:${account}:function:*`);
  return {
    sid: "AllowLambdaPull",
    principals: [{ service: "lambda.amazonaws.com" }],
    actions: LAMBDA_PULL_ACTIONS,
    conditions: { ArnLike: { "aws:SourceArn": functions } },
  };
}

/**
 * Denies actions to everybody but the listed. It cannot be left to what is allowed, since in the repository's own
 * account an IAM policy alone is enough to pull.
 *
 * All conditions must match for the denial, and each fails for one kind of exempt caller. Keys that a request lacks
 * count as different: a caller outside every organization is denied. The ARN of a role's session is that of the role,
 * whatever the session is called. Service-linked roles have a path that IAM keeps for AWS, and no one else can assume
 * them; ECR's own pull through the cache is one, and counts neither as a service nor as the puller.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html#repository-policy-vs-iam-policy
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function denyToOthers(
  scope: RegistryScope,
  sid: string,
  actions: readonly EcrAction[],
  exempt: readonly Principal[],
): PolicyStatement {
  const { identities, rolePatterns, accounts, organizations, organizationalUnits } = namedBy(scope, exempt);
  const elsewhere = {
    ...(accounts.length > 0 && { "aws:PrincipalAccount": accounts }),
    ...(organizations.length > 0 && { "aws:PrincipalOrgID": organizations }),
  };
  const conditions: Conditions = {
    ArnNotLike: {
      "aws:PrincipalArn": [...identities, ...rolePatterns, identityArn(scope, "role", "aws-service-role/*")],
    },
    BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    ...(Object.keys(elsewhere).length > 0 && { StringNotEquals: elsewhere }),
    // The key can have several values; without any, all of none are different, and the caller is denied.
    ...(organizationalUnits.length > 0 && {
      "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": organizationalUnits },
    }),
  };
  return { Sid: sid, Effect: "Deny", Principal: "*", Action: actions, Condition: conditions };
}

/** What is wrong with the access to a repository. */
export function checkRepositoryAccess(scope: RegistryScope, access: RepositoryAccess, path: Path = []): Diagnostic[] {
  const { pull, push, audit, lambdaPull, statements } = access;
  const problems = [
    ...(pull ? checkPrincipals(pull, [...path, "pull"]) : []),
    ...(push ? checkPrincipals(push, [...path, "push"]) : []),
    ...(audit ? checkPrincipals(audit, [...path, "audit"]) : []),
    ...(lambdaPull ? checkLambdaPull(lambdaPull, [...path, "lambdaPull"]) : []),
    ...(statements ?? []).flatMap((one, index) => checkRepositoryStatement(one, [...path, "statements", index])),
  ];
  if (problems.length > 0) return problems;
  const document = repositoryPolicy(scope, access);
  return [
    ...checkSids(scope, statements ?? [], grants(scope, access), [...path, "statements"]),
    ...checkDenyOthers(access, path),
    ...checkLockout(scope, document, [...path, "statements"]),
    ...(document ? checkSize(document, REPOSITORY_POLICY_LIMIT, path) : []),
  ];
}

function checkLambdaPull({ accounts }: LambdaPull, path: Path): Diagnostic[] {
  const at = [...path, "accounts"];
  if (!Array.isArray(accounts) || accounts.length === 0) {
    const fix = 'write e.g. ["111122223333"]';
    return [diagnostic({ path: at, message: "must be a list of at least one account id", value: accounts, fix })];
  }
  return accounts.flatMap((account: string, index) => checkAccountId(account, [...at, index]));
}

function checkRepositoryStatement(statement: RepositoryPolicyStatement, path: Path): Diagnostic[] {
  const problems = checkStatement(statement, path);
  if (problems.length > 0) return problems;
  return statement.actions.flatMap((action, index) => {
    if (!FOREIGN_ACTIONS.includes(action)) return [];
    const fix =
      action === "ecr:CreateRepository"
        ? "allow it in the registry policy or in an identity policy"
        : "allow it in an identity policy";
    return [
      diagnostic({
        path: [...path, "actions", index],
        message: "has no effect in a repository policy",
        value: action,
        fix,
      }),
    ];
  });
}

/** What nobody can take back: ECR refuses such a policy for a repository that exists, and says nothing of templates. */
function checkLockout(scope: RegistryScope, document: PolicyDocument | undefined, path: Path): Diagnostic[] {
  const principal = { account: scope.accountId };
  if (policyDecision(scope, document, { principal, action: "ecr:SetRepositoryPolicy" }) !== "denied") return [];
  const message = `must not deny ecr:SetRepositoryPolicy to account ${scope.accountId}: nobody could change the policy again`;
  const fix = "leave the action out, or deny it to single roles";
  return [diagnostic({ path, message, fix, code: "repository-lockout" })];
}

function checkDenyOthers({ pull, push = [], denyOthers, statements = [] }: RepositoryAccess, path: Path): Diagnostic[] {
  if (!denyOthers) return [];
  const denied: readonly EcrAction[] = [...EXCLUSIVE_PULL_ACTIONS, ...UPLOAD_ACTIONS];
  const problems: Diagnostic[] = statements.flatMap(({ effect = "Allow", actions }, index) => {
    const action = effect === "Allow" ? actions.find((one) => denied.includes(one)) : undefined;
    if (action === undefined) return [];
    const message = `must not allow ${action} while denyOthers is true, which denies it again`;
    const fix = "list its principals under pull or push, or leave out denyOthers";
    return [diagnostic({ path: [...path, "statements", index, "actions"], message, fix })];
  });
  if (pull?.length === 0 && push.length === 0) {
    const fix = "list somebody under pull or push, or leave out denyOthers";
    const message = "must not shut out everybody";
    problems.push(
      diagnostic({ path: [...path, "denyOthers"], message, value: denyOthers, fix, code: "repository-lockout" }),
    );
  }
  return problems;
}
