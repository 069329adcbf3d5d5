import { Registry } from "../registry";
import { viewRegistry } from "../plan";
import { acknowledge, Diagnostic, remember } from "../basics";
import { findLifecycle } from "./lifecycle";
import { findOpenCreation } from "./open-creation";
import { findPullPermissions } from "./pull-permissions";
import { findSingleSettings } from "./single-settings";
import { findStatementPrefixes } from "./statement-prefixes";
import { findTagMutability } from "./tag-mutability";
import { findTemplateCoverage } from "./template-coverage";
import { findDigests, findUnserved, workloadImages } from "./workload-images";

/**
 * Finds what works in a registry and is probably not what was meant, including what is acknowledged.
 *
 * @param registry a description without errors
 */
export const registryWarnings: (registry: Registry) => readonly Diagnostic[] = remember((registry) => {
  const view = viewRegistry(registry);
  const workloads = workloadImages(registry);
  const found = [
    ...findTemplateCoverage(view),
    ...findTagMutability(view, workloads.images),
    ...findLifecycle(view, workloads.images),
    ...findPullPermissions(view),
    ...findOpenCreation(view),
    ...findStatementPrefixes(view),
    ...findSingleSettings(view),
    ...findDigests(workloads),
    ...findUnserved(workloads),
  ];
  return together(acknowledge(found, registry.acknowledged ?? []));
});

/** One finding for all constructs in which one line of the description shows. */
function together(findings: readonly Diagnostic[]): Diagnostic[] {
  const merged = new Map<string, Diagnostic>();
  for (const finding of findings) {
    const { code, path, message, acknowledged } = finding;
    const key = JSON.stringify([code, path, message, acknowledged]);
    const constructs = [...(merged.get(key)?.constructs ?? []), ...(finding.constructs ?? [])];
    merged.set(key, { ...finding, constructs: [...new Set(constructs)] });
  }
  return [...merged.values()];
}
