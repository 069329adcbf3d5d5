import { FailureGroup, Failures } from "./failures";
import { inParallel } from "./in-parallel";

/** Tells how far a long piece of work is. */
export type Progress = (done: number, of: number) => void;

/** The repositories that could not be read. */
export interface Unread {
  /** The failures by their reasons. */
  readonly unread: readonly FailureGroup[];
  /** How many repositories were not tried, because they would have failed for the same reason. */
  readonly untried: number;
}

/**
 * Reads repositories one by one. One that is deleted in the meantime is left out, and a failure affects only its
 * repository. If the credentials are expired, or the first repositories are all denied, the others are not tried.
 *
 * @internal
 */
export async function readEach<T extends { readonly name: string }, R>(
  repositories: readonly T[],
  read: (repository: T) => Promise<R>,
  progress: Progress,
): Promise<Unread & { readonly found: R[] }> {
  const failures = new Failures();
  let done = 0;
  let untried = 0;
  const found = await inParallel(repositories, async (one): Promise<R[]> => {
    if (failures.isHopeless) {
      untried += 1;
      return [];
    }
    try {
      const result = await read(one);
      failures.succeeded();
      return [result];
    } catch (error) {
      if (!isGone(error)) failures.add(one.name, error);
      return [];
    } finally {
      progress(++done, repositories.length);
    }
  });
  return { found: found.flat(), unread: failures.groups, untried };
}

/**
 * Whether ECR says that there is no such repository.
 *
 * @internal
 */
export function isGone(error: unknown): boolean {
  return (error as Error).name === "RepositoryNotFoundException";
}
