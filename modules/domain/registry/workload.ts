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
