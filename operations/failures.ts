/** Failures of one reason. */
export interface FailureGroup {
  /** The reason, without the name of the repository. */
  readonly reason: string;
  /** How many repositories failed for it. */
  readonly count: number;
  /** The first of them by name. */
  readonly example: string;
}

/** With credentials like these no call succeeds. */
const USELESS_CREDENTIALS = [
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "TokenProviderError",
  "UnrecognizedClientException",
];
const DENIED = ["AccessDenied", "AccessDeniedException", "UnauthorizedException"];
/** After so many denied repositories, none of which could be dealt with, the others would be denied as well. */
const DENIED_AT_MOST = 5;

/** Whether the caller is not allowed to make the call that failed. */
export function isDenied(error: unknown): boolean {
  return DENIED.includes((error as Error).name);
}

/** Whether the credentials are expired, unknown or missing. */
export function hasUselessCredentials(error: unknown): boolean {
  return USELESS_CREDENTIALS.includes((error as Error).name);
}

/** The failures of a run over many repositories, and whether there is any use in going on. */
export class Failures {
  private readonly failed: { readonly repository: string; readonly reason: string }[] = [];
  private denied = 0;
  private hasSucceeded = false;
  private isUseless = false;

  /** Records that something could be done. */
  public succeeded(): void {
    this.hasSucceeded = true;
  }

  /** Records that a repository failed. */
  public add(repository: string, error: unknown): void {
    if (isDenied(error)) this.denied += 1;
    if (hasUselessCredentials(error)) this.isUseless = true;
    this.failed.push({ repository, reason: reasonOf(error, repository) });
  }

  /** Whether the other repositories would fail for the same reason. */
  public get isHopeless(): boolean {
    return this.isUseless || (this.denied >= DENIED_AT_MOST && !this.hasSucceeded);
  }

  /** The failures by their reasons, the most frequent first. */
  public get groups(): FailureGroup[] {
    const byReason = new Map<string, string[]>();
    for (const { repository, reason } of this.failed) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), repository]);
    }
    const groups = [...byReason].map(([reason, names]) => {
      return { reason, count: names.length, example: [...names].sort()[0]! };
    });
    return groups.sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
  }
}

const REPOSITORY_ARN = /\barn:aws[a-z-]{0,20}:ecr:[\w-]{0,30}:\d{0,12}:repository\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)/g;

/** The message of an error, without what differs between repositories. */
export function reasonOf(error: unknown, repository: string): string {
  const { name, message } = error as Error;
  const general = message
    .replaceAll(REPOSITORY_ARN, (arn: string, name: string) => (name === repository ? "the repository" : arn))
    .replaceAll(`'${repository}'`, "the repository");
  return hasUselessCredentials(error) && name !== "CredentialsProviderError" ? `${name}: ${general}` : general;
}
