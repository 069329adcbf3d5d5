import { effectiveTag, formatProblem, Registry, resolveImage } from "../modules/domain";
import { EcrPort } from "./ecr-port";
import { inParallel } from "./in-parallel";
import { Progress } from "./read-each";
import { refuseOtherAccount } from "./refuse-other-account";

/** What became of an image. */
export interface WarmedImage {
  /** As it was listed. */
  readonly image: string;
  /** What came of it. */
  readonly outcome: "imported" | "there already" | "failed";
  /** Why it failed. */
  readonly reason?: string;
}

/** How to warm a registry. */
export interface WarmOptions {
  /**
   * How many images a minute ECR is asked to import, at most: each is a pull at the upstream, which has limits.
   *
   * @default 60
   */
  readonly perMinute?: number;
  /** Told after each image. */
  readonly progress?: Progress;
}

const MINUTE = 60_000;

/**
 * Makes ECR import images, by the request for a manifest with which a pull begins. What is there already is left alone,
 * so that a run that was stopped goes on where it was.
 *
 * @param images by the names that their upstreams know
 * @throws OtherAccountError before anything is imported, if the credentials are of another account
 */
export async function warm(
  port: EcrPort,
  registry: Registry,
  images: readonly string[],
  { perMinute = 60, progress = () => undefined }: WarmOptions = {},
): Promise<WarmedImage[]> {
  await refuseOtherAccount(port, registry.accountId);
  const next = paced(MINUTE / perMinute);
  const wanted = [...new Set(images)];
  let done = 0;
  return inParallel(wanted, async (image) => {
    const warmed = await warmOne(port, registry, image, next).catch((error: unknown): WarmedImage => {
      return { image, outcome: "failed", reason: (error as Error).message };
    });
    progress(++done, wanted.length);
    return warmed;
  });
}

async function warmOne(
  port: EcrPort,
  registry: Registry,
  image: string,
  next: () => Promise<void>,
): Promise<WarmedImage> {
  const found = resolveImage(image, registry);
  if ("problems" in found) return { image, outcome: "failed", reason: found.problems.map(formatProblem).join("; ") };
  const { repository, upstream } = found.images[0]!;
  const tag = effectiveTag(upstream);
  if (tag === undefined)
    return { image, outcome: "failed", reason: "ECR imports nothing by a digest alone: name its tag" };
  if (await port.hasImage(repository, tag)) return { image, outcome: "there already" };
  await next();
  const imported = await port.importImage(repository, tag);
  if ("refusal" in imported) return { image, outcome: "failed", reason: imported.refusal };
  const { digest } = upstream;
  if (digest === undefined || imported.digest === digest) return { image, outcome: "imported" };
  return { image, outcome: "failed", reason: `the tag is ${imported.digest} now` };
}

/** Lets through one caller each so many milliseconds. */
function paced(interval: number): () => Promise<void> {
  let free = 0;
  return () => {
    const now = Date.now();
    const start = Math.max(now, free);
    free = start + interval;
    return new Promise((resolve) => setTimeout(resolve, start - now));
  };
}
