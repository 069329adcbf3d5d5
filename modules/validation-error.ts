import { IConstruct } from "constructs";
import { Diagnostic, formatDiagnostic, isError } from "./domain/basics/diagnostic";
import { firstOf } from "./domain/basics/first-of";
import { printable } from "./domain/basics/printable";

const PAGE = "help/own-modules.md, in ecr-pull-through-cache, is about the constructs.";
const BRAND = Symbol.for("ecr-pull-through-cache/ValidationError");

/**
 * Props with which nothing that works could be deployed. It lists everything that is wrong with them.
 * Recognise it with `ValidationError.is`, which also works where this package is installed twice.
 */
export class ValidationError extends Error {
  /** Whether a caught value is such an error. */
  public static is(error: unknown): error is ValidationError {
    return typeof error === "object" && error !== null && BRAND in error;
  }

  /** The path of the construct that was given the props. */
  public readonly constructPath: string;
  /** Everything that is wrong. */
  public readonly diagnostics: readonly Diagnostic[];

  /** Refuses the props of a construct. */
  constructor(scope: IConstruct, diagnostics: readonly Diagnostic[]) {
    const all = firstOf(diagnostics, formatDiagnostic);
    const lines = all.length === 1 ? ` ${all[0]}` : all.map((line) => `\n  - ${line}`).join("");
    super(`[${printable(scope.node.path)}]${lines}\n${PAGE}`);
    this.name = "ValidationError";
    this.constructPath = scope.node.path;
    this.diagnostics = diagnostics;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Refuses a construct's props.
 *
 * @throws ValidationError if there are errors among the diagnostics
 */
export function throwErrors(scope: IConstruct, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(isError);
  if (errors.length > 0) throw new ValidationError(scope, errors);
}
