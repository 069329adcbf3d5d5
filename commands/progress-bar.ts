import { Presets, SingleBar } from "cli-progress";
import { Progress } from "../operations";
import { print, printError } from "./print";

/** Where there is no terminal, a line so often shows that something is going on. */
const INTERVAL = 10_000;

/** Prints a line of the result while the progress is shown. */
type Print = (line: string) => void;

/**
 * Shows on the error stream how far something long is: a bar at a terminal, and elsewhere a line from time to time.
 *
 * @param interval the milliseconds between two lines
 */
export async function withProgress<T>(
  what: string,
  work: (progress: Progress, print: Print) => Promise<T>,
  interval = INTERVAL,
): Promise<T> {
  return process.stderr.isTTY ? withBar(what, work) : work(lines(what, interval), print);
}

function lines(what: string, interval: number): Progress {
  let shownAt = Date.now();
  return (done, of) => {
    const now = Date.now();
    if (now - shownAt < interval) return;
    shownAt = now;
    printError(`${what}: ${done} of ${of}`);
  };
}

async function withBar<T>(what: string, work: (progress: Progress, print: Print) => Promise<T>): Promise<T> {
  const bar = new SingleBar(
    // Lines stay wrapped: whatever ends the process, the terminal is left as it was.
    { format: `${what} {bar} {value}/{total} {eta_formatted}`, clearOnComplete: true, linewrap: true },
    Presets.rect,
  );
  let started = false;
  const progress: Progress = (done, of) => {
    if (!started) bar.start(of, 0);
    started = true;
    bar.update(done);
  };
  // The line takes the place of the bar, which is drawn again below it.
  const print: Print = (line) => {
    process.stderr.cursorTo(0);
    process.stderr.clearLine(0);
    print(line);
  };
  try {
    return await work(progress, print);
  } finally {
    bar.stop();
  }
}
