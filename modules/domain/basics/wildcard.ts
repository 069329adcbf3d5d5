/** Whether a text matches a pattern in which each `*` stands for any number of characters, none included. */
export function matchesWildcard(text: string, pattern: string): boolean {
  const [start = "", ...rest] = pattern.split("*");
  const end = rest.pop();
  if (end === undefined) return text === pattern;
  if (!text.startsWith(start)) return false;
  let from = start.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - end.length >= from && text.endsWith(end);
}

/** Whether a text matches a pattern of IAM: `*` stands for any characters, none included, and `?` for one. */
export function matchesIamPattern(text: string, pattern: string): boolean {
  let [at, next] = [0, 0];
  // Where to go on if what follows the last `*` does not match: the star takes one more character.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    if (pattern[next] === "*") [star, taken, next] = [next, at, next + 1];
    else if (pattern[next] === "?" || pattern[next] === text[at]) [at, next] = [at + 1, next + 1];
    else if (star >= 0) [taken, at, next] = [taken + 1, taken + 1, star + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
