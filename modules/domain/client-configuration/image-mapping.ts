import { Path, Refused } from "../basics";
import { formatImageReference, parseImageReference } from "../image";
import { DigestPolicy } from "./admission-options";
import { cachedImage, ClientCache, GeneratedFile } from "./client-cache";

/**
 * A JSON object from each image as it is written to the image to pull, for tools of your own. An image without a cache
 * maps to itself, and so does one that is pinned by digest unless `digests` is "cache".
 */
export function imageMapping(
  caches: readonly ClientCache[],
  images: readonly string[],
  digests: DigestPolicy = "upstream",
  path: Path = ["images"],
): Refused | GeneratedFile {
  const parsed = images.map((image, index) => ({ image, ...parseImageReference(image, [...path, index]) }));
  const diagnostics = parsed.flatMap((one) => ("diagnostics" in one ? one.diagnostics : []));
  if (diagnostics.length > 0) return { diagnostics };
  const entries = parsed.map((one): [string, string] => {
    if (!("reference" in one)) return [one.image, one.image];
    const { image, reference } = one;
    const keep = reference.digest !== undefined && digests === "upstream";
    const cached = keep ? undefined : cachedImage(reference, caches);
    return [image, cached === undefined ? image : formatImageReference(cached)];
  });
  return { path: "images.json", content: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n` };
}
