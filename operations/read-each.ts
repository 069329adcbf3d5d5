import { inParallel } from "./in-parallel";

/** Tells how far a long piece of work is. */
export type Progress = (done: number, of: number) => void;

/** A repository that could not be read. */
export interface UnreadRepository {
  /** The repository's name. */
  readonly repository: string;
  /** Why not. */
  readonly failure: string;
}

/**
 * Reads repositories one by one. One that is deleted in the meantime is left out, and a failure is that of its repository
 * alone.
 *
 * @internal
 */
export async function readEach<T extends { readonly name: string }, R>(
  repositories: readonly T[],
  read: (repository: T) => Promise<R>,
  progress: Progress,
): Promise<{ readonly found: R[]; readonly unread: UnreadRepository[] }> {
  const unread: UnreadRepository[] = [];
  let done = 0;
  const found = await inParallel(repositories, async (one): Promise<R[]> => {
    try {
      return [await read(one)];
    } catch (error) {
      if (!isGone(error)) unread.push({ repository: one.name, failure: (error as Error).message });
      return [];
    } finally {
      progress(++done, repositories.length);
    }
  });
  return { found: found.flat(), unread };
}

/**
 * Whether ECR says that there is no such repository.
 *
 * @internal
 */
export function isGone(error: unknown): boolean {
  return (error as Error).name === "RepositoryNotFoundException";
}
