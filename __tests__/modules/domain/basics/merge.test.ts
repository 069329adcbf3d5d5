import fc from "fast-check";
import { layOver, merge, pathInOverrides, settle } from "../../../../modules/domain/basics/merge";

describe("merge", () => {
  test("merges objects field by field at every depth, and replaces lists and single values", () => {
    const base = { a: { b: 1, c: [1, 2], d: { e: "x", f: "y" } }, g: [1] };
    expect(merge<object>(base, { a: { b: 2, c: [3], d: { f: "z" } } })).toEqual({
      a: { b: 2, c: [3], d: { e: "x", f: "z" } },
      g: [1],
    });
  });

  test("appends what is added, also where several add", () => {
    expect(merge<object>({ a: [1] }, { a: { add: [2] } }, { a: { add: [3] } })).toEqual({ a: [1, 2, 3] });
    expect(merge<object>({}, { a: { add: [2] } }, { a: { add: [3] } })).toEqual({ a: [2, 3] });
  });

  test("replaces an object of another type, and a value of another kind", () => {
    expect(merge<object>({ e: { type: "KMS", keyArn: "k" } }, { e: { type: "AES256" } })).toEqual({
      e: { type: "AES256" },
    });
    expect(merge<object>({ e: { type: "KMS", keyArn: "k" } }, { e: { type: "KMS" } })).toEqual({
      e: { type: "KMS", keyArn: "k" },
    });
    expect(merge<object>({ m: { type: "X", filters: [] } }, { m: "MUTABLE" })).toEqual({ m: "MUTABLE" });
  });

  test("leaves tokens alone", () => {
    const token = { resolve: () => "x" };
    expect(merge<object>({ a: { b: 1 } }, { a: token })).toEqual({ a: token });
  });

  test("gives the same in one step and in two", () => {
    const list = fc.oneof(fc.array(fc.nat(3)), fc.record({ add: fc.array(fc.nat(3)) }));
    const inner = fc.record({ list, one: fc.nat(3) }, { requiredKeys: [] });
    const settings = fc.record({ list, one: fc.nat(3), inner }, { requiredKeys: [] });
    fc.assert(
      fc.property(settings, settings, settings, (one, two, three) => {
        expect(settle(layOver(layOver(one, two), three))).toEqual(settle(layOver(one, layOver(two, three))));
      }),
    );
  });
});

describe("pathInOverrides", () => {
  const inherited = { access: { pull: ["a", "b"], denyOthers: true } };
  const own = { access: { pull: { add: ["c"] }, push: ["d"] } };

  test.each([
    [
      ["access", "pull", 2],
      ["access", "pull", "add", 0],
    ],
    [["access", "pull", 0], undefined],
    [
      ["access", "push", 0],
      ["access", "push", 0],
    ],
    [["access", "denyOthers"], undefined],
    [["access"], ["access"]],
  ])("finds %j at %j", (path, expected) => {
    expect(pathInOverrides(path, inherited, own)).toEqual(expected);
  });
});
