import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { parseImageReference } from "../image";
import { Workload } from "../registry";

/** What is wrong with a list of workloads, whatever the caches are. */
export function checkWorkloads(workloads: readonly Workload[], path: Path): Diagnostic[] {
  return workloads.flatMap(({ name, images = [], pullIntervalDays }, index) => {
    const at = [...path, index];
    const problems = images.flatMap((image, place) => {
      if (isUnresolved(image)) return [];
      const parsed = parseImageReference(image, [...at, "images", place]);
      return "diagnostics" in parsed ? parsed.diagnostics : [];
    });
    if (workloads.findIndex((other) => other.name === name) < index) {
      const fix = "give each its own, or join their images";
      problems.push(
        diagnostic({ path: [...at, "name"], message: "must not be the name of another workload", value: name, fix }),
      );
    }
    if (pullIntervalDays === undefined || isUnresolved(pullIntervalDays)) return problems;
    if (Number.isInteger(pullIntervalDays) && pullIntervalDays >= 1) return problems;
    const fix = "write e.g. 31 for what runs monthly";
    const message = "must be a whole number of days from 1";
    return [...problems, diagnostic({ path: [...at, "pullIntervalDays"], message, value: pullIntervalDays, fix })];
  });
}
