/** Whose registry the server is, and what time it is there. */
export interface RegistryIdentity {
  readonly accountId: string;
  readonly region: string;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Where the registry answers container runtimes. */
  readonly endpoint: () => string;
}
