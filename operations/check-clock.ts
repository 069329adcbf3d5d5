import { EcrPort } from "./ecr-port";

/** The machine's clock is wrong: an age that is computed from it would be, too. */
export class ClockError extends Error {
  /** Names both times. */
  constructor(aws: Date, local: Date) {
    super(
      `the clock of this machine differs by more than five minutes from that of AWS: ${local.toISOString()} here, ` +
        `${aws.toISOString()} at AWS; nothing was done; set the clock`,
    );
    this.name = "ClockError";
  }
}

const FIVE_MINUTES = 5 * 60 * 1000;

/**
 * The time according to AWS.
 *
 * @throws ClockError if the clock of this machine differs by more than five minutes
 */
export async function timeOfAws(port: Pick<EcrPort, "clock">): Promise<Date> {
  const { aws, local } = await port.clock();
  if (Math.abs(aws.getTime() - local.getTime()) > FIVE_MINUTES) throw new ClockError(aws, local);
  return aws;
}
