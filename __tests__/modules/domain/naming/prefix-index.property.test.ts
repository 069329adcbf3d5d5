import fc from "fast-check";
import { PrefixIndex } from "../../../../modules/domain/naming/prefix-index";
import { prefixContains, prefixCovers } from "../../../../modules/domain/naming/repository-prefix";

/** Few and short parts, so that prefixes often lie inside each other or only look as if they did. */
const name = fc
  .array(fc.constantFrom("a", "b", "ab", "a-b"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));
const prefix = fc.oneof({ weight: 1, arbitrary: fc.constant("ROOT") }, { weight: 9, arbitrary: name });
const entries = fc.uniqueArray(prefix, { maxLength: 12 }).map((prefixes) => prefixes.map((one) => ({ prefix: one })));

const depth = (one: string) => (one === "ROOT" ? 0 : one.length);

test("finds around a prefix what contains it, the most specific first", () => {
  fc.assert(
    fc.property(entries, prefix, (all, wanted) => {
      const expected = all.filter((one) => prefixContains(one.prefix, wanted));
      expected.sort((one, other) => depth(other.prefix) - depth(one.prefix));
      expect(new PrefixIndex(all).around(wanted)).toEqual(expected);
    }),
  );
});

test("finds inside a prefix what it contains, but not what is the same", () => {
  fc.assert(
    fc.property(entries, prefix, (all, wanted) => {
      const expected = all.filter((one) => one.prefix !== wanted && prefixContains(wanted, one.prefix));
      expect(new PrefixIndex(all).inside(wanted)).toEqual(expected);
    }),
  );
});

test("takes for a repository the most specific prefix that covers it", () => {
  fc.assert(
    fc.property(entries, name, (all, repository) => {
      const covering = all.filter((one) => prefixCovers(one.prefix, repository));
      const deepest = Math.max(...covering.map((one) => depth(one.prefix)));
      expect(new PrefixIndex(all).covering(repository)).toBe(covering.find((one) => depth(one.prefix) === deepest));
    }),
  );
});

test.each([
  ["prod/team/app", "prod/team"],
  ["prod/app", "prod"],
  ["production/app", "ROOT"],
  ["prod", "ROOT"],
])("for %s takes %s", (repository, expected) => {
  const index = new PrefixIndex(["ROOT", "prod", "prod/team", "dev"].map((one) => ({ prefix: one })));
  expect(index.covering(repository)?.prefix).toBe(expected);
});

test("of the same prefix given twice the first counts", () => {
  const [first, second] = [
    { prefix: "prod", id: 1 },
    { prefix: "prod", id: 2 },
  ];
  const index = new PrefixIndex([first, second]);
  expect(index.around("prod")).toEqual([first]);
  expect(index.inside("ROOT")).toEqual([first]);
});
