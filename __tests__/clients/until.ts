import { setTimeout as wait } from "node:timers/promises";

/** Waits until something is so; fails with what there is to tell after so many seconds. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  tell: () => string,
  seconds = 30,
): Promise<void> {
  for (let tries = 0; tries < seconds * 4; tries++) {
    if (await isSo()) return;
    await wait(250);
  }
  throw new Error(`${what} is not so after ${seconds} seconds: ${tell().slice(-500)}`);
}
