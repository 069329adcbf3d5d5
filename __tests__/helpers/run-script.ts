import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import packageJson from "../../package.json";

export const ROOT = join(__dirname, "..", "..");
export const SCRIPTS = packageJson.scripts as Readonly<Record<string, string>>;

/** Tests are about the samples, whatever environments the project has by now. */
const SAMPLE_ENVIRONMENTS = `
import { loadEnvironmentsFolder } from "./environments-folder";
import { samples } from "./samples";

export const ENVIRONMENTS_FOLDER = "stacks/environments";

export function allEnvironments() {
  return [...samples, ...loadEnvironmentsFolder(ENVIRONMENTS_FOLDER)];
}
`;

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
  { cwd = sampleProject(), env }: RunOptions = {},
): Promise<Ended> {
  const words = SCRIPTS[script]!.split(" ");
  const place = words.findIndex((word) => word.endsWith(".ts"));
  const file = join(sampleProject(), words[place]!);
  // As on a runner of CI, which wants colours of tools that guess; there is no terminal, so there are none.
  const environment = { ...process.env, CI: "true", FORCE_COLOR: "1", ...env };
  // CDKTF calls a function that Node.js 24 deprecates.
  const flags = words.filter((word) => word.startsWith("--disable-warning="));
  const child = spawn(process.execPath, [...flags, "--import", LOADER, file, ...words.slice(place + 1), ...args], {
    cwd,
    env: environment,
  });
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

const PARTS = [
  "bench",
  "cdktf.json",
  "commands",
  "main.ts",
  "modules",
  "operations",
  "package.json",
  "stacks",
  "tsconfig.json",
];

/**
 * Copies what runs of the project into a folder.
 *
 * @param environments the text of `stacks/environments.ts` there
 */
export function copyProject(folder: string, environments: string): void {
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  rmSync(join(folder, "stacks", "environments"), { recursive: true, force: true });
  writeFileSync(join(folder, "stacks", "environments.ts"), environments);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

let samples: string | undefined;

/** A copy of the project in which the environments are the samples. It goes when the tests of a file end. */
function sampleProject(): string {
  if (samples === undefined) {
    samples = mkdtempSync(join(tmpdir(), "ecr-samples-"));
    copyProject(samples, SAMPLE_ENVIRONMENTS);
  }
  return samples;
}

afterAll(() => {
  if (samples !== undefined) rmSync(samples, { recursive: true, force: true });
});
