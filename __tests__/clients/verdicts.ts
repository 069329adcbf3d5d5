/** What a check came to. */
export type Verdict = "ok" | "FAILED" | "SKIPPED";

/** Prints the verdicts of the checks and counts them. */
export class Verdicts {
  private readonly counts: Record<Verdict, number> = { ok: 0, FAILED: 0, SKIPPED: 0 };

  public report(verdict: Verdict, client: string, check: string, text = ""): void {
    this.counts[verdict]++;
    console.log(`${verdict} ${client}, ${check}${text === "" ? "" : `: ${text}`}`);
  }

  /** A check that is fine if nothing went wrong in any of its tries, or else tells the first things that did. */
  public judge(client: string, check: string, problems: readonly string[], tries = 1): void {
    const text = tries === 1 ? "" : `${tries} tries`;
    if (problems.length === 0) this.report("ok", client, check, text);
    else this.report("FAILED", client, check, `${text}\n  ${problems.slice(0, 5).join("\n  ")}`);
  }

  public get failed(): boolean {
    return this.counts.FAILED > 0;
  }

  /** The counts, to be added up by whoever started this process. */
  public toJSON(): Record<Verdict, number> {
    return this.counts;
  }

  public add(counts: Record<Verdict, number>): void {
    for (const verdict of ["ok", "FAILED", "SKIPPED"] as const) this.counts[verdict] += counts[verdict];
  }

  public summary(): string {
    return `${this.counts.ok} passed, ${this.counts.FAILED} failed, ${this.counts.SKIPPED} skipped`;
  }
}
