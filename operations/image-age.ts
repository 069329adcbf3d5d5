import { LiveImage } from "./ecr-port";

const DAY = 24 * 60 * 60 * 1000;

/** When an image was last pulled, pushed or restored from the archive; `undefined` if ECR reports none of them. */
export function lastUsedAt({ lastPulledAt, pushedAt, lastActivatedAt }: LiveImage): Date | undefined {
  const times = [lastPulledAt, pushedAt, lastActivatedAt].flatMap((time) =>
    time === undefined ? [] : [time.getTime()],
  );
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Whether an image has not been used for more than so many days. An unknown age is young, and so is what is being restored. */
export function isOlderThan(image: LiveImage, days: number, now: Date): boolean {
  const used = lastUsedAt(image);
  return used !== undefined && image.status !== "ACTIVATING" && now.getTime() - used.getTime() > days * DAY;
}
