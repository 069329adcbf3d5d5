import { EcrServer } from "./ecr-server";

/** What a call gave: ECR's answer, or the name of its refusal. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the server as an SDK does, without its retries. */
export async function call({ url }: EcrServer, action: string, input: object = {}): Promise<Answer> {
  const headers = { "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${action}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(input) });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** The name of a refusal, or "" for none. */
export async function refusal(server: EcrServer, action: string, input: object): Promise<string> {
  const { status, body } = await call(server, action, input);
  return status === 200 ? "" : String(body.__type);
}
