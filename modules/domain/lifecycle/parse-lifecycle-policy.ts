import { diagnostic, jsonErrorOffset, Path, Refused } from "../basics";
import { canonicalLifecyclePolicy } from "./canonical-lifecycle-policy";
import { checkLifecyclePolicy } from "./check-lifecycle-policy";
import { LifecyclePolicy } from "./lifecycle-policy";

/** A policy that was read, or everything that is wrong with its text. */
export type ParsedLifecyclePolicy =
  | Refused
  | {
      /** The policy. */
      readonly policy: LifecyclePolicy;
    };

/**
 * Reads a policy's JSON, e.g. one that is in use. What is read is in canonical form: rendering it gives a text of the
 * same meaning, and rendering a policy and reading it back gives the policy in canonical form.
 *
 * What surrounds a policy is read, too: the output of `aws ecr get-lifecycle-policy`, of
 * `get-lifecycle-policy-preview` and of `describe-repository-creation-templates` for one template, a list of rules
 * without the object around it, and a policy that is the text of a JSON string. `lifecycleWarnings` tells what works and
 * is probably not what was meant.
 */
export function parseLifecyclePolicy(text: string, path: Path = []): ParsedLifecyclePolicy {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    const offset = jsonErrorOffset(text);
    const isComment = /^\/[/*]/.test(text.slice(offset));
    const message = `must be JSON: ${placeIn(text, offset)} ${isComment ? "is a comment" : "cannot be read"}`;
    const fix = isComment ? "remove it: JSON has no comments" : "fix it there";
    return { diagnostics: [diagnostic({ path, message, fix })] };
  }
  const found = findPolicy(value);
  if (found !== undefined && "text" in found) return parseLifecyclePolicy(found.text, [...path, ...found.path]);
  if (found === undefined) {
    const message = "must be a lifecycle policy, or the output of the AWS CLI for one";
    const fix = 'write { "rules": [ … ] }';
    return { diagnostics: [diagnostic({ path, message, value, fix })] };
  }
  const { policy } = found;
  const problems = checkLifecyclePolicy(policy, path);
  return problems.length > 0 ? { diagnostics: problems } : { policy: canonicalLifecyclePolicy(policy) };
}

/** Where in some JSON the policy is: there, or in a text. */
function findPolicy(
  value: unknown,
): { readonly policy: LifecyclePolicy } | { readonly text: string; readonly path: Path } | undefined {
  if (typeof value === "string") return { text: value, path: [] };
  if (Array.isArray(value)) return { policy: { rules: value } as unknown as LifecyclePolicy };
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const field of ["lifecyclePolicyText", "lifecyclePolicy"]) {
    const inner = fields[field];
    if (typeof inner === "string") return { text: inner, path: [field] };
    // The policy of an environment or a template, as its owners write it.
    if (typeof inner === "object" && inner !== null) return findPolicy(inner);
  }
  const { repositoryCreationTemplates: templates } = fields;
  if (Array.isArray(templates) && templates.length === 1) return findPolicy(templates[0]);
  return { policy: value as LifecyclePolicy };
}

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r?\n/);
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
