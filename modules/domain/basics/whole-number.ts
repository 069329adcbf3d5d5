import { Path, Diagnostic, diagnostic } from "./diagnostic";
import { isUnresolved } from "./unresolved";

/** The largest number of 32 bits. AWS and Terraform's provider take none that is larger for a count, a day or a version. */
const LARGEST = 2_147_483_647;

/** Checks a count, a number of days or a version. */
export function checkWholeNumber(value: unknown, least: number, path: Path, fix: string): Diagnostic[] {
  if (isUnresolved(value)) return [];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= LARGEST) return [];
  const limit = typeof value === "number" && value > LARGEST ? ` to ${LARGEST}` : "";
  return [diagnostic({ path, message: `must be a whole number from ${least}${limit}`, value, fix })];
}
