import { parseLifecyclePolicy } from "../modules/domain";

/**
 * A policy in a form in which policies of one meaning are equal: without Sids, in which nothing is said, lists in order
 * and a list of one like its only element, accounts by the ARN of their root. AWS rewrites policies so when it stores
 * them.
 */
export function policyMeaning(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const document = parse(text);
  if (document === undefined) return text;
  const statements = asList(document.Statement).map((statement) => {
    const { Sid: _, ...rest } = statement as Record<string, unknown>;
    return JSON.stringify(sorted(rest));
  });
  return JSON.stringify(statements.sort());
}

/** A lifecycle policy in a form in which policies of one meaning are equal: without descriptions, numbered from 1. */
export function lifecycleMeaning(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const parsed = parseLifecyclePolicy(text);
  if ("problems" in parsed) return text;
  if (parsed.policy.rules.length === 0) return undefined;
  return JSON.stringify(parsed.policy.rules.map(({ selection, action }) => sorted({ selection, action })));
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

/** Keys and lists in order, single values as lists. */
function sorted(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
  }
  const values = asList(value).map((one) => {
    return typeof one === "string" ? accountOf(one) : JSON.stringify(typeof one === "object" ? sorted(one) : one);
  });
  return [...new Set(values)].sort();
}

/** AWS takes an account's id for the ARN of its root. */
function accountOf(value: string): string {
  return /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(value)?.[1] ?? value;
}
