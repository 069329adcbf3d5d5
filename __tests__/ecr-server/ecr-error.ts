/** A refusal in the form in which ECR gives it: a name that SDKs turn into a type, and a message. */
export class EcrError extends Error {
  constructor(
    public override readonly name: string,
    message: string,
    public readonly status = 400,
  ) {
    super(message);
  }
}

/** What ECR says of a parameter that breaks a constraint of its API model. */
export function invalidParameter(parameter: string, constraint: string): EcrError {
  const message = `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`;
  return new EcrError("InvalidParameterException", message);
}
