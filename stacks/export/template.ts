/** A part of a template: text, or a sequence such as `${…}` that Terraform evaluates. */
export interface TemplatePart {
  readonly kind: "text" | "sequence";
  readonly text: string;
}

/**
 * Splits a template into its text and its sequences. An escaped sequence, `$${`, is text.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
 */
export function splitTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let start = 0;
  let position = 0;
  const add = (kind: TemplatePart["kind"], end: number) => {
    if (end > start) parts.push({ kind, text: template.slice(start, end) });
    start = end;
  };
  while (position < template.length) {
    if (/^(?:\$\$|%%)\{/.test(template.slice(position, position + 3))) {
      position += 3;
    } else if (startsSequence(template, position)) {
      add("text", position);
      position = endOfSequence(template, position);
      add("sequence", position);
    } else {
      position++;
    }
  }
  add("text", position);
  return parts;
}

/** The expression of a template that is nothing but `${expression}`. */
export function soleExpression(template: string): string | undefined {
  const [part, ...others] = splitTemplate(template);
  if (part?.kind !== "sequence" || others.length > 0 || !/^\$\{[^~]/.test(part.text)) return undefined;
  const expression = part.text.slice(2, -1).trim();
  return expression === "" || expression.endsWith("~") ? undefined : expression;
}

/** A template in quotes, as the native syntax writes it. */
export function quoteTemplate(template: string): string {
  const parts = splitTemplate(template).map(({ kind, text }) => (kind === "text" ? escapeText(text) : text));
  return `"${parts.join("")}"`;
}

/** A text in quotes in which nothing is evaluated. */
export function quoteLiteral(text: string): string {
  return `"${escapeText(text.replace(/[$%](?=\{)/g, "$&$&"))}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

function escapeText(text: string): string {
  return text.replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function startsSequence(template: string, position: number): boolean {
  const [mark, brace] = template.slice(position, position + 2);
  return (mark === "$" || mark === "%") && brace === "{";
}

/** The position after a sequence that starts at a position; the end of a template in which it does not end. */
function endOfSequence(template: string, start: number): number {
  let depth = 1;
  let position = start + 2;
  while (position < template.length && depth > 0) {
    const character = template[position]!;
    if (character === '"') {
      position = endOfString(template, position);
      continue;
    }
    if (character === "{") depth++;
    if (character === "}") depth--;
    position++;
  }
  return position;
}

/** The position after a string in quotes inside a sequence; it is a template itself. */
export function endOfString(template: string, start: number): number {
  let position = start + 1;
  while (position < template.length && template[position] !== '"') {
    if (template[position] === "\\") position += 2;
    else if (/^(?:\$\$|%%)\{/.test(template.slice(position, position + 3))) position += 3;
    else if (startsSequence(template, position)) position = endOfSequence(template, position);
    else position++;
  }
  return Math.min(position + 1, template.length);
}
