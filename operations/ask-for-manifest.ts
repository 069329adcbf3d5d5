import { ImportOutcome } from "./ecr-port";

/** ECR answers the first request for an image once its upstream has answered. */
const PATIENCE = 60_000;
const LONGEST_WAIT = 20_000;

/**
 * Asks a registry for a manifest, again and again while it is busy, fails or cannot be reached. The SDK knows the API of
 * ECR, not that of registries: its retries are made here.
 */
export async function askForManifest(
  url: string,
  headers: Readonly<Record<string, string>>,
  attempts: number,
): Promise<ImportOutcome> {
  for (let attempt = 1; ; attempt++) {
    const { outcome, isFinal } = await askOnce(url, headers);
    if (isFinal || attempt === attempts) return outcome;
    await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT, 100 * 2 ** attempt) * Math.random()));
  }
}

async function askOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly outcome: ImportOutcome; readonly isFinal: boolean }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
    const isFinal = response.status !== 429 && response.status < 500;
    if (!response.ok) return { outcome: { refusal: await refusalOf(response) }, isFinal };
    return { outcome: { digest: response.headers.get("docker-content-digest") ?? "" }, isFinal };
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: Error };
    // "fetch failed" says nothing without what is behind it.
    return { outcome: { refusal: cause === undefined ? message : `${message}: ${cause.message}` }, isFinal: false };
  }
}

async function refusalOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code: string; message: string }[] };
    return errors.map(({ code, message }) => `${code}: ${message}`).join("; ");
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}
