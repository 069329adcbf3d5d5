import { Presets, SingleBar } from "cli-progress";
import { Progress } from "../operations";

/** A bar on the error stream while something long is done; nothing where that is no terminal. */
export async function withProgress<T>(what: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => undefined);
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
