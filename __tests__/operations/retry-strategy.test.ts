import { ATTEMPTS, backOff, retryEachCall } from "../../operations/retry-strategy";

const error = (errorType: "THROTTLING" | "TRANSIENT" | "SERVER_ERROR" | "CLIENT_ERROR", hint?: Date) => {
  return { errorType, error: { name: errorType, message: "" }, ...(hint && { retryAfterHint: hint }) };
};

describe("retryEachCall", () => {
  test("retries a call as often as it says, whatever happened to others", async () => {
    const strategy = retryEachCall(4, (retry) => retry * 10);
    for (let call = 0; call < 1000; call++) {
      let token = await strategy.acquireInitialRetryToken("");
      const waits: number[] = [];
      for (let retry = 0; retry < 3; retry++) {
        token = await strategy.refreshRetryTokenForRetry(token, error("THROTTLING"));
        waits.push(token.getRetryDelay());
      }
      expect(waits).toEqual([10, 20, 30]);
      await expect(strategy.refreshRetryTokenForRetry(token, error("THROTTLING"))).rejects.toThrow("No retry token");
    }
  });

  test("does not retry what is the caller's fault, and waits at least as long as it is told", async () => {
    const strategy = retryEachCall(4, () => 1);
    const token = await strategy.acquireInitialRetryToken("");
    await expect(strategy.refreshRetryTokenForRetry(token, error("CLIENT_ERROR"))).rejects.toThrow("No retry token");
    for (const type of ["TRANSIENT", "SERVER_ERROR"] as const) {
      expect((await strategy.refreshRetryTokenForRetry(token, error(type))).getRetryDelay()).toBe(1);
    }
    const hint = new Date(Date.now() + 5000);
    const told = await strategy.refreshRetryTokenForRetry(token, error("THROTTLING", hint));
    expect(told.getRetryDelay()).toBeGreaterThan(4000);
    expect(told.getRetryDelay()).toBeLessThanOrEqual(5000);
  });
});

test("waits double from a tenth of a second up to eight seconds, of which a random part is used", () => {
  jest.spyOn(Math, "random").mockReturnValue(1);
  const waits = Array.from({ length: ATTEMPTS - 1 }, (_, index) => backOff(index + 1));
  expect(waits.slice(0, 8)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 8000]);
  expect(Math.max(...waits)).toBe(8000);
  jest.restoreAllMocks();
});
