import {
  checkDepth,
  checkExpressions,
  checkNoCredentials,
  eachText,
  isUnresolved,
  Path,
  PlacedText,
  Diagnostic,
  diagnostic,
} from "../basics";
import { partitionOf } from "./registry-scope";

/**
 * Checks every text of a description, whatever field it is in: none holds a credential or an expression that Terraform
 * cannot evaluate, and every ARN is of the region's partition.
 *
 * @param isWritten whether the text at a path reaches Terraform
 */
export function checkTexts(
  description: object,
  region: string | undefined,
  isWritten: (path: Path) => boolean = () => true,
): Diagnostic[] {
  const texts = eachText(description);
  const written = texts.filter(({ path }) => isWritten(path)).flatMap(textsOfPolicy);
  return [
    ...checkDepth(texts),
    ...checkNoCredentials(texts),
    ...checkExpressions(written, isInPolicy),
    ...checkPartitions(written, region),
  ];
}

/** IAM's own variables have a meaning in conditions, and in a policy that is written as text. */
function isInPolicy(path: Path): boolean {
  return path.includes("conditions") || path.at(-1) === "policy";
}

/** A policy as JSON is one text for Terraform, but what is escaped in it has to be read without its escapes. */
function textsOfPolicy({ path, text }: PlacedText): PlacedText[] {
  if (path.at(-1) !== "policy") return [{ path, text }];
  try {
    return eachText(JSON.parse(text)).map((part) => ({ path, text: part.text }));
  } catch {
    return [{ path, text }];
  }
}

/**
 * Checks that ARNs are of the partition of a region: no partition of AWS knows the accounts of another.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function checkPartitions(texts: readonly PlacedText[], region: string | undefined): Diagnostic[] {
  if (region === undefined || isUnresolved(region)) return [];
  const partition = partitionOf(region);
  return texts.flatMap(({ path, text }): Diagnostic[] => {
    const [arn, own = ""] = text.split(":", 2);
    if (arn !== "arn" || !/^aws[a-z-]*$/.test(own) || own === partition) return [];
    const message = `must be an ARN of the partition ${partition}, in which ${region} is`;
    return [diagnostic({ path, message, value: text, fix: `write "arn:${partition}:…"` })];
  });
}
