import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import packageJson from "../../package.json";

export const ROOT = join(__dirname, "..", "..");
export const SCRIPTS = packageJson.scripts as Readonly<Record<string, string>>;

const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;

/** How a command ended, and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs, and with what beside the environment variables of the tests. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script of package.json as npm does, without a terminal, while servers of the tests can answer it. */
export function runScript(
  script: string,
  args: readonly string[],
  { cwd = ROOT, env }: RunOptions = {},
): Promise<Ended> {
  const file = join(ROOT, SCRIPTS[script]!.split(" ").at(-1)!);
  // As on a runner of CI, which wants colours of tools that guess; there is no terminal, so there are none.
  const environment = { ...process.env, CI: "true", FORCE_COLOR: "1", ...env };
  const child = spawn(process.execPath, ["--import", LOADER, file, ...args], { cwd, env: environment });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
  child.stdin.end();
  return new Promise((resolve) =>
    child.on("close", (status) => {
      resolve({ status, ...output });
    }),
  );
}
