import { createServer } from "node:http";
import { listen } from "./listen";

/** A security token service that answers on 127.0.0.1. */
export interface StsServer {
  readonly url: string;
  /** The account that all credentials are of. */
  accountId: string;
  /** The actions that were called, each with what it said. */
  readonly calls: URLSearchParams[];
  close(): Promise<void>;
}

/** Starts the service on a free port. */
export async function startStsServer(accountId: string): Promise<StsServer> {
  const calls: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
      calls.push(call);
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(answer(call, sts.accountId));
    });
  });
  const sts: StsServer = { ...(await listen(server)), accountId, calls };
  return sts;
}

function answer(call: URLSearchParams, accountId: string): string {
  const action = call.get("Action") ?? "";
  const result =
    action === "AssumeRole"
      ? "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>" +
        "<SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
      : `<Account>${accountId}</Account><UserId>AIDA</UserId><Arn>arn:aws:iam::${accountId}:user/ops</Arn>`;
  const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";
  return `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`;
}
