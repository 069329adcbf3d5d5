import { Diagnostic, remember } from "../basics";
import { checkDescription, checkRegistryForm } from "../form";
import { Registry } from "../registry";
import { partialRegistry, registryErrors } from "./registry-errors";
import { registryWarnings } from "./registry-warnings";

/**
 * Checks the form and the content of a registry's description: all errors, or, where there are none, all warnings with
 * the acknowledged among them.
 */
export const checkRegistry: (registry: Registry) => readonly Diagnostic[] = remember((registry) => {
  return checkDescription(registry, checkRegistryForm(registry), (usable, isWhole) => {
    if (!isWhole) return registryErrors(partialRegistry(usable));
    const errors = registryErrors(usable);
    return errors.length > 0 ? errors : registryWarnings(usable);
  });
});
