/** A part of a text: what stands for itself, or an expression of Terraform's with its `${` and `}`. */
export interface TemplatePart {
  /** Whether Terraform evaluates it. */
  readonly isExpression: boolean;
  /** The part as it is written. */
  readonly text: string;
}

/**
 * A variable that IAM fills in when it evaluates a policy, `${aws:PrincipalAccount}`, or one of its special characters:
 * `${*}`, `${?}` and `${$}`. The second colon of `${provider::` would make it a function of Terraform's.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const IAM_VARIABLE = /^\$\{(?:[*?$]\}|[A-Za-z][A-Za-z0-9.-]*:(?!:))/;

/** Whether an expression is IAM's and not Terraform's. */
export function isIamVariable(expression: string): boolean {
  return IAM_VARIABLE.test(expression);
}

/**
 * Splits a text as Terraform reads it. An expression begins with `${` or `%{` and ends with the brace that belongs to it;
 * one without such an end goes to the end of the text. `$${` and `%%{` are no expressions.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function templateParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literalFrom = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at + 1] !== "{" || (text[at] !== "$" && text[at] !== "%")) continue;
    if (text[at - 1] === text[at]) continue;
    const end = endOfExpression(text, at + 2);
    if (at > literalFrom) parts.push({ isExpression: false, text: text.slice(literalFrom, at) });
    parts.push({ isExpression: true, text: text.slice(at, end) });
    literalFrom = end;
    at = end - 1;
  }
  if (literalFrom < text.length) parts.push({ isExpression: false, text: text.slice(literalFrom) });
  return parts;
}

/** Whether an expression has the brace that ends it. */
export function isComplete(expression: string): boolean {
  return expression.endsWith("}") && endOfExpression(`${expression} `, 2) === expression.length;
}

/** The place after the brace that belongs to one before `from`: neither one in a text, nor one of an inner object. */
function endOfExpression(text: string, from: number): number {
  const open: ("{" | '"')[] = ["{"];
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (open.at(-1) === '"') {
      if (character === "\\") at++;
      else if (character === '"') open.pop();
      else if (character === "{" && /[$%]/.test(text[at - 1]!) && text[at - 2] !== text[at - 1]) open.push("{");
    } else if (character === '"') open.push('"');
    else if (character === "{") open.push("{");
    else if (character === "}" && open.pop() && open.length === 0) return at + 1;
  }
  return text.length;
}
