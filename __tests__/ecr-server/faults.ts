import { EcrError } from "./ecr-error";
import { RequestInput } from "./request-input";
import { RequestQuota, TokenBucket } from "./token-bucket";

/** What goes wrong with a call: an answer that is an error, or none although the call was carried out or refused. */
export type Fault = EcrError | "lost-answer";

/** Which calls go wrong, and how. */
export interface FaultPlan {
  readonly action: string;
  readonly fault: Fault;
  /**
   * The first call that goes wrong, counted from now.
   *
   * @default 1
   */
  readonly call?: number;
  /**
   * How many calls go wrong in a row.
   *
   * @default 1
   */
  readonly times?: number;
  /**
   * The calls that are meant, by what they say.
   *
   * @default - all of the action
   */
  readonly where?: (input: RequestInput) => boolean;
}

/** What ECR says to too many requests. */
export const THROTTLED = new EcrError("ThrottlingException", "Rate exceeded");
/** What ECR says where it fails itself. */
export const SERVER_FAILED = new EcrError("ServerException", "Service failure", 500);
/** What ECR says to a credential that is not there. */
export const SECRET_NOT_FOUND = new EcrError(
  "SecretNotFoundException",
  "The ARN of the secret specified in the pull through cache rule was not found",
);

/** The faults that are still to come. */
export class Faults {
  private plans: (Required<Omit<FaultPlan, "call" | "times">> & { call: number; times: number })[] = [];
  private readonly buckets = new Map<string, TokenBucket>();

  /** What is answered of each action in a time; more calls are throttled. Everything, if it is left out. */
  public quota: RequestQuota | undefined;
  /** How many milliseconds each answer takes. */
  public delay = 0;

  public inject({ action, fault, call = 1, times = 1, where = () => true }: FaultPlan): void {
    this.plans.push({ action, fault, call, times, where });
  }

  /** Forgets all that was planned. */
  public clear(): void {
    this.plans = [];
  }

  /** How many calls are still to go wrong. */
  public get pending(): number {
    return this.plans.reduce((sum, { times }) => sum + times, 0);
  }

  /** What goes wrong with this call of an action. */
  public next(action: string, input: RequestInput): Fault | undefined {
    if (!this.isWithinQuota(action)) return THROTTLED;
    const meant = this.plans.filter((plan) => plan.action === action && plan.where(input));
    const due = meant.find(({ call }) => call === 1);
    for (const plan of meant) if (plan.call > 1) plan.call -= 1;
    if (due === undefined) return undefined;
    due.times -= 1;
    this.plans = this.plans.filter(({ times }) => times > 0);
    return due.fault;
  }

  private isWithinQuota(action: string): boolean {
    if (this.quota === undefined) return true;
    const bucket = this.buckets.get(action) ?? new TokenBucket(this.quota);
    this.buckets.set(action, bucket);
    return bucket.take();
  }
}
