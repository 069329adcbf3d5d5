import { effectiveTag, ResolvedImage, resolveImage } from "../image";
import { Diagnostic, diagnostic, isUnresolved, Path } from "../basics";
import { Registry, Workload } from "../registry";

/** An image that a workload pulls from one of the caches that serve it. */
export interface PulledImage {
  readonly workload: Workload;
  readonly path: Path;
  readonly resolved: ResolvedImage;
  /** The tag by which it is pulled; none where it is pulled by a digest. */
  readonly tag: string | undefined;
}

/** What the workloads of a registry pull, and what they name that no cache serves. */
export interface WorkloadImages {
  readonly images: readonly PulledImage[];
  readonly problems: readonly Diagnostic[];
}

/** Finds each workload's images in the caches. */
export function workloadImages(registry: Registry): WorkloadImages {
  const images: PulledImage[] = [];
  const problems: Diagnostic[] = [];
  (registry.workloads ?? []).forEach((workload, index) => {
    workload.images.forEach((name, place) => {
      if (isUnresolved(name)) return;
      const path: Path = ["workloads", index, "images", place];
      const found = resolveImage(name, registry, path);
      if ("diagnostics" in found) {
        problems.push(...found.diagnostics);
        return;
      }
      for (const resolved of found.images) {
        const { digest } = resolved.upstream;
        const tag = digest === undefined ? effectiveTag(resolved.upstream) : undefined;
        images.push({ workload, path, resolved, tag });
      }
    });
  });
  return { images, problems };
}

/**
 * Images that are pulled by a digest, also where a tag stands before it: a runtime asks for the digest alone.
 *
 * @see https://github.com/aws/containers-roadmap/issues/2837
 */
export function findDigests({ images }: WorkloadImages): Diagnostic[] {
  return images
    .filter(({ resolved }) => resolved.upstream.digest !== undefined)
    .map(({ path, workload }) =>
      diagnostic({
        code: "digest-cannot-import",
        path,
        constructs: [],
        message: `(${workload.images[Number(path.at(-1))]!}) is pulled by its digest`,
        effect: "as users report, ECR imports nothing by a digest: the pull fails unless the tag was pulled before",
        fix: "import it by its tag first: npm run warm",
      }),
    );
}

/** The images that no cache serves. One whose repository's name would be too long is refused elsewhere. */
export function findUnserved({ problems }: WorkloadImages): Diagnostic[] {
  return problems
    .filter(({ code }) => code === undefined)
    .map(({ path, message, value, fix, effect }) =>
      diagnostic({
        code: "image-not-served",
        path,
        constructs: [],
        message: `(${String(value)}) ${message}`,
        effect: effect ?? "the workload pulls it from its upstream, or not at all",
        fix,
      }),
    );
}
