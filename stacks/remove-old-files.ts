import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The files of a stack in the two syntaxes. Terraform would read both. */
const STACK_FILES: readonly (readonly string[])[] = [["cdk.tf.json"], ["cdk.tf", "metadata.json"]];

/**
 * Removes what earlier syntheses wrote to an output folder and Terraform would still read: the folders of stacks that are
 * no longer described, as `cdktf synth` does, and the same stack in the other syntax. A folder without a stack's file is
 * not ours.
 *
 * @param described the stacks that are described
 * @param written the files that were just written
 */
export function removeOldFiles(
  outdir: string,
  described: readonly { readonly name: string }[],
  written: readonly { readonly file: string }[],
): void {
  const names = described.map(({ name }) => name);
  const stacks = join(outdir, "stacks");
  for (const entry of readdirSync(stacks, { withFileTypes: true })) {
    const folder = join(stacks, entry.name);
    const isStack = entry.isDirectory() && STACK_FILES.some(([file]) => existsSync(join(folder, file!)));
    if (isStack && !names.includes(entry.name)) rmSync(folder, { recursive: true });
  }
  for (const { file } of written) {
    const others = STACK_FILES.filter((files) => !files.includes(basename(file)));
    for (const other of others.flat()) rmSync(join(dirname(file), other), { force: true });
  }
}
