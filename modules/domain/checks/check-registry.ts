import { Diagnostic } from "../basics";
import { Registry } from "../registry";
import { registryErrors } from "./registry-errors";
import { registryWarnings } from "./registry-warnings";

/** Checks a registry's description: all errors, or, where there are none, all warnings with the acknowledged among them. */
export function checkRegistry(registry: Registry): readonly Diagnostic[] {
  const errors = registryErrors(registry);
  return errors.length > 0 ? errors : registryWarnings(registry);
}
