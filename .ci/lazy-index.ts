import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, relative } from "node:path";

/**
 * The text of a compiled index that loads a file only when something of it is used, so that importing the package costs
 * no more than what is taken from it. The names are assigned once in the form in which Node.js finds them for `import`.
 *
 * `import` reads all of them, and takes one that throws for `undefined`. So what needs an optional package that is not
 * installed becomes something that throws when it is used.
 *
 * @param file an index that TypeScript compiled, which is run to learn its names
 */
export function lazyIndex(file: string): string {
  const names = [...namesOf(file)].map(([name, from]) => {
    const path = relative(dirname(file), from).replace(/\.js$/, "");
    return { name, path: path.startsWith(".") ? path : `./${path}` };
  });
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    `${names.map(({ name }) => `exports.${name}`).join(" = ")} = void 0;`,
    "function lazy(name, load) {",
    "  const get = () => { try { return load(); } catch (error) { return standIn(error); } };",
    "  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });",
    "}",
    "function standIn(error) {",
    '  if (error.code !== "MODULE_NOT_FOUND") throw error;',
    "  const fail = () => { throw error; };",
    "  return new Proxy(class {}, { apply: fail, construct: fail, get: fail });",
    "}",
    ...names.map(({ name, path }) => `lazy("${name}", () => require("${path}").${name});`),
    "",
  ].join("\n");
}

/** The names that an index exports, each with the file that it is defined in. */
function namesOf(index: string): Map<string, string> {
  const load = createRequire(index);
  const parts = [...readFileSync(index, "utf8").matchAll(/\brequire\("(.+?)"\)/g)].map(([, part]) =>
    load.resolve(part!),
  );
  const definedIn = new Map(
    parts.flatMap((file): [string, string][] => {
      if (basename(file) === "index.js") return [...namesOf(file)];
      return Object.keys(load(file) as object).map((name) => [name, file]);
    }),
  );
  return new Map(Object.keys(load(index) as object).map((name) => [name, definedIn.get(name)!]));
}
