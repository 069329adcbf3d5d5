import { parseImageReference } from "./image-reference";
import { Path, Problem } from "./problem";
import { isUnresolved } from "./unresolved";

/**
 * What runs from cached images, as far as it is known. It changes nothing in AWS: the images are checked against the
 * caches, their templates and their lifecycle rules.
 */
export interface Workload {
  /** What the workload is called in findings. */
  readonly name: string;
  /** The images that it pulls, by the names that its upstreams know: `nginx:1.27`, `quay.io/org/app@sha256:…`. */
  readonly images: readonly string[];
  /**
   * For how many days an image may go without being pulled and is still needed: at least 1. A job that runs monthly
   * pulls again after 31 days.
   *
   * @default - not known: nothing is said about images that expire
   */
  readonly pullIntervalDays?: number;
}

/** What is wrong with a list of workloads, whatever the caches are. */
export function checkWorkloads(workloads: readonly Workload[], path: Path): Problem[] {
  return workloads.flatMap(({ name, images = [], pullIntervalDays }, index) => {
    const at = [...path, index];
    const problems = images.flatMap((image, place) => {
      if (isUnresolved(image)) return [];
      const parsed = parseImageReference(image, [...at, "images", place]);
      return "problems" in parsed ? parsed.problems : [];
    });
    if (workloads.findIndex((other) => other.name === name) < index) {
      const mend = "give each its own, or join their images";
      problems.push({ path: [...at, "name"], what: "must not be the name of another workload", value: name, mend });
    }
    if (pullIntervalDays === undefined || isUnresolved(pullIntervalDays)) return problems;
    if (Number.isInteger(pullIntervalDays) && pullIntervalDays >= 1) return problems;
    const mend = "write e.g. 31 for what runs monthly";
    const what = "must be a whole number of days from 1";
    return [...problems, { path: [...at, "pullIntervalDays"], what, value: pullIntervalDays, mend }];
  });
}
