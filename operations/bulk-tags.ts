import { EcrPort, TagsByArn } from "./ecr-port";

/** The tags of so many repositories or fewer are read one by one. */
const FEW = 100;

/**
 * The tags of all repositories, if many are wanted; otherwise none, and those that are missing are read one by one. What
 * the tagging API reports lags behind, so what it does not report must be checked.
 */
export async function tagsOfMany(port: Pick<EcrPort, "allTags">, repositories: number): Promise<TagsByArn> {
  return repositories > FEW ? port.allTags() : new Map();
}
