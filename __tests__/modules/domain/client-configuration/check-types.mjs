/**
 * Checks the types of CEL expressions as Kubernetes does, with maps and lists whose values have one type. Reads a list
 * of expressions from standard input; writes a list of errors, or "" where there is none.
 *
 * The library does not know messages, so `JSONPatch{op: …, path: …, value: …}` is checked as a call with the same
 * arguments.
 */
import { readFileSync } from "node:fs";
import { Environment } from "@marcbachmann/cel-js";

const MESSAGE = /JSONPatch\{\s*op: ("\w+"),\s*path: ([\w.]+),\s*value: ([^}]*)\}/g;

const checked = JSON.parse(readFileSync(0, "utf8")).map((expression) => {
  const environment = new Environment({ homogeneousAggregateLiterals: true })
    .registerVariable("object", "dyn")
    .registerVariable("oldObject", "dyn")
    .registerVariable("variables", "dyn")
    .registerFunction("list.indexOf(dyn): int", () => 0n)
    .registerFunction("jsonPatch(string, string, string): map<string, string>", () => new Map());
  const { valid, error } = environment.check(expression.replace(MESSAGE, "jsonPatch($1, $2, $3)"));
  return valid ? "" : error.message.split("\n")[0];
});
console.log(JSON.stringify(checked));
