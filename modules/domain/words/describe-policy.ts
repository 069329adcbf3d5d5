import { RegistryScope } from "../naming";
import { PolicyDocument, PolicyStatement } from "../policy";
import { describeConditions } from "./describe-statement";

/** A statement of a policy in words. */
export interface DescribedPolicyStatement {
  /** The statement's Sid. */
  readonly sid: string;
  /** What it allows or denies, to whom: `allows the role dev to call ecr:CreateRepository on quay/*`. */
  readonly text: string;
}

/** The statements of a policy in words. Repositories and identities of the registry's own account go by their names. */
export function describePolicy(scope: RegistryScope, document: PolicyDocument): DescribedPolicyStatement[] {
  return document.Statement.map((statement) => ({ sid: statement.Sid, text: describe(scope, statement) }));
}

function describe(scope: RegistryScope, { Effect, Principal, Action, Resource, Condition }: PolicyStatement): string {
  const { AWS = [], Service = [] } = typeof Principal === "object" ? Principal : {};
  const principals = [
    ...(Principal === "*" ? ["everyone"] : []),
    ...[AWS].flat().map((arn) => describeIdentity(scope, arn)),
    ...[Service].flat().map((service) => `the service ${service}`),
  ];
  const [effect, verb] = Effect === "Allow" ? ["allows", "to call"] : ["denies", "permission to call"];
  const who = principals.length === 0 ? "" : ` ${principals.join(", ")} ${verb}`;
  const where = Resource === undefined ? "" : ` on ${[Resource].flat().map(describeResource).join(", ")}`;
  return `${effect}${who} ${[Action].flat().join(", ")}${where}${describeConditions(Condition)}`;
}

function describeIdentity({ accountId }: RegistryScope, arn: string): string {
  const [, account, kind, name] = /^arn:[\w-]+:iam::(\d{12}):(role|user|root)(?:\/(.+))?$/.exec(arn) ?? [];
  if (account === undefined) return arn;
  if (kind === "root") return `the account ${account}`;
  return `the ${kind} ${name}${account === accountId ? "" : ` of account ${account}`}`;
}

function describeResource(arn: string): string {
  if (arn === "*") return "everything";
  return /^arn:[\w-]+:ecr:[^:]*:[^:]*:repository\/(.+)$/.exec(arn)?.[1] ?? arn;
}
