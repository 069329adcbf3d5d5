/** What a process took, from its start to this moment. */
export interface Usage {
  /** Milliseconds on the clock. */
  readonly wall: number;
  /** Milliseconds on processors, of the program and of the system for it: what other programs disturb least. */
  readonly cpu: number;
  /** The most memory that it held, in megabytes. */
  readonly rss: number;
}

/** The mark before the usage in what a case prints. */
export const USAGE_MARK = "usage: ";

/** Prints what this process took; the last thing that a case does. */
export function reportUsage(): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: Usage = { wall: performance.now(), cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 };
  console.log(`${USAGE_MARK}${JSON.stringify(usage)}`);
}
