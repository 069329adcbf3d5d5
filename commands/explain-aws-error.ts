const SIGN_IN = "run `aws sso login`, set AWS_PROFILE, or pass --profile";
const NO_CREDENTIALS = ["CredentialsProviderError", "TokenProviderError"];
const EXPIRED = ["ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"];
const UNREACHABLE = [
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
];
const PROXY =
  "check the network; behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1 (Node.js 22.21 or 24.5 and newer)";

/**
 * A sentence that tells what to do about an error of the AWS SDK; `undefined` for an error of another kind.
 *
 * @internal
 */
export function explainAwsError(error: Error): string | undefined {
  const message = firstLine(error.message);
  const { code, hostname, address } = error as { code?: string; hostname?: string; address?: string };
  if (NO_CREDENTIALS.includes(error.name)) return `${message}; ${SIGN_IN}`;
  if (EXPIRED.includes(error.name)) return `the AWS credentials have expired or are not valid (${message}); ${SIGN_IN}`;
  if (error.name === "TimeoutError" || (code !== undefined && UNREACHABLE.includes(code))) {
    const where = hostname ?? address;
    return `AWS cannot be reached${where === undefined ? "" : ` at ${where}`} (${message}); ${PROXY}`;
  }
  if (!("$metadata" in error)) return undefined;
  // What is between here and AWS answers with something that the SDK cannot read.
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  if (/^Unknown(?:Error)?$/.test(message))
    return `the answer is not one of AWS (HTTP ${httpStatusCode ?? "?"}); ${PROXY}`;
  return message;
}

function firstLine(message: string): string {
  return message.split("\n")[0]!.trim().replace(/\.$/, "");
}
