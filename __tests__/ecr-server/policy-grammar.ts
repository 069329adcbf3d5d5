import Ajv from "ajv";
import { EcrError } from "./ecr-error";
import { RegistryIdentity } from "./registry-identity";

interface Statement {
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

const LONGEST_TEXT = 10_240;
const TEXTS = { anyOf: [{ type: "string" }, { type: "array", minItems: 1, items: { type: "string" } }] };
const PRINCIPAL = {
  anyOf: [
    { const: "*" },
    {
      type: "object",
      minProperties: 1,
      propertyNames: { enum: ["AWS", "Service", "Federated", "CanonicalUser"] },
      additionalProperties: TEXTS,
    },
  ],
};
const STATEMENT = {
  type: "object",
  required: ["Effect"],
  additionalProperties: false,
  properties: {
    Sid: { type: "string" },
    Effect: { enum: ["Allow", "Deny"] },
    Principal: PRINCIPAL,
    NotPrincipal: PRINCIPAL,
    Action: TEXTS,
    NotAction: TEXTS,
    Resource: TEXTS,
    Condition: { type: "object", additionalProperties: { type: "object", minProperties: 1 } },
  },
  allOf: [
    { oneOf: [{ required: ["Principal"] }, { required: ["NotPrincipal"] }] },
    { oneOf: [{ required: ["Action"] }, { required: ["NotAction"] }] },
  ],
};
const SCHEMA = {
  type: "object",
  required: ["Statement"],
  additionalProperties: false,
  properties: {
    Version: { enum: ["2008-10-17", "2012-10-17"] },
    Id: { type: "string" },
    Statement: { anyOf: [{ type: "array", minItems: 1, items: STATEMENT }, STATEMENT] },
  },
};
const matchesSchema = new Ajv({ strict: false }).compile<{ Statement: Statement | Statement[] }>(SCHEMA);

/**
 * Refuses what is not a repository's policy. Whether ECR takes a `Resource` there is not established: it has refused
 * one, so this does.
 */
export function refuseRepositoryPolicy(policyText: string): void {
  const statements = statementsOf(policyText, "Invalid repository policy provided");
  if (statements.every(({ Resource }) => Resource === undefined)) return;
  throw refusal("Invalid repository policy provided");
}

/** Refuses what is not a policy of the given registry: its statements name the registry's own repositories. */
export function refuseRegistryPolicy(policyText: string, { accountId, region }: RegistryIdentity): void {
  const reason = "Invalid registry policy provided";
  const own = new RegExp(`^(?:\\*|arn:aws[a-z-]*:ecr:${region}:${accountId}:repository/.+)$`);
  for (const { Resource } of statementsOf(policyText, reason)) {
    const resources = [Resource ?? []].flat();
    if (resources.length === 0 || !resources.every((resource) => own.test(resource))) throw refusal(reason);
  }
}

function statementsOf(policyText: string, reason: string): Statement[] {
  const policy = policyText.length <= LONGEST_TEXT ? parse(policyText) : undefined;
  if (!matchesSchema(policy)) throw refusal(reason);
  const statements = [policy.Statement].flat();
  const sids = statements.flatMap(({ Sid }) => Sid ?? []);
  const actions = statements.flatMap(({ Action }) => Action ?? []);
  if (new Set(sids).size < sids.length || actions.some((action) => !/^(?:\*$|ecr:)/.test(action))) {
    throw refusal(reason);
  }
  return statements;
}

function parse(policyText: string): unknown {
  try {
    return JSON.parse(policyText);
  } catch {
    return undefined;
  }
}

function refusal(reason: string): EcrError {
  const message = `Invalid parameter at 'PolicyText' failed to satisfy constraint: '${reason}'`;
  return new EcrError("InvalidParameterException", message);
}
