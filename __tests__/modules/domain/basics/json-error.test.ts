import fc from "fast-check";
import { jsonErrorOffset } from "../../../../modules/domain/basics";

test.each([
  ["", 0],
  ["  ", 2],
  ['{"a": 1,}', 8],
  ["[1 2]", 3],
  ["[1, // two\n]", 4],
  ["{'a': 1}", 1],
  ['{"a" 1}', 5],
  ['{"a": 01}', 7],
  ['["a\nb"]', 1],
  ["[tru]", 1],
  ["[]]", 2],
  ["[}", 1],
  ['{"a": {"b": [1, {"c": nul}]}}', 22],
  ["\uFEFF{", 0],
])("%j stops being JSON at %d", (text, offset) => {
  expect(() => void JSON.parse(text)).toThrow();
  expect(jsonErrorOffset(text)).toBe(offset);
});

test("reads every JSON text to its end", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 2, "\t"), (text, space) => {
      const pretty = JSON.stringify(JSON.parse(text), null, space);
      expect([jsonErrorOffset(text), jsonErrorOffset(pretty)]).toEqual([text.length, pretty.length]);
    }),
  );
});

test("a character that JSON has only in texts is found where it stands, or where the scalar around it begins", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const place = at % (json.length + 1);
      const text = `${json.slice(0, place)}#${json.slice(place)}`;
      const isInText = isJson(text);
      const offset = jsonErrorOffset(text);
      if (isInText) expect(offset).toBe(text.length);
      expect(offset <= place).toBe(!isInText);
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("is not stopped by depth", () => {
  expect(jsonErrorOffset("[".repeat(200_000))).toBe(200_000);
});
