import { diagnostic, Path, Refused } from "../basics";
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
 */
export function parseLifecyclePolicy(text: string, path: Path = []): ParsedLifecyclePolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      diagnostics: [
        diagnostic({ path, message: `must be JSON: ${placeIn(text, (error as Error).message)}`, fix: "fix it there" }),
      ],
    };
  }
  const policy = value as LifecyclePolicy;
  const problems = checkLifecyclePolicy(policy, path);
  return problems.length > 0 ? { diagnostics: problems } : { policy: canonicalLifecyclePolicy(policy) };
}

/** JavaScript counts characters; people look for lines. */
function placeIn(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1} cannot be read`;
}
