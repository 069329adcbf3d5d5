import { Presets, SingleBar } from "cli-progress";
import { Progress } from "../operations";

/** Where there is no terminal, a line so often shows that something is going on. */
const INTERVAL = 10_000;

/**
 * Shows on the error stream how far something long is: a bar at a terminal, and elsewhere a line from time to time.
 *
 * @param interval the milliseconds between two lines
 */
export async function withProgress<T>(
  what: string,
  work: (progress: Progress) => Promise<T>,
  interval = INTERVAL,
): Promise<T> {
  return process.stderr.isTTY ? withBar(what, work) : work(lines(what, interval));
}

function lines(what: string, interval: number): Progress {
  let shownAt = Date.now();
  return (done, of) => {
    const now = Date.now();
    if (now - shownAt < interval) return;
    shownAt = now;
    console.error(`${what}: ${done} of ${of}`);
  };
}

async function withBar<T>(what: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const bar = new SingleBar(
    { format: `${what} {bar} {value}/{total} {eta_formatted}`, clearOnComplete: true },
    Presets.rect,
  );
  let started = false;
  try {
    return await work((done, of) => {
      if (!started) bar.start(of, 0);
      started = true;
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}
