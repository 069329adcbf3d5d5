import { connect } from "node:http2";
import { createConnection } from "node:net";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";

/** The credentials that the kubelet hands over with a request to pull. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Asks a container runtime to pull an image as the kubelet does: by `PullImage` of the Container Runtime Interface.
 * Returns the error message, or `undefined`.
 *
 * @see https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto
 */
export async function pullByCri(socket: string, image: string, auth?: Credentials): Promise<string | undefined> {
  const message = new BinaryWriter().tag(1, 2).bytes(new BinaryWriter().tag(1, 2).string(image).finish());
  if (auth !== undefined) {
    const { username, password } = auth;
    message.tag(2, 2).bytes(new BinaryWriter().tag(1, 2).string(username).tag(2, 2).string(password).finish());
  }
  return call(socket, "/runtime.v1.ImageService/PullImage", message.finish()).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

/** Whether the runtime answers. */
export async function isReady(socket: string): Promise<boolean> {
  return call(socket, "/runtime.v1.ImageService/ListImages", new Uint8Array()).then(
    () => true,
    () => false,
  );
}

/** A unary call of gRPC. */
async function call(socket: string, method: string, message: Uint8Array): Promise<BinaryReader> {
  const session = connect("http://localhost", { createConnection: () => connectUnix(socket) });
  try {
    return await new Promise((resolve, reject) => {
      session.once("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": method,
        "content-type": "application/grpc",
        te: "trailers",
      });
      stream.setTimeout(60_000, () => {
        reject(new Error("no answer in 60 seconds"));
      });
      const chunks: Buffer[] = [];
      let status: string | undefined;
      let text = "";
      const read = (headers: Record<string, unknown>) => {
        if (headers["grpc-status"] === undefined) return;
        status = String(headers["grpc-status"]);
        text = decodeURIComponent(String(headers["grpc-message"] ?? ""));
      };
      stream.on("response", read);
      stream.on("trailers", read);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("error", reject);
      stream.once("end", () => {
        if (status === "0") resolve(new BinaryReader(Buffer.concat(chunks).subarray(5)));
        else reject(new Error(text === "" ? `gRPC status ${status}` : text));
      });
      const length = Buffer.alloc(5);
      length.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([length, message]));
    });
  } finally {
    session.close();
  }
}

function connectUnix(path: string) {
  return createConnection({ path });
}
