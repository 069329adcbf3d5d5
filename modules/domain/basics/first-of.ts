/** More problems than these nobody reads at once. */
const MOST_LISTED = 50;

/** The first items of a long list as lines, and how many more there are. */
export function firstOf<T>(items: readonly T[], toLine: (item: T) => string): string[] {
  const lines = items.slice(0, MOST_LISTED).map(toLine);
  return items.length <= MOST_LISTED ? lines : [...lines, `and ${items.length - MOST_LISTED} more`];
}
