import { ChildProcess, spawn } from "node:child_process";

/** What became of a program that was run to its end. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const LONGEST_RUN_SECONDS = 240;

/** The programs that run for the checks. Each has a process group, so that what it starts ends with it. */
export class ChildProcesses {
  private readonly running = new Set<ChildProcess>();

  constructor() {
    process.once("exit", () => {
      this.endAll();
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        process.exit(1);
      });
    }
  }

  /** Runs a program to its end, or for four minutes. */
  public async run(
    program: string,
    args: readonly string[],
    options: RunOptions,
    longestSeconds = LONGEST_RUN_SECONDS,
  ): Promise<Ended> {
    const child = this.start(program, args, options);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
    const timer = setTimeout(() => {
      stderr.push(Buffer.from(`ended after ${longestSeconds} seconds`));
      this.end(child);
    }, longestSeconds * 1000);
    const status = await new Promise<number>((resolve) => {
      child.once("error", (error) => {
        stderr.push(Buffer.from(error.message));
        resolve(-1);
      });
      child.once("close", (code) => {
        resolve(code ?? -1);
      });
    });
    clearTimeout(timer);
    return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  }

  /** Starts a program that runs until it is ended. */
  public start(program: string, args: readonly string[], options: RunOptions): ChildProcess {
    const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.running.add(child);
    child.once("close", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  public end(child: ChildProcess): void {
    if (child.pid === undefined || !this.running.has(child)) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }

  public endAll(): void {
    for (const child of this.running) this.end(child);
  }
}
