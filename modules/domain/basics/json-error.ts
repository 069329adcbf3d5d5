/** White space of JSON. */
const SPACE = /[\t\n\r ]*/y;
/** A text, a number or a constant, as JSON has them. */
const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What can come next in a JSON text. */
type Next = "value" | "first value" | "key" | "first key" | "colon" | "comma" | "nothing";

/**
 * Where a text stops being JSON: the offset of the first character that cannot be there. The messages of `JSON.parse` name
 * it in some versions of JavaScript and for some mistakes only.
 */
export function jsonErrorOffset(text: string): number {
  const open: ("[" | "{")[] = [];
  let next: Next = "value";
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const afterValue = (): Next => (open.length === 0 ? "nothing" : "comma");
  for (;;) {
    take(SPACE);
    const character = text[at];
    const isClosed = character === (open.at(-1) === "[" ? "]" : "}") && open.length > 0;
    if (isClosed && (next === "comma" || next === "first value" || next === "first key")) {
      open.pop();
      at++;
      next = afterValue();
    } else if (next === "comma" && character === ",") {
      at++;
      next = open.at(-1) === "[" ? "value" : "key";
    } else if (next === "colon" && character === ":") {
      at++;
      next = "value";
    } else if ((next === "value" || next === "first value") && (character === "[" || character === "{")) {
      open.push(character);
      at++;
      next = character === "[" ? "first value" : "first key";
    } else if ((next === "value" || next === "first value") && take(SCALAR) !== undefined) {
      next = afterValue();
    } else if ((next === "key" || next === "first key") && character === '"' && take(SCALAR) !== undefined) {
      next = "colon";
    } else {
      return at;
    }
  }
}
