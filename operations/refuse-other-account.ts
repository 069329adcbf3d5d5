import { EcrPort } from "./ecr-port";

/** Credentials of another account than the environment's: nothing was read or changed. */
export class OtherAccountError extends Error {
  /** Tells both accounts. */
  constructor(expected: string, actual: string) {
    super(`the credentials are of account ${actual}, but the environment is in ${expected}: nothing was done`);
    this.name = "OtherAccountError";
  }
}

/**
 * Asks whose credentials are used, before anything else.
 *
 * @throws OtherAccountError if they are of another account
 */
export async function refuseOtherAccount(port: EcrPort, accountId: string): Promise<void> {
  const account = await port.callerAccount();
  if (account !== accountId) throw new OtherAccountError(accountId, account);
}
