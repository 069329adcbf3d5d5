import { createServer, request, Server } from "node:http";
import { AddressInfo } from "node:net";

/** Hands each call on to moto, and keeps which action of which service it is, as IAM names it. */
export class Recorder {
  /** The actions in the order of their calls: `iam:GetRole`. */
  public readonly actions: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  public static async start(target: string): Promise<Recorder> {
    const server = createServer();
    const recorder = new Recorder(server, target);
    recorder.answer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return recorder;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private answer(): void {
    this.server.on("request", (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const { authorization = "", "x-amz-target": target } = incoming.headers;
        const action = typeof target === "string" ? target.split(".").at(-1) : actionOf(body.toString());
        this.actions.push(`${serviceOf(authorization)}:${action}`);
        const { method, headers } = incoming;
        const onward = request(new URL(incoming.url!, this.target), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        onward.on("error", () => outgoing.destroy());
        onward.end(body);
      });
    });
  }
}

/** Services that answer in XML are asked by a form. */
function actionOf(body: string): string | undefined {
  return new URLSearchParams(body).get("Action") ?? undefined;
}

/** A signature is made for one service: `Credential=…/20260101/us-east-1/iam/aws4_request`. */
function serviceOf(authorization: string): string | undefined {
  return /Credential=[^,]*\/([a-z]+)\/aws4_request/.exec(authorization)?.[1];
}
