import { LifecycleRule, parseLifecyclePolicy } from "../modules/domain";

/** A statement of a policy: its name, its text and its meaning. */
export interface StatementMeaning {
  /** Its Sid, if it has one. */
  readonly sid: string | undefined;
  /** Its text without the Sid, with keys and lists in order. */
  readonly text: string;
  /** Its text in a form in which statements of one meaning are equal. */
  readonly meaning: string;
  /** Whether it allows something. */
  readonly allows: boolean;
  /** The ids of roles and users that were deleted, which AWS shows in place of their ARNs. */
  readonly deletedPrincipals: readonly string[];
}

/** Whose policy it is. Of a repository, `"Resource": "*"` means the same as no resource. */
export type PolicyOwner = "registry" | "repository";

/**
 * A policy in a form in which policies of one meaning are equal: without Sids, lists in order and a list of one like its
 * only element, accounts by their ids, everybody as `*`, actions in lower case, no statement twice. AWS rewrites policies
 * when it stores them, and does not distinguish the case of actions.
 */
export function policyMeaning(text: string | undefined, owner: PolicyOwner = "registry"): string | undefined {
  if (text === undefined || text === "") return undefined;
  const statements = policyStatementMeanings(text, owner);
  if (statements === undefined) return text;
  if (statements.length === 0) return undefined;
  return JSON.stringify([...new Set(statements.map(({ meaning }) => meaning))].sort());
}

/** The statements of a policy; `undefined` if the text is not JSON. */
export function policyStatementMeanings(text: string, owner: PolicyOwner = "registry"): StatementMeaning[] | undefined {
  const document = parse(text);
  if (document === undefined) return undefined;
  return asList(document.Statement ?? []).map((statement) => {
    const { Sid, Principal, ...rest } = statement as Record<string, unknown>;
    const principal = Principal === undefined ? {} : { Principal: isEveryone(Principal) ? "*" : Principal };
    const said = { ...rest, ...principal };
    return {
      sid: typeof Sid === "string" ? Sid : undefined,
      text: JSON.stringify(sorted(said)),
      meaning: JSON.stringify(sorted(withoutSpelling(said, owner))),
      allows: rest.Effect === "Allow",
      deletedPrincipals: JSON.stringify(Principal ?? "").match(DELETED_PRINCIPAL) ?? [],
    };
  });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const DELETED_PRINCIPAL = /\bA(?:ROA|IDA)[A-Z0-9]{8,}\b/g;

/** A statement with its actions in lower case and, in a repository's policy, without the resource that it always has. */
function withoutSpelling({ Resource, ...statement }: Record<string, unknown>, owner: PolicyOwner) {
  const isImplied = owner === "repository" && asList(Resource).every((one) => one === "*");
  const spelled = ["Action", "NotAction"].filter((name) => statement[name] !== undefined);
  return {
    ...statement,
    ...(Resource === undefined || isImplied ? {} : { Resource }),
    ...Object.fromEntries(
      spelled.map((name) => [name, asList(statement[name]).map((one) => String(one).toLowerCase())]),
    ),
  };
}

/** A lifecycle policy in a form in which policies of one meaning are equal: without descriptions, numbered from 1. */
export function lifecycleMeaning(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const parsed = parseLifecyclePolicy(withoutEmptyLists(text));
  if ("diagnostics" in parsed) return text;
  if (parsed.policy.rules.length === 0) return undefined;
  return JSON.stringify(parsed.policy.rules.map(ruleMeaning));
}

/** The rules of a lifecycle policy; `undefined` where it is none. */
export function lifecycleRules(text: string): readonly LifecycleRule[] | undefined {
  const parsed = parseLifecyclePolicy(withoutEmptyLists(text));
  return "diagnostics" in parsed ? undefined : parsed.policy.rules;
}

/** A tag that begins with a text matches the text with a `*` behind it, and of a list all must be found either way. */
function ruleMeaning({ selection, action }: LifecycleRule): unknown {
  if (!("tagPrefixList" in selection)) return sorted({ selection, action });
  const { tagPrefixList, ...rest } = selection;
  // A `*` in a beginning may stand for itself, and in a pattern for anything.
  if (tagPrefixList.some((prefix) => prefix.includes("*"))) return sorted({ selection, action });
  return sorted({ selection: { ...rest, tagPatternList: tagPrefixList.map((prefix) => `${prefix}*`) }, action });
}

/** AWS takes an empty list of tags for none. */
function withoutEmptyLists(text: string): string {
  const document = parse(text);
  if (document === undefined) return text;
  return JSON.stringify(document, (key, value: unknown) => {
    const isEmpty = /^tag(Pattern|Prefix)List$/.test(key) && Array.isArray(value) && value.length === 0;
    return isEmpty ? undefined : value;
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** `{ "AWS": "*" }` and `"*"` are the same in a policy of a resource. */
function isEveryone(principal: unknown): boolean {
  if (typeof principal !== "object" || principal === null) return principal === "*";
  const { AWS, ...others } = principal as Record<string, unknown>;
  return Object.keys(others).length === 0 && asList(AWS).includes("*");
}

/** Keys and lists in order and without repeats, a list of one like its only element; nothing for an empty list. */
function sorted(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
  }
  const values = asList(value).map((one) => {
    return typeof one === "string" ? accountOf(one) : JSON.stringify(typeof one === "object" ? sorted(one) : one);
  });
  const once = [...new Set(values)].sort();
  return once.length > 1 ? once : once[0];
}

/** AWS takes an account's id for the ARN of its root. */
function accountOf(value: string): string {
  return /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(value)?.[1] ?? value;
}
