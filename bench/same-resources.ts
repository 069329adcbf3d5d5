import { readFileSync } from "node:fs";
import { join } from "node:path";

type Json = Record<string, unknown>;

/**
 * Fails unless two syntheses ask for the same resources, whatever these are called in Terraform.
 *
 * @param one the folder of a synthesis
 */
export function assertSameResources(one: string, other: string, stack: string): void {
  const [first, second] = [one, other].map((folder) => resourcesOf(join(folder, "stacks", stack, "cdk.tf.json")));
  if (first !== second) throw new Error(`the contenders ask for different resources\n${first}\n${second}`);
}

/** The resources by type, with references by type, in order. */
function resourcesOf(file: string): string {
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as { resource: Record<string, Record<string, Json>> };
  const byType = Object.entries(resource).map(([type, named]) => {
    const bodies = Object.values(named).map(({ "//": _, ...body }) => {
      const text = JSON.stringify(body, Object.keys(flatten(body)).sort());
      return text.replace(/\b(aws_\w+)\.[\w-]+/g, "$1");
    });
    return [type, bodies.sort()];
  });
  return JSON.stringify(Object.fromEntries(byType.sort()), null, 1);
}

/** Every key anywhere inside, for `JSON.stringify` to write them in order. */
function flatten(value: unknown, keys: Record<string, true> = {}): Record<string, true> {
  if (typeof value !== "object" || value === null) return keys;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) keys[key] = true;
    flatten(inner, keys);
  }
  return keys;
}

/** How many resources of each type a synthesised stack asks for, and how many data sources it reads. */
export function countResources(file: string): { readonly resources: number; readonly dataSources: number } {
  const { resource = {}, data = {} } = JSON.parse(readFileSync(file, "utf8")) as Record<string, Json>;
  const count = (blocks: Json) =>
    Object.values(blocks).reduce((sum: number, named) => sum + Object.keys(named as Json).length, 0);
  return { resources: count(resource), dataSources: count(data) };
}
