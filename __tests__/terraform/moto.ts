import { createServer } from "node:net";
import { AddressInfo } from "node:net";
import { ChildProcess } from "node:child_process";
import { ChildProcesses } from "./child-processes";
import { machineEnvironment } from "./terraform";

/** Credentials of an account in moto. */
export interface Credentials {
  readonly access_key: string;
  readonly secret_key: string;
  readonly token: string;
}

const LONGEST_START_MS = 30_000;

/** Whether moto is installed; what is missing, if it is not. */
export async function motoIsMissing(children: ChildProcesses, cwd: string): Promise<string | undefined> {
  const { status } = await children.run("python3", ["-c", "import moto.server"], { cwd, env: machineEnvironment() });
  return status === 0 ? undefined : "moto is not installed for python3 (pip install 'moto[server]')";
}

/** IAM, STS, KMS and Secrets Manager of any account, on 127.0.0.1. */
export class Moto {
  private constructor(
    public readonly url: string,
    private readonly child: ChildProcess,
    private readonly children: ChildProcesses,
  ) {}

  public static async start(children: ChildProcesses, cwd: string): Promise<Moto> {
    const port = await freePort();
    const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
    const child = children.start("python3", args, { cwd, env: machineEnvironment() });
    child.stdout!.resume();
    child.stderr!.resume();
    const moto = new Moto(`http://127.0.0.1:${port}`, child, children);
    await moto.untilReady();
    return moto;
  }

  public end(): void {
    this.children.end(this.child);
  }

  /** Forgets everything that was created. */
  public async reset(): Promise<void> {
    await fetch(`${this.url}/moto-api/reset`, { method: "POST" });
  }

  /** Credentials with which one is in an account. */
  public async credentials(accountId: string): Promise<Credentials> {
    const RoleArn = `arn:aws:iam::${accountId}:role/Caller`;
    const answer = await this.query("sts", "AssumeRole", { RoleArn, RoleSessionName: "checks", Version: "2011-06-15" });
    const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)![1]!;
    return { access_key: field("AccessKeyId"), secret_key: field("SecretAccessKey"), token: field("SessionToken") };
  }

  /** Calls an action of a service that answers in XML. */
  public async query(service: string, action: string, input: Record<string, string>, key = "x"): Promise<string> {
    const body = new URLSearchParams({ Action: action, ...input });
    const response = await fetch(this.url, { method: "POST", headers: authorization(service, "us-east-1", key), body });
    if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
    return response.text();
  }

  /** Calls an action of a service that answers in JSON. */
  public async json(target: JsonTarget, action: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const headers = {
      ...authorization(target.service, target.region, target.credentials.access_key),
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${target.service === "kms" ? "TrentService" : target.service}.${action}`,
    };
    const response = await fetch(this.url, { method: "POST", headers, body: JSON.stringify(input) });
    const body = await response.text();
    if (!response.ok) throw new Error(`${action}: ${body}`);
    return JSON.parse(body || "{}") as Record<string, unknown>;
  }

  private async untilReady(): Promise<void> {
    const end = Date.now() + LONGEST_START_MS;
    while (Date.now() < end) {
      const response = await fetch(`${this.url}/moto-api/data.json`).catch(() => undefined);
      if (response?.ok) return;
      if (this.child.exitCode !== null) throw new Error("moto ended at its start");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("moto did not start");
  }
}

/** A service that answers in JSON, and where and as whom to call it. */
export interface JsonTarget {
  readonly service: "kms" | "secretsmanager";
  readonly region: string;
  readonly credentials: Credentials;
}

/** moto reads from it whose account and which region is meant, and checks no signature. */
function authorization(service: string, region: string, key: string): Record<string, string> {
  const scope = `Credential=${key}/20260101/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=x` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
