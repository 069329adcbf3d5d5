import { Lazy, Token } from "cdktf";
import { isUnresolved } from "../../../../modules/domain/basics/unresolved";

const resolvable = { creationStack: [], resolve: () => "later", toString: () => "later" };

describe("isUnresolved", () => {
  test.each([
    ["a string token", Token.asString(resolvable)],
    ["a string token inside text", `arn:${Token.asString(resolvable)}:key`],
    ["a list token", Token.asList(resolvable)],
    ["a number token", Token.asNumber(resolvable)],
    ["a map token", Token.asStringMap(resolvable)],
    ["a lazy string", Lazy.stringValue({ produce: () => "later" })],
  ])("recognises %s, as CDKTF does", (_, token) => {
    expect(Token.isUnresolved(token)).toBe(true);
    expect(isUnresolved(token)).toBe(true);
  });

  test.each([
    ["a Terraform expression", "${var.account}"],
    ["an expression inside text", "arn:aws:iam::${var.account}:root"],
    ["a template directive", "%{ if true }a%{ endif }"],
    ["a token inside an object in a list", [{ arn: "${var.arn}" }]],
    ["a resolvable object", resolvable],
  ])("recognises %s", (_, value) => {
    expect(isUnresolved(value)).toBe(true);
  });

  test.each([
    ["plain text", "prod"],
    ["an escaped expression", "$${aws:username}"],
    ["an escaped directive", "%%{if}"],
    ["a dollar without a brace", "$5"],
    ["a count", 30],
    ["a negative count", -1],
    ["a list of plain text", ["a", "b"]],
    ["nothing", undefined],
    ["null", null],
    ["a flag", true],
  ])("takes %s for what it is", (_, value) => {
    expect(isUnresolved(value)).toBe(false);
  });
});
