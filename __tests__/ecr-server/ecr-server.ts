import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { ACTIONS } from "./ecr-actions";
import { EcrError, invalidParameter } from "./ecr-error";
import { ECR_MODEL } from "./ecr-model";
import { EcrRegistryState } from "./ecr-registry-state";
import { Faults, SECRET_NOT_FOUND } from "./faults";
import { listen } from "./listen";
import { answerManifest, manifestOf, refusal } from "./registry-api";
import { RequestInput } from "./request-input";

/** Whose registry to serve. */
export interface EcrServerOptions {
  readonly accountId: string;
  readonly region: string;
  /**
   * The time, in seconds since 1970.
   *
   * @default - the machine's
   */
  readonly now?: () => number;
  /**
   * Whether Secrets Manager has a secret with a value.
   *
   * @default - it has every one
   */
  readonly secretExists?: (secretArn: string) => Promise<boolean>;
}

/** A call that was made, in the order in which they came. */
export interface EcrCall {
  readonly action: string;
  readonly input: RequestInput;
  /** The name of the error that was answered, or `lost-answer`. */
  readonly failure?: string;
}

/** A registry that answers on 127.0.0.1. */
export interface EcrServer {
  readonly url: string;
  readonly state: EcrRegistryState;
  readonly calls: EcrCall[];
  readonly faults: Faults;
  /** The most calls that waited for their answers at once. */
  readonly mostInFlight: () => number;
  /** How many seconds the time in the answers is ahead of the machine's. */
  clockOffset: number;
  /**
   * Ends the server.
   *
   * @throws Error if an answer did not obey the service model
   */
  close(): Promise<void>;
}

const TARGET = /^AmazonEC2ContainerRegistry_V20150921\.(\w+)$/;
const CONTENT_TYPE = "application/x-amz-json-1.1";

/** Starts a registry on a free port. */
export async function startEcrServer(options: EcrServerOptions): Promise<EcrServer> {
  const { accountId, region, now = () => Date.now() / 1000, secretExists = () => Promise.resolve(true) } = options;
  const endpoint = () => url;
  const state = new EcrRegistryState({ accountId, region, now, endpoint });
  const calls: EcrCall[] = [];
  let url = "";
  const faults = new Faults();
  const violations = new Set<string>();

  const answer = async (action: string, input: RequestInput): Promise<object> => {
    const { credentialArn, registryId = accountId } = input;
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (run === undefined) throw new EcrError("UnknownOperationException", `There is no action ${action} here`);
    const [problem] = ECR_MODEL.request(action, input);
    if (problem !== undefined) throw invalidParameter(problem.split(" ")[0]!, problem);
    if (registryId !== accountId) throw new EcrError("AccessDeniedException", "The registry is another account's");
    if (typeof credentialArn === "string" && !(await secretExists(credentialArn))) throw SECRET_NOT_FOUND;
    return run(state, input);
  };

  /** A fault of the action `GetManifest` is an answer of the registry's HTTP API. */
  const serveManifest = (request: IncomingMessage, response: ServerResponse): void => {
    const input = { ...manifestOf(request.url!) };
    const fault = faults.next("GetManifest", input);
    if (fault === "lost-answer") {
      calls.push({ action: "GetManifest", input, failure: fault });
      request.socket.destroy();
      return;
    }
    const answered =
      fault instanceof EcrError
        ? refusal(fault.status, fault.name, fault.message)
        : answerManifest(state, request.url!, request.headers.authorization);
    calls.push({ action: "GetManifest", input, ...(answered.status !== 200 && { failure: String(answered.status) }) });
    response.writeHead(answered.status, answered.headers);
    response.end(answered.body);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = TARGET.exec(String(request.headers["x-amz-target"]))?.[1] ?? "";
    const input = JSON.parse((await readAll(request)) || "{}") as RequestInput;
    const fault = faults.next(action, input);
    if (faults.delay > 0) await setTimeout(faults.delay);
    const [status, body] = await (fault instanceof EcrError ? Promise.reject(fault) : answer(action, input)).then(
      (answered): [number, object] => [200, answered],
      (error: unknown): [number, object] => refusalOf(error),
    );
    const refused = (body as { __type?: string }).__type;
    const failure = fault === "lost-answer" ? fault : refused;
    if (status === 200) ECR_MODEL.response(action, clean(body)).forEach((one) => violations.add(one));
    // What a test injects is its own affair: a service can fail in any way. An answer that is lost was a real one.
    else if (!(fault instanceof EcrError) && Object.hasOwn(ACTIONS, action) && !ECR_MODEL.hasError(action, refused!)) {
      violations.add(`${action} has no error ${refused!}`);
    }
    calls.push({ action, input, ...(failure !== undefined && { failure }) });
    if (fault === "lost-answer") request.socket.destroy();
    else send(response, status, body);
  };

  let inFlight = 0;
  let mostInFlight = 0;
  const server = createServer((request, response) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    response.setHeader("date", new Date(Date.now() + ecr.clockOffset * 1000).toUTCString());
    response.on("close", () => inFlight--);
    if (manifestOf(request.url ?? "") !== undefined) {
      serveManifest(request, response);
      return;
    }
    serve(request, response).catch(() => request.socket.destroy());
  });
  const listening = await listen(server);
  url = listening.url;
  const close = async () => {
    await listening.close();
    if (violations.size > 0) throw new Error(`answers do not obey the service model:\n${[...violations].join("\n")}`);
  };
  const ecr: EcrServer = { url, state, calls, faults, mostInFlight: () => mostInFlight, clockOffset: 0, close };
  return ecr;
}

function refusalOf(error: unknown): [number, object] {
  const { status, name, message } =
    error instanceof EcrError ? error : new EcrError("ServerException", String(error), 500);
  return [status, { __type: name, message }];
}

/** What is undefined is not sent. */
function clean(body: object): unknown {
  return JSON.parse(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": CONTENT_TYPE });
  response.end(JSON.stringify(body));
}
