/** How many calls of each action ECR answers: so many at once, and so many more each second. */
export interface RequestQuota {
  readonly burst: number;
  readonly perSecond: number;
}

/** What is left of a quota. */
export class TokenBucket {
  private tokens: number;
  private filledAt = Date.now();

  constructor(private readonly quota: RequestQuota) {
    this.tokens = quota.burst;
  }

  /** Whether there is a token for one more call. */
  public take(): boolean {
    const { burst, perSecond } = this.quota;
    const now = Date.now();
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
