import limitConcurrency from "p-limit";

/** So many calls at once leave room for others below ECR's request quotas. */
const AT_ONCE = 10;

/** Makes a call as soon as fewer than ten others are under way. */
export type CallLimit = <R>(call: () => Promise<R>) => Promise<R>;

/** A limit for all calls to one registry. */
export function limitCalls(): CallLimit {
  return limitConcurrency(AT_ONCE);
}

/** Does something with each item, several at once, and gives the results in the items' order. */
export function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = limitCalls();
  return Promise.all(items.map((item) => limit(() => work(item))));
}
