import { ECRClientConfig } from "@aws-sdk/client-ecr";

type RetryStrategy = Extract<
  NonNullable<ECRClientConfig["retryStrategy"]>,
  { readonly acquireInitialRetryToken: unknown }
>;

/** The milliseconds to wait before a retry, the first of which is number 1. */
export type RetryDelay = (retry: number) => number;

/** How often a call is sent at most: with the waits below, it takes 40 seconds on average until a call fails. */
export const ATTEMPTS = 16;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 8_000;

/** Waits that double from a tenth of a second up to eight seconds, of which a random part is used. */
export const backOff: RetryDelay = (retry) => {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (retry - 1)) * Math.random();
};

/**
 * Retries each call by itself. The SDK's `standard` mode gives up on all calls together once 100 retries are used up, and
 * its `adaptive` mode slows down to a crawl where other callers use up the account's quota. The benchmark `retries`
 * compares the three.
 *
 * @param attempts how often a call is sent at most
 * @param delay the wait before each retry
 */
export function retryEachCall(attempts = ATTEMPTS, delay: RetryDelay = backOff): RetryStrategy {
  const token = (retries: number, wait: number) => ({ getRetryCount: () => retries, getRetryDelay: () => wait });
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry(used, { errorType, retryAfterHint }) {
      const retry = used.getRetryCount() + 1;
      if (retry >= attempts || errorType === "CLIENT_ERROR")
        return Promise.reject(new Error("No retry token available"));
      const asked = retryAfterHint === undefined ? 0 : Math.min(LONGEST_DELAY, retryAfterHint.getTime() - Date.now());
      return Promise.resolve(token(retry, Math.max(delay(retry), asked)));
    },
    recordSuccess: () => undefined,
  };
}
