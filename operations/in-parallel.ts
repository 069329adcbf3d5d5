import limitConcurrency from "p-limit";

/** So many calls at once leave room for others below ECR's request quotas. */
const AT_ONCE = 10;

/** Does something with each item, several at once, and gives the results in the items' order. */
export function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = AT_ONCE): Promise<R[]> {
  const limit = limitConcurrency(atOnce);
  return Promise.all(items.map((item) => limit(() => work(item))));
}
