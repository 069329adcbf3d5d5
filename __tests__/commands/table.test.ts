import { shortenBoth } from "../../commands/table";

describe("shortenBoth", () => {
  test("leaves texts as they are that are short enough", () => {
    expect(shortenBoth("a", "b")).toEqual(["a", "b"]);
  });

  test("begins shortly before the texts differ", () => {
    const shared = "x".repeat(200);
    const [one, other] = shortenBoth(`${shared}1${shared}`, `${shared}2`);
    expect(one).toBe(`…${"x".repeat(40)}1${"x".repeat(117)}…`);
    expect(other).toBe(`…${"x".repeat(40)}2`);
  });

  test("begins at the start where the texts differ there, and shows the end where one goes on", () => {
    const long = "x".repeat(300);
    expect(shortenBoth(`a${long}`, "none")).toEqual([`a${"x".repeat(158)}…`, "none"]);
    expect(shortenBoth(long, `${long}b`)).toEqual([`…${"x".repeat(40)}`, `…${"x".repeat(40)}b`]);
  });
});
