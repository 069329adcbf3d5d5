import { effectiveTag, formatDiagnostic, Registry, ResolvedImage, resolveImage } from "../modules/domain";
import { EcrPort } from "./ecr-port";
import { Failures } from "./failures";
import { inParallel } from "./in-parallel";
import { refuseOtherAccount } from "./refuse-other-account";

/** What became of an image in one of the caches that serve it. */
export interface WarmedImage {
  /** As it was listed. */
  readonly image: string;
  /** The repository that it is to be in; none where no cache serves it. */
  readonly repository?: string;
  /** What came of it. */
  readonly outcome: "imported" | "there already" | "failed";
  /** Why it failed, or what to know about it. */
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
  /** Told what became of each image, as soon as it is known, and how many of how many that makes. */
  readonly report?: (warmed: WarmedImage, done: number, of: number) => void;
}

const MINUTE = 60_000;

/**
 * Makes ECR import images into every cache that serves them, by the request for a manifest with which a pull begins. What
 * is there already is left alone, so that a run that was stopped goes on where it was.
 *
 * @param images by the names that their upstreams know
 * @throws OtherAccountError before anything is imported, if the credentials are of another account
 */
export async function warm(
  port: EcrPort,
  registry: Registry,
  images: readonly string[],
  { perMinute = 60, report = () => undefined }: WarmOptions = {},
): Promise<WarmedImage[]> {
  await refuseOtherAccount(port, registry.accountId);
  const next = paced(MINUTE / perMinute);
  const wanted = [...new Set(images)].flatMap((image) => placesOf(image, registry));
  let done = 0;
  const failures = new Failures();
  const tryOne = async (place: ResolvedImage): Promise<Outcome> => {
    if (failures.isHopeless) return { outcome: "failed", reason: `not tried: ${failures.groups[0]!.reason}` };
    try {
      const outcome = await warmOne(port, place, next);
      failures.succeeded();
      return outcome;
    } catch (error) {
      failures.add(place.repository, error);
      return { outcome: "failed", reason: (error as Error).message };
    }
  };
  return inParallel(wanted, async ({ image, place, problems }) => {
    const warmed: WarmedImage =
      place === undefined
        ? { image, outcome: "failed", reason: problems }
        : { image, repository: place.repository, ...(await tryOne(place)) };
    report(warmed, ++done, wanted.length);
    return warmed;
  });
}

/** An image, and where it is to be or why it cannot be. */
interface Wanted {
  readonly image: string;
  readonly place?: ResolvedImage;
  readonly problems?: string;
}

type Outcome = Pick<WarmedImage, "outcome" | "reason">;

/** An image once for each cache that serves it; once with the reason where none does. */
function placesOf(image: string, registry: Registry): Wanted[] {
  const found = resolveImage(image, registry);
  if (!("diagnostics" in found)) return found.images.map((place) => ({ image, place }));
  return [{ image, problems: found.diagnostics.map(formatDiagnostic).join("; ") }];
}

async function warmOne(
  port: EcrPort,
  { repository, upstream }: ResolvedImage,
  next: () => Promise<void>,
): Promise<Outcome> {
  const { digest } = upstream;
  const tag = effectiveTag(upstream);
  if (digest !== undefined && (await port.findImage(repository, { imageDigest: digest })) !== undefined) {
    const tagged = tag === undefined ? digest : await port.findImage(repository, { imageTag: tag });
    if (tagged === digest) return { outcome: "there already" };
    return { outcome: "there already", reason: `by its digest; the tag ${tag!} is ${tagged ?? "not there"}` };
  }
  if (tag === undefined) return { outcome: "failed", reason: "ECR imports nothing by a digest alone: name its tag" };
  // A tag with another digest may be an old one, which ECR refreshes when it is asked.
  if (digest === undefined && (await port.findImage(repository, { imageTag: tag })) !== undefined) {
    return { outcome: "there already" };
  }
  await next();
  const imported = await port.importImage(repository, tag);
  if ("refusal" in imported) return { outcome: "failed", reason: imported.refusal };
  if (digest === undefined || imported.digest === digest) return { outcome: "imported" };
  return { outcome: "failed", reason: `the tag is ${imported.digest} now` };
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
