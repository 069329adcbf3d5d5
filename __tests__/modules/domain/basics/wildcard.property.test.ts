import fc from "fast-check";
import { matchesIamPattern } from "../../../../modules/domain/basics/wildcard";

test("a pattern of IAM matches what the regular expression of the same meaning matches", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab]{0,8}$/), fc.stringMatching(/^[ab*?]{0,8}$/), (text, pattern) => {
      const expression = pattern.replace(/\*+/g, ".*").replaceAll("?", ".");
      expect(matchesIamPattern(text, pattern)).toBe(new RegExp(`^${expression}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});
