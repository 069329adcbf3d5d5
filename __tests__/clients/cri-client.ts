import { connect, IncomingHttpHeaders } from "node:http2";
import { createConnection } from "node:net";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

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
  const message = field(1, field(1, image).finish());
  if (auth !== undefined) field(2, field(1, auth.username, field(2, auth.password)).finish(), message);
  return call(socket, "/runtime.v1.ImageService/PullImage", message.finish()).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

/** A writer to which a field with a text or a message is added. */
function field(number: number, value: string | Uint8Array, writer = new BinaryWriter()): BinaryWriter {
  writer.tag(number, WireType.LengthDelimited);
  return typeof value === "string" ? writer.string(value) : writer.bytes(value);
}

/** Whether the runtime answers. */
export async function isReady(socket: string): Promise<boolean> {
  return call(socket, "/runtime.v1.ImageService/ListImages", new Uint8Array()).then(
    () => true,
    () => false,
  );
}

/** A unary call of gRPC. */
async function call(socket: string, method: string, message: Uint8Array): Promise<void> {
  const session = connect("http://localhost", { createConnection: () => connectUnix(socket) });
  try {
    await new Promise<void>((resolve, reject) => {
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
      let status: string | undefined;
      let text = "";
      const read = (headers: IncomingHttpHeaders) => {
        status = headers["grpc-status"]?.toString() ?? status;
        text = decodeURIComponent(headers["grpc-message"]?.toString() ?? text);
      };
      stream.on("response", read);
      stream.on("trailers", read);
      stream.resume();
      stream.once("error", reject);
      stream.once("end", () => {
        if (status === "0") resolve();
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
