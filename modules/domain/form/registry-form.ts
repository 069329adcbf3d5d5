import { Registry } from "../registry";
import { checkForm } from "./check-form";
import { FormProblem } from "./form-problem";
import validate from "./registry-form-validator";

/** Registries whose form has been checked as a part of something larger. */
const CHECKED = new WeakSet();

/** Checks the form of a registry. */
export function checkRegistryForm(registry: Registry): FormProblem[] {
  return CHECKED.has(registry) ? [] : checkForm(validate, registry);
}

/** Records that the form of a registry has been checked as a part of something larger, which has fields of its own. */
export function acceptForm(registry: Registry): void {
  CHECKED.add(registry);
}

/** Whether the form of a registry has been checked as a part of something larger. */
export function isFormAccepted(registry: Registry): boolean {
  return CHECKED.has(registry);
}
