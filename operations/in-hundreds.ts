/** The most that ECR takes in one call about images. */
const MOST = 100;

/** Parts of a list, each as long as one call of ECR takes. */
export function inHundreds<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST) }, (_, part) => {
    return items.slice(part * MOST, (part + 1) * MOST);
  });
}
