import { ImportOutcome } from "./ecr-port";
import { backOff } from "./retry-strategy";

/** ECR answers the first request for an image once its upstream has answered. */
const PATIENCE = 60_000;

/** The outcome of a request for a manifest, and whether it failed because the login is not valid any more. */
export type ManifestAnswer = ImportOutcome & {
  /** Whether another login can help. */
  readonly isLoggedOut: boolean;
};

/**
 * Asks a registry for a manifest, again and again while it is busy, fails or cannot be reached. The SDK knows the API of
 * ECR, not that of registries: its retries are made here.
 *
 * @param delay the wait before each retry
 */
export async function askForManifest(
  url: string,
  headers: Readonly<Record<string, string>>,
  attempts: number,
  delay = backOff,
): Promise<ManifestAnswer> {
  for (let attempt = 1; ; attempt++) {
    const { outcome, isFinal } = await askOnce(url, headers);
    if (isFinal || attempt === attempts) return outcome;
    await new Promise((resolve) => setTimeout(resolve, delay(attempt)));
  }
}

async function askOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly outcome: ManifestAnswer; readonly isFinal: boolean }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
    const isFinal = response.status !== 429 && response.status < 500;
    const isLoggedOut = response.status === 401;
    if (!response.ok) return { outcome: { refusal: await refusalOf(response), isLoggedOut }, isFinal };
    return { outcome: { digest: response.headers.get("docker-content-digest") ?? "", isLoggedOut }, isFinal };
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: Error };
    // "fetch failed" says nothing without what is behind it.
    const refusal = cause === undefined ? message : `${message}: ${cause.message}`;
    return { outcome: { refusal, isLoggedOut: false }, isFinal: false };
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
