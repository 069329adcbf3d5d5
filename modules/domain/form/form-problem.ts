import { Diagnostic } from "../basics";

/** A problem of form, and whether the value can still be looked at. */
export interface FormProblem extends Diagnostic {
  /** Whether the value is of another type than anything that reads it could expect. */
  readonly unusable: boolean;
}
