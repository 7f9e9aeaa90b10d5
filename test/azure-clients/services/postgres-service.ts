// https://www.postgresql.org/docs/current/protocol-message-formats.html
import { type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { VerifyToken } from "@appservice-msi/example-protected-api";
import type { JWTPayload } from "jose";
import type { Platform } from "../platform.ts";
import { Bytes } from "./bytes.ts";
import { type SocketService, startSocketService } from "./socket-service.ts";

/** Starts a PostgreSQL that takes a token for a password, over TLS only, and answers every query with the user's name. */
export function startPostgresService(platform: Platform, verify: VerifyToken): Promise<SocketService> {
  return startSocketService(async (socket, admit) => {
    const secure = await startTls(socket, platform);
    const bytes = new Bytes(secure);
    const user = await readUser(bytes);
    secure.write(message("R", int32(passwordInClear)));
    const caller = await verify(text((await readMessage(bytes))?.body)).catch((error: Error) => error);
    if (caller instanceof Error) {
      secure.end(message("E", fields({ S: "FATAL", V: "FATAL", C: "28P01", M: `No token: ${caller.message}` })));
      return;
    }
    admit(caller satisfies JWTPayload);
    secure.write(Buffer.concat([message("R", int32(0)), ready]));
    await answerQueries(bytes, secure, user);
  });
}

const sslRequest = 80_877_103;
const passwordInClear = 3;

async function startTls(socket: Socket, { certificate: { key, certificate: cert } }: Platform): Promise<TLSSocket> {
  const request = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  if (request.readInt32BE(4) !== sslRequest) {
    throw new Error("A token must not go over an open line.");
  }
  const secure = new TLSSocket(socket, { isServer: true, key, cert });
  secure.on("error", () => secure.destroy());
  socket.write("S");
  return secure;
}

async function readUser(bytes: Bytes): Promise<string> {
  const length = (await bytes.take(4))?.readInt32BE() ?? 0;
  const [, user = ""] = /\0user\0([^\0]*)\0/.exec(`\0${(await bytes.take(length - 4))?.subarray(4).toString()}`) ?? [];
  return user;
}

async function readMessage(bytes: Bytes): Promise<{ type: string; body: Buffer } | undefined> {
  const head = await bytes.take(5);
  const body = head && (await bytes.take(head.readInt32BE(1) - 4));
  return body && { type: String.fromCodePoint(head[0] ?? 0), body };
}

async function answerQueries(bytes: Bytes, socket: TLSSocket, user: string): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const query = await readMessage(bytes);
    if (query?.type !== "Q") {
      return;
    }
    const column = Buffer.concat([
      cstring("current_user"),
      int32(0),
      int16(0),
      int32(25),
      int16(-1),
      int32(-1),
      int16(0),
    ]);
    const value = Buffer.from(user);
    const rows = [
      message("T", int16(1), column),
      message("D", int16(1), int32(value.length), value),
      message("C", cstring("SELECT 1")),
    ];
    socket.write(Buffer.concat([...rows, ready]));
  }
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function fields(values: Record<string, string>): Buffer {
  const each = Object.entries(values).map(([code, value]) => Buffer.concat([Buffer.from(code), cstring(value)]));
  return Buffer.concat([...each, Buffer.alloc(1)]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function cstring(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function text(body: Buffer | undefined): string {
  return body?.toString().replace(/\0$/, "") ?? "";
}

const ready = message("Z", Buffer.from("I"));
