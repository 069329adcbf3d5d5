import { issuerOfCredential } from "./credential-text";
import { DEEPEST_DESCRIPTION, PlacedText } from "./each-text";
import { Path, Diagnostic, diagnostic } from "./diagnostic";
import { isComplete, isIamVariable, templateParts } from "./terraform-template";

/** Checks that no text holds a credential: a description is read by many, and kept for ever. */
export function checkNoCredentials(texts: readonly PlacedText[]): Diagnostic[] {
  return texts.flatMap(({ path, text }): Diagnostic[] => {
    const issuer = issuerOfCredential(text);
    if (issuer === undefined) return [];
    const fix = "revoke it, and put a new one into Secrets Manager, as help/credentials.md describes";
    return [diagnostic({ path, message: `must not hold a credential, but holds one of ${issuer}`, value: "…", fix })];
  });
}

/** Checks that a description is not deeper than it is searched. */
export function checkDepth(texts: readonly PlacedText[]): Diagnostic[] {
  const deepest = texts.find(({ path }) => path.length >= DEEPEST_DESCRIPTION);
  if (deepest === undefined) return [];
  const message = `must not hold more than ${DEEPEST_DESCRIPTION} levels of values in values`;
  return [diagnostic({ path: deepest.path.slice(0, 4), message, fix: "remove what nobody reads" })];
}

/** `${name}` is none: a reference in Terraform has at least two parts. */
const BARE_WORD = /^~?\s*(?!(?:true|false|null)\b)[A-Za-z_][\w-]*\s*~?$/;
const DIRECTIVE = /^~?\s*(?:if|else|endif|for|endfor)\b/;

/**
 * Checks that what Terraform would read as an expression can be one: `${USER}` and `%{time}` cannot, and a plan would
 * fail. Whether what an expression refers to exists is Terraform's to say.
 *
 * @param isPolicy whether a text is a part of a policy, in which IAM fills in its own variables
 */
export function checkExpressions(texts: readonly PlacedText[], isPolicy: (path: Path) => boolean): Diagnostic[] {
  return texts.flatMap(({ path, text }): Diagnostic[] => {
    const wrong = templateParts(text).find((part) => part.isExpression && !isExpression(part.text, isPolicy(path)));
    if (wrong === undefined) return [];
    const expression = wrong.text;
    const message = `must not hold ${expression}, which Terraform cannot evaluate`;
    const fix = `write ${expression.charAt(0)}${expression} if you mean the text itself, or an expression such as \${var.team}`;
    return [diagnostic({ path, message, ...(text !== expression && { value: text }), fix })];
  });
}

function isExpression(expression: string, isPolicy: boolean): boolean {
  if (!isComplete(expression)) return false;
  if (isIamVariable(expression)) return isPolicy;
  const inner = expression.slice(2, -1);
  if (expression.startsWith("%")) return DIRECTIVE.test(inner);
  return inner.trim() !== "" && !BARE_WORD.test(inner);
}
