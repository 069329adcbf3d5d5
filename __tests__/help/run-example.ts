import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../helpers/run-script";

/** What a user of the package imports, and where it is here. */
export const MODULES: Readonly<Record<string, string>> = {
  "ecr-pull-through-cache": "modules",
  "ecr-pull-through-cache/domain": "modules/domain",
  "ecr-pull-through-cache/operations": "operations",
  "ecr-pull-through-cache/stacks": "stacks",
};

/** Runs an example of a page; gives back what it exports and what it prints. */
export function runExample(code: string): { readonly exported: Record<string, unknown>; readonly printed: string } {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const log = { log: (...values: unknown[]) => printed.push(`${values.map(String).join(" ")}\n`) };
  const load = (name: string): unknown => {
    const folder = MODULES[name];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as a user's CommonJS would
    return require(folder === undefined ? name : join(ROOT, folder));
  };
  const exported: Record<string, unknown> = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- our own pages
  new Function("require", "exports", "console", outputText)(load, exported, log);
  return { exported, printed: printed.join("") };
}
