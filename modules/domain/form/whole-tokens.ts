import { diagnostic, Path } from "../basics";
import { FormProblem } from "./form-problem";

/**
 * Finds tokens that stand for a whole object or list. What a description consists of must be known at synth; single
 * texts and numbers in it need not be.
 */
export function checkTokens(value: unknown, path: Path = [], around: readonly unknown[] = []): FormProblem[] {
  if (typeof value !== "object" || value === null) return [];
  if (isWholeToken(value)) return [refused(path, "must be known at synth, but is a token")];
  if (around.includes(value)) return [refused(path, "must not hold itself")];
  const inside = [...around, value];
  if (Array.isArray(value)) return value.flatMap((one: unknown, at) => checkTokens(one, [...path, at], inside));
  return Object.entries(value).flatMap(([field, inner]) => checkTokens(inner, [...path, field], inside));
}

function refused(path: Path, message: string): FormProblem {
  const fix = "write the object or the list itself; single texts in it can be tokens, such as variable.stringValue";
  return { ...diagnostic({ path, message, fix }), unusable: true };
}

/** The engine's forms of a list, a map or any value that only Terraform knows. */
function isWholeToken(value: object): boolean {
  if (typeof (value as { resolve?: unknown }).resolve === "function") return true;
  const [marker, ...others] = (Array.isArray(value) ? value : Object.keys(value)) as readonly unknown[];
  return others.length === 0 && typeof marker === "string" && /^[#&]\{TfToken\[/.test(marker);
}
