import { leaks, Recorded, RecordedHosts } from "./recorded-hosts";
import { ECR, IMAGES, SampleContent, SampleImage } from "./samples";
import { Verdicts } from "./verdicts";

/** A client as the matrix drives it. */
export interface PullClient {
  /** Its name and version. */
  readonly name: string;
  /** Whether the cache serves an image; the images that it does not serve have to come from their upstream. */
  readonly served: (image: SampleImage) => boolean;
  /** Pulls an image by the name that people write, and gives back the error message. */
  readonly pull: (name: string) => Promise<string | undefined>;
}

const CONTENT = new SampleContent();
/** The ways to name an image: what stands behind its repository, and what a request then names. */
const REFERENCES: readonly (readonly [suffix: string, requested: string])[] = [
  [":1.27", "1.27"],
  [`@${CONTENT.manifests[0]!.digest}`, CONTENT.manifests[0]!.digest],
  [":multi", "multi"],
];
const MISSING: typeof REFERENCES = [
  [":none", "none"],
  [`@sha256:${"0f".repeat(32)}`, `sha256:${"0f".repeat(32)}`],
];

/** Pulls each image in each way while the cache answers, lacks the image, and does not answer. */
export async function pullMatrix(verdicts: Verdicts, hosts: RecordedHosts, client: PullClient): Promise<void> {
  const check = (title: string, references: typeof REFERENCES, judge: typeof fromCache) =>
    pullEach(verdicts, hosts, client, title, references, judge);
  await check("cache up: from the cache alone", REFERENCES, fromCache);
  await check("image missing in the cache: fails, without the upstream", MISSING, missingInCache);
  await hosts.cacheDown();
  await check("cache down: fails, without the upstream", REFERENCES, cacheDown);
  await hosts.cacheUp();
}

async function pullEach(
  verdicts: Verdicts,
  hosts: RecordedHosts,
  client: PullClient,
  title: string,
  references: typeof REFERENCES,
  judge: typeof fromCache,
): Promise<void> {
  const problems: string[] = [];
  for (const image of IMAGES) {
    for (const [suffix, requested] of references) {
      hosts.take();
      const error = await client.pull(`${image.written}${suffix}`);
      const requests = hosts.take();
      const pull = { image, requested, error, requests };
      const judged = client.served(image) ? judge(pull) : fromUpstream(pull, references === MISSING);
      for (const problem of [...judged, ...leaks(requests)]) problems.push(`${image.written}${suffix}: ${problem}`);
    }
  }
  verdicts.judge(client.name, title, problems, IMAGES.length * references.length);
}

interface Pull {
  readonly image: SampleImage;
  readonly requested: string;
  readonly error: string | undefined;
  readonly requests: readonly Recorded[];
}

function fromCache(pull: Pull): string[] {
  const path = `/v2/${pull.image.repository}/manifests/${pull.requested}`;
  return [...succeeded(pull), ...answered(pull, ECR, path, 200), ...untouched(pull)];
}

function missingInCache(pull: Pull): string[] {
  const path = `/v2/${pull.image.repository}/manifests/${pull.requested}`;
  return [...failed(pull), ...answered(pull, ECR, path, 404), ...untouched(pull)];
}

function cacheDown(pull: Pull): string[] {
  return [...failed(pull), ...untouched(pull)];
}

/** An image that the client does not get from the cache is pulled as if there were none. */
function fromUpstream(pull: Pull, missing: boolean): string[] {
  const { requests, image, requested } = pull;
  const host = image.cache.upstreamHost === "docker.io" ? "registry-1.docker.io" : image.cache.upstreamHost;
  const path = `/v2/${image.upstreamRepository}/manifests/${requested}`;
  return [
    ...(missing ? failed(pull) : succeeded(pull)),
    ...answered(pull, host, path, missing ? 404 : 200),
    ...requests.filter((one) => one.host === ECR).map((one) => `asked the cache for ${one.path}`),
  ];
}

function succeeded({ error }: Pull): string[] {
  return error === undefined ? [] : [`failed: ${shorten(error)}`];
}

function failed({ error }: Pull): string[] {
  return error === undefined ? ["succeeded"] : [];
}

function answered({ requests, error }: Pull, host: string, path: string, status: number): string[] {
  if (requests.some((one) => one.host === host && one.path === path && one.status === status)) return [];
  const seen = requests.map((one) => `${one.method} ${one.host}${one.path} ${one.status}`).join(", ");
  return [`${host} did not answer ${status} for ${path}; ${seen || "no requests"}; ${shorten(error ?? "no error")}`];
}

function untouched({ requests }: Pull): string[] {
  return requests.filter(({ host }) => host !== ECR).map(({ host, path }) => `asked ${host} for ${path}`);
}

export function shorten(text: string): string {
  const line = text.trim().split("\n").at(-1)!;
  return line.length <= 300 ? line : `…${line.slice(-300)}`;
}
