import { once } from "node:events";
import { IncomingMessage, request as httpRequest, ServerResponse } from "node:http";
import { createServer, Server } from "node:https";
import { ECR, TOKEN } from "./samples";

/** A request that a host received. */
export interface Recorded {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** All that could carry a credential: the address, the headers and the body. */
  readonly text: string;
  status: number;
}

/** The key and certificate that all hosts answer with. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

const BASIC = `Basic ${Buffer.from(`AWS:${TOKEN}`).toString("base64")}`;
/** Where the registry with the cache answers; all other hosts answer at `UPSTREAM_ADDRESS`. */
export const ECR_ADDRESS = "127.0.0.2";
export const UPSTREAM_ADDRESS = "127.0.0.3";

/**
 * Hosts that record what they receive. The registry with the cache authenticates as ECR does. The upstreams hand out a
 * token to everybody, as public registries do. The images are in a registry behind them.
 */
export class RecordedHosts {
  private readonly requests: Recorded[] = [];
  private readonly upstreams: Server;
  private cache: Server | undefined;
  private received = 0;
  private readonly leaked: string[] = [];

  constructor(
    private readonly identity: Identity,
    private readonly registryPort: number,
  ) {
    this.upstreams = this.server();
  }

  public async start(): Promise<void> {
    await listen(this.upstreams, UPSTREAM_ADDRESS);
    await this.cacheUp();
  }

  public async cacheUp(): Promise<void> {
    this.cache ??= await listen(this.server(), ECR_ADDRESS);
  }

  /** From now on connections to the registry with the cache are refused. */
  public async cacheDown(): Promise<void> {
    const server = this.cache;
    this.cache = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  /** What the hosts have received since the last call. */
  public take(): Recorded[] {
    return this.requests.splice(0);
  }

  /** How many requests were received so far, and which of them showed the token to another host than its own. */
  public get everReceived(): { readonly requests: number; readonly leaks: readonly string[] } {
    return { requests: this.received, leaks: this.leaked };
  }

  /** Forgets the leaks so far, after a check that has provoked one. */
  public forgetLeaks(): void {
    this.leaked.splice(0);
  }

  private server(): Server {
    return createServer(this.identity, (request, response) => {
      void this.answer(request, response);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? "").replace(/:443$/, "");
    const [path = ""] = (request.url ?? "").split("?");
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const text = [request.url, ...request.rawHeaders, Buffer.concat(body).toString()].join("\n");
    const recorded: Recorded = { host, method: request.method ?? "", path, text, status: 0 };
    this.requests.push(recorded);
    this.received++;
    this.leaked.push(...leaks([recorded]));
    response.once("finish", () => (recorded.status = response.statusCode));
    if (host === ECR) this.answerAsEcr(request, response, path);
    else answerAsUpstream(request, response, { host, path }, this.registryPort);
  }

  private answerAsEcr(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.headers.authorization === BASIC) {
      forward(request, response, path, this.registryPort);
      return;
    }
    response.writeHead(401, { "www-authenticate": `Basic realm="https://${ECR}/",service="ecr.amazonaws.com"` });
    response.end();
  }
}

/** The hosts that received the token of the registry with the cache and are not that registry. */
export function leaks(requests: readonly Recorded[]): string[] {
  return requests
    .filter((one) => one.host !== ECR && showsToken(one))
    .map(({ host, path }) => `showed the token of ${ECR} to ${host} at ${path}`);
}

/** Whether a request contains the token, as text or in base64. */
function showsToken({ text }: Recorded): boolean {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/=_-]{16,}/g)].map(([part]) => Buffer.from(part, "base64").toString());
  return [text, ...decoded].some((one) => one.includes(TOKEN));
}

async function listen(server: Server, address: string): Promise<Server> {
  server.listen(443, address);
  await once(server, "listening");
  return server;
}

interface Target {
  readonly host: string;
  readonly path: string;
}

/** Docker Hub has its tokens on a host of their own. */
function answerAsUpstream(request: IncomingMessage, response: ServerResponse, target: Target, port: number): void {
  const { host, path } = target;
  if (path === "/token") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ token: "for-everybody", access_token: "for-everybody" }));
    return;
  }
  if (request.headers.authorization !== "Bearer for-everybody") {
    const tokens = host.endsWith("docker.io") ? "auth.docker.io" : host;
    response.writeHead(401, { "www-authenticate": `Bearer realm="https://${tokens}/token",service="${host}"` });
    response.end();
    return;
  }
  const upstream = host.endsWith("docker.io") ? "docker.io" : host;
  forward(request, response, path.replace(/^\/v2\/(?=.)/, `/v2/upstream/${upstream}/`), port);
}

function forward(request: IncomingMessage, response: ServerResponse, path: string, port: number): void {
  const { accept } = request.headers;
  const headers = accept === undefined ? {} : { accept };
  const onward = httpRequest({ port, path, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once("error", () => response.destroy());
  onward.end();
}
