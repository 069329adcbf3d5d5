import { alignColumns } from "../../commands/table";

/** What a check came to. What an older provider cannot know is not covered by it, and checked by other means. */
export type Verdict = "ok" | "FAILED" | "SKIPPED" | "NOT COVERED";

/** The checks, in the order of the table's columns. */
export const CHECKS = [
  "validate",
  "mock test",
  "plan",
  "HCL",
  "apply",
  "pull",
  "second plan",
  "export",
  "leaving",
  "update",
  "replacement",
  "destroy",
  "importExisting",
] as const;

/** A check that each sample stack goes through. */
export type Check = (typeof CHECKS)[number];

/** One thing that was checked. */
interface Result {
  readonly verdict: Verdict;
  readonly subject: string;
  readonly check: string;
}

/** Prints what each check came to, and at the end the table and the counts. */
export class Verdicts {
  private readonly results: Result[] = [];

  public report(verdict: Verdict, subject: string, check: string, text: string): void {
    this.results.push({ verdict, subject, check });
    console.log(`${verdict} ${subject}, ${check}: ${text}`);
  }

  public count(verdict: Verdict): number {
    return this.results.filter((result) => result.verdict === verdict).length;
  }

  /** The stacks by the checks, each with its worst verdict; `-` for what does not apply. */
  public table(stacks: readonly string[]): string {
    const rows = stacks.map((stack) => [stack, ...CHECKS.map((check) => this.worst(stack, check))]);
    return alignColumns([["stack", ...CHECKS], ...rows]);
  }

  public counts(): string {
    const [passed, failed, skipped, uncovered] = (["ok", "FAILED", "SKIPPED", "NOT COVERED"] as const).map((verdict) =>
      this.count(verdict),
    );
    return `${passed} passed, ${failed} failed, ${skipped} skipped, ${uncovered} not covered`;
  }

  private worst(stack: string, check: Check): string {
    const of = this.results.filter((result) => result.subject === stack && result.check === check);
    const worst = (["FAILED", "SKIPPED", "ok"] as const).find((verdict) => of.some((one) => one.verdict === verdict));
    return worst ?? "-";
  }
}
