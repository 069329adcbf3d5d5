import { Diagnostic, diagnostic, isIamVariable, Path, templateParts } from "../basics";
import { CommandAction } from "./command-action";
import { Conditions } from "./conditions";
import { DeployAction } from "./deploy-action";
import { EcrAction } from "./ecr-action";
import { KmsAction } from "./kms-action";
import { PrincipalElement } from "./principal";
import { stableSet } from "./stable-set";

/** An action that the library writes into policies. */
export type PolicyAction = EcrAction | KmsAction | DeployAction | CommandAction | "sts:AssumeRole";

/** One statement, in the terms of IAM. */
export interface PolicyStatement {
  /** Its name, unique in the document. */
  readonly Sid: string;
  /** Whether it lets in or keeps out: a Deny beats any Allow. */
  readonly Effect: "Allow" | "Deny";
  /** Whom it is about; identity policies have none. */
  readonly Principal?: PrincipalElement;
  /** What it is about. */
  readonly Action: PolicyAction | readonly PolicyAction[];
  /** On what, by ARN; repository policies have none. */
  readonly Resource?: string | readonly string[];
  /** When. */
  readonly Condition?: Conditions;
}

/** A policy as data. `renderPolicyDocument` makes its text. */
export interface PolicyDocument {
  /** The version of IAM's language. */
  readonly Version: "2012-10-17";
  /** The statements. Their order has no meaning. */
  readonly Statement: readonly PolicyStatement[];
}

/** The limit on the text of a kind of policy. */
export interface PolicyLimit {
  /** The kind of policy, as messages name it. */
  readonly kind: string;
  /** The most characters that AWS takes. */
  readonly characters: number;
  /** What makes such a policy shorter. */
  readonly fix: string;
}

/** A document of the statements, in their order. */
export function policyDocument(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/**
 * The text of a policy: compact JSON that is the same for equal policies. Statements keep their order; actions,
 * principals, resources and conditions are sorted and stand once. A list of one is written as its only element, as
 * AWS writes it in its own examples: the shorter form leaves more room below the limits, and the Terraform provider
 * takes both for equal.
 */
export function renderPolicyDocument(document: PolicyDocument): string {
  return JSON.stringify({ Version: document.Version, Statement: document.Statement.map(renderStatement) });
}

function renderStatement({ Sid, Effect, Principal, Action, Resource, Condition }: PolicyStatement) {
  return {
    Sid,
    Effect,
    Principal: sorted(Principal),
    Action: sorted(Action),
    Resource: sorted(Resource),
    Condition: sorted(Condition),
  };
}

/** Lists and keys in order, a list of one without its brackets. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const values = stableSet(value as string[]);
    return values.length === 1 ? values[0] : values;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/**
 * A policy's text as a string of Terraform. IAM's variables are escaped, `$${aws:PrincipalAccount}`, so that AWS gets
 * them as they are. In Terraform's own expressions nothing is escaped as in JSON: Terraform evaluates them first, so a
 * quotation mark in them is none of the JSON text. `isUnresolved` knows only Terraform's view and takes a text with an
 * IAM variable for unresolved, so a check may skip it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function escapeForTerraform(text: string): string {
  // Instead of JSON there may be an expression that makes it: `${jsonencode(…)}`.
  if (!/^\s*\{/.test(text)) return escapeVariables(text, (literal) => literal);
  return jsonTokens(text)
    .map((token) => (token.startsWith('"') && /[$%]\{/.test(token) ? escapeToken(token) : token))
    .join("");
}

function escapeToken(quoted: string): string {
  return `"${escapeVariables(JSON.parse(quoted) as string, (literal) => JSON.stringify(literal).slice(1, -1))}"`;
}

function escapeVariables(text: string, escapeLiteral: (literal: string) => string): string {
  const parts = templateParts(text).map((part) => {
    if (!part.isExpression) return escapeLiteral(part.text);
    return isIamVariable(part.text) ? `$${part.text}` : part.text;
  });
  return parts.join("");
}

/** JSON in pieces: each text with its quotation marks, and what is between them. */
function jsonTokens(json: string): string[] {
  const tokens: string[] = [];
  for (let from = 0; from < json.length;) {
    const end = json[from] === '"' ? endOfJsonText(json, from) : json.indexOf('"', from);
    tokens.push(json.slice(from, end < 0 ? undefined : end));
    from = end < 0 ? json.length : end;
  }
  return tokens;
}

function endOfJsonText(json: string, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

/**
 * Checks the size of a policy. What only Terraform knows counts as nothing, so a policy that is found too long is too
 * long whatever its tokens become.
 */
export function checkSize(document: PolicyDocument, limit: PolicyLimit, path: Path): Diagnostic[] {
  // A variable of IAM's is no expression of Terraform's: AWS counts it as it is written.
  const known = templateParts(renderPolicyDocument(document)).filter((part) => {
    return !part.isExpression || isIamVariable(part.text);
  });
  const length = known.reduce((sum, { text }) => sum + text.replace(/\$\$(?=\{)/g, "$").length, 0);
  const { kind, characters, fix } = limit;
  if (length <= characters) return [];
  return [
    diagnostic({ path, message: `must make a ${kind} of at most ${characters} characters, but makes ${length}`, fix }),
  ];
}
