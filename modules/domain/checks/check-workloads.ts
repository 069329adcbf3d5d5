import { checkWholeNumber, isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { parseImageReference } from "../image";
import { Workload } from "../registry";

/** What is wrong with a list of workloads, whatever the caches are. */
export function checkWorkloads(workloads: readonly Workload[], path: Path): Diagnostic[] {
  const names = new Set<unknown>();
  return workloads.flatMap(({ name, images = [], pullIntervalDays }, index) => {
    const at = [...path, index];
    const problems = images.flatMap((image, place) => {
      if (isUnresolved(image)) return [];
      const parsed = parseImageReference(image, [...at, "images", place]);
      return "diagnostics" in parsed ? parsed.diagnostics : [];
    });
    const isTaken = names.has(name);
    names.add(name);
    if (isTaken) {
      const fix = "give each its own, or join their images";
      problems.push(
        diagnostic({ path: [...at, "name"], message: "must not be the name of another workload", value: name, fix }),
      );
    }
    if (pullIntervalDays === undefined) return problems;
    const fix = "write the days, e.g. 31 for what runs monthly";
    return [...problems, ...checkWholeNumber(pullIntervalDays, 1, [...at, "pullIntervalDays"], fix)];
  });
}
