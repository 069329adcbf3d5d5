import { spawnSync } from "node:child_process";
import { Usage, USAGE_MARK } from "./report-usage";

/** One of those that are compared: a program and its arguments. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

/** The medians of what a contender took, and how far the middle half of its runs lies apart. */
export interface Measured extends Usage {
  readonly name: string;
  readonly runs: number;
  /** The difference of the quartiles of the processor time, as a part of its median. */
  readonly spread: number;
}

/**
 * Runs each contender in a process of its own, once to warm up and then in turns, A B C A B C, so that what the machine
 * does beside meets all alike.
 */
export function measure(contenders: readonly Contender[], runs: number): Measured[] {
  const usages = contenders.map((): Usage[] => []);
  for (let round = 0; round <= runs; round++) {
    contenders.forEach((contender, index) => {
      const usage = run(contender);
      if (round > 0) usages[index]!.push(usage);
    });
  }
  return contenders.map(({ name }, index) => summarize(name, usages[index]!));
}

function run({ name, command: [program, ...args], cwd }: Contender): Usage {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program!, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${name} failed\n${stdout}\n${stderr}`);
  const line = stdout.split("\n").find((one) => one.startsWith(USAGE_MARK));
  // A program that is none of ours says nothing of itself: only the clock is known.
  if (line === undefined) return { wall: performance.now() - start, cpu: NaN, rss: NaN };
  return JSON.parse(line.slice(USAGE_MARK.length)) as Usage;
}

function summarize(name: string, usages: readonly Usage[]): Measured {
  const of = (field: keyof Usage, part: number) =>
    quantile(
      usages.map((usage) => usage[field]),
      part,
    );
  const cpu = of("cpu", 0.5);
  const spread = (of("cpu", 0.75) - of("cpu", 0.25)) / cpu;
  return { name, runs: usages.length, wall: of("wall", 0.5), cpu, rss: of("rss", 0.5), spread };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
}
