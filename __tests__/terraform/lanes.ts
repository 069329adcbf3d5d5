import { availableParallelism } from "node:os";

/** How many checks run at the same time: each is one Terraform, which keeps about one core busy. */
export const LANES = Math.min(availableParallelism(), 4);

/** Does each of the tasks once, in as many lanes as there are lane values; each task gets its lane's. */
export async function inLanes<T>(lanes: readonly T[], tasks: readonly ((lane: T) => Promise<void>)[]): Promise<void> {
  const waiting = [...tasks];
  const work = async (lane: T): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task(lane);
  };
  await Promise.all(lanes.map(work));
}
